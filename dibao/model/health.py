"""How a source is doing."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dibao.model.hubs import Lease
from dibao.model.keeping import Headline
from dibao.model.vitals import Harvest, Pulse
from dibao.model.watching import Gap, Hold, Source, Visit


class Level(StrEnum):
    """How a source is doing."""

    GOOD = "good"
    WATCH = "watch"  # it may mend by itself
    BAD = "bad"  # it needs somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is to be said of a source."""

    level: Level  # good: worth knowing, no trouble
    kind: str  # its class: "http-404", "silent", "gap", …
    says: str  # a sentence
    since: datetime | None = None
    advice: str = ""  # what to do, where there is something


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is doing."""

    level: Level
    findings: tuple[Finding, ...] = ()  # the worst first


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many articles and further parts of a source there are."""

    articles: int = 0
    waiting: int = 0  # for their page
    failing: int = 0
    parts: int = 0
    left_out: int = 0  # entries that are older than its `since`


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """All that a source's health is judged by."""

    source: Source
    poll: Visit | None = None  # of its feed
    last_ok: datetime | None = None  # when it last answered with something that could be read
    counts: Counts = field(default_factory=Counts)
    pulse: Pulse = field(default_factory=Pulse)
    harvest: Harvest = field(default_factory=Harvest)
    gaps: tuple[Gap, ...] = ()  # that are open
    hold: Hold | None = None  # of its host
    lease: Lease | None = None  # with the hub that is to push its news
    notes: tuple[str, ...] = ()  # what else its answers held, what was mended, which parts can't be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How an archive and all its sources are doing."""

    archive: str
    at: datetime
    totals: dict[str, int]
    levels: dict[Level, int]  # how many sources are at each
    sources: tuple[tuple[Signs, Health], ...]  # all, or of many only those in trouble
    idle_since: datetime | None = None  # when a source was asked last, where nobody runs the archive
    watched: bool = False  # a watch is running
    offline: int = 0  # sources that could not be asked when they fell due, since this machine seemed offline
    holds: tuple[Hold, ...] = ()
    partial: tuple[tuple[Headline, str], ...] = ()  # articles kept as excerpts, with the reason for each

    @property
    def size(self) -> int:
        """Return how many sources there are."""
        return sum(self.levels.values())
