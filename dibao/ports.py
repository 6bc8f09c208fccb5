"""The seams: what each room promises, whoever keeps the promise."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dibao.model import (
    Capture,
    Gap,
    Harvest,
    Headline,
    Hold,
    Kept,
    Lease,
    Letter,
    Outcome,
    Picture,
    Pulse,
    Reading,
    Revision,
    Rules,
    Source,
    Visit,
)

Answer = tuple[Visit, Capture, Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One published file: a path below its target, with ``/`` between parts, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of an answer, read in the transaction that settles it."""

    source: Source
    identities: Mapping[str, str]  # identity -> article key, for those the answer names
    visits: Mapping[str, Visit]  # article key -> the visit that looks after it
    revisions: Mapping[str, Revision]  # article key -> its latest revision
    headlines: Mapping[str, Headline]  # article key -> its line
    parts: Mapping[str, Visit] = field(default_factory=dict)  # of the parts an index names: address -> visit
    pictures: Mapping[str, Picture] = field(default_factory=dict)  # of a picture's article: by address
    hold: Hold | None = None  # of the host that answered, also one that has run out
    pulse: Pulse | None = None  # of the source, for a poll; None: it stays as it is
    harvest: Harvest = field(default_factory=Harvest)  # of the source, for a first look
    filling: Visit | None = None  # what looks for what the gaps of the source hide
    gaps: tuple[Gap, ...] = ()  # of the source: those that are looked for, the earliest first
    parts_asked: int = 0  # parts of the source that were asked in this poll, or wait for it
    lease: Lease | None = None  # of a feed: its standing with the hub that it named last


Judge = Callable[[Visit, Capture, Reading, Known, datetime], Outcome]


class Clock(Protocol):
    """Time, so that a day can pass in a second."""

    def now(self) -> datetime:
        """Return the present as aware UTC."""

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""


class Fetcher(Protocol):
    """Asks the network; a failure is a Capture, never an exception."""

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        """Yield an answer for every visit, as they arrive; visits are taken only as there is room."""


class RulesShelf(Protocol):
    """Remembers what the robots.txt of each site said."""

    def rules(self, origin: str) -> Rules | None:
        """Return what is known of a site, or None."""

    def keep_rules(self, rules: Rules) -> None:
        """Keep what is known of a site now."""


class Telling(Protocol):
    """Posts letters to hubs."""

    def over(self, things: Iterable[Letter]) -> Iterator[tuple[Letter, Capture]]:
        """Yield the answer to every letter, as they arrive."""

    def close(self) -> None:
        """Give up what is under way."""


class Network(Fetcher, Protocol):
    """A fetcher that also talks to hubs, each host in its turn as ever."""

    def telling(self) -> AbstractContextManager[Telling]:
        """Return what posts letters until a block ends."""


class WalkedArchive(Protocol):
    """What the walk needs of an archive."""

    def due(
        self, now: datetime, *, claimed: Collection[int], busy: Collection[str], only: int | None, limit: int
    ) -> list[Visit]:
        """Return visits that are due, the longest waiting first, none claimed and none on a busy host."""

    def next_due(self, only: int | None = None) -> datetime | None:
        """Return when the next visit falls due, or None when nothing ever does."""

    def unsettled(self) -> Iterator[tuple[Visit, Capture]]:
        """Yield what a killed run wrote down but never settled."""

    def recovered(self) -> None:
        """Note that all that was unsettled is settled now."""

    def settle(self, answers: Sequence[Answer], judge: Judge, now: datetime) -> list[Outcome]:
        """Judge answers and keep all they change in one transaction; return what was kept."""


class ConsumedArchive(Protocol):
    """What those who follow the change log need of an archive."""

    def changes(self, after: int) -> list[tuple[int, str, int, str]]:
        """Return (seq, key, number, kind) of every revision kept after a seq, in order."""

    def consumer(self, name: str) -> tuple[int, str]:
        """Return how far a consumer has read the changes, and the state it left itself."""

    def latest_change(self) -> int:
        """Return the seq of the latest change, 0 where there is none."""

    def consumed(self, name: str, seq: int, state: str = "", *, found: str | None = None) -> None:
        """Note how far a consumer has come; its state stays where it is no more the one it `found`."""


class Library(Protocol):
    """What publishers read."""

    def headlines(self) -> list[Headline]:
        """Return a line for every article, the oldest first."""

    def keys(self) -> list[str]:
        """Return the key of every article, the oldest first."""

    def arrivals(self) -> list[tuple[int, str]]:
        """Return the key of every article in the order of keeping, each with its place in the change log."""

    def kept(self, keys: Iterable[str]) -> Iterator[Kept]:
        """Yield articles with their whole history, one at a time."""


class Target(Protocol):
    """Puts pages where readers find them."""

    def write(self, pages: Iterable[Page]) -> int:
        """Write what changed, each file atomically, and return how many files did."""


class PrunedTarget(Target, Protocol):
    """A target from which pages also go away."""

    def paths(self) -> Collection[str]:
        """Return the paths that we wrote."""

    def prune(self, keep: Collection[str]) -> int:
        """Delete files of ours that no longer belong, and return how many."""

    def flush(self) -> None:
        """Make all that was written durable."""
