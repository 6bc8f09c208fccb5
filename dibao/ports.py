"""The seams: what each room promises, whoever keeps the promise."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dibao.model import Capture, Entry, Outcome, Reading, Revision, Source, Visit

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
    revisions: dict[str, Revision]  # latest revision by article key
    identities: dict[str, str]  # identity -> article key
    visits: dict[str, Visit]  # identity -> the article visit already arranged for it


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


class Target(Protocol):
    """Puts pages where readers find them."""

    def write(self, pages: Iterable[Page]) -> int:
        """Write what changed, each file atomically, and return how many files did."""
