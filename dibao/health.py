"""How an archive and all its sources are doing: facts from the archive, judged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dibao import urls
from dibao.archive.folder import WATCH, is_taken
from dibao.decide.health import health
from dibao.model import (
    KEPT_PAGES,
    Counts,
    Gap,
    Harvest,
    Health,
    Level,
    Signs,
    Source,
    State,
    Survey,
    Trouble,
    Visit,
)
from dibao.wiring import Opened

IDLE = timedelta(days=2)  # by which a poll is overdue where nobody runs the archive
Judged = tuple[Signs, Health]


def survey(
    it: Opened, *, excerpts: int | None = None, only: Source | None = None, few: int | None = None
) -> Survey:
    """Return how an archive and its sources, or only one of these, are doing.

    With so many of its excerpts, or all of them. Of more than a few sources only those in trouble are kept.
    """
    now, sources = it.clock.now(), [only] if only else it.sources.all()
    levels, polls = dict.fromkeys(Level, 0), Polls(now)
    is_whole = few is None or len(sources) <= few

    def is_kept(each: Judged) -> bool:
        levels[each[1].level] += 1
        polls.add(each[0])
        polls.offline += any(finding.kind == Trouble.OFFLINE for finding in each[1].findings)
        return is_whole or each[1].level is not Level.GOOD

    return Survey(
        archive=str(it.folder),
        at=now,
        totals=it.library.totals(),
        sources=tuple(map(lightened, filter(is_kept, shown(judged(it, sources, now), only)))),
        levels=levels,
        idle_since=polls.idle_since,
        offline=polls.offline,
        watched=is_taken(it.folder, WATCH),
        holds=tuple(it.library.holds(now)),
        partial=tuple(it.library.partial(excerpts)),
    )


def shown(judged: Iterable[Judged], only: Source | None) -> Iterator[Judged]:
    """Yield how sources are doing, without kept pages where none is kept, unless only these are wanted."""
    for each in judged:
        signs = each[0]
        if only or signs.source.kind != KEPT_PAGES.kind or signs.counts.articles:
            yield each


def lightened(each: Judged) -> Judged:
    """Return how a source is doing without what only its judgement needs."""
    signs, health = each
    return replace(signs, harvest=Harvest()), health


class Polls:
    """Sums up when active sources were asked and are due, to see whether anybody runs the archive."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.asked: datetime | None = None  # the latest
        self.due = now  # the longest waiting
        self.offline = 0

    def add(self, signs: Signs) -> None:
        """Take in one source."""
        poll = signs.poll
        if poll and signs.source.state is State.ACTIVE:
            self.asked = max(filter(None, (self.asked, poll.asked_at)), default=None)
            self.due = min(self.due, poll.due or self.due)

    @property
    def idle_since(self) -> datetime | None:
        """Return when a source was asked last, if polls are overdue by days: nobody runs the archive."""
        is_overdue = self.now - self.due >= IDLE
        return self.asked if is_overdue and self.asked and self.now - self.asked >= IDLE else None


def levels(it: Opened) -> dict[Level, int]:
    """Return how many sources are at each level; what has no say in that is not read."""
    now = it.clock.now()
    signs = all_signs(it, it.sources.all(), now, it.library.counts("parts"), {})
    found = Counter(health(each, now).level for each in signs)
    return {level: found[level] for level in Level}


def judged(it: Opened, sources: Iterable[Source], now: datetime) -> Iterator[Judged]:
    """Yield how each source is doing, one at a time."""
    for signs in all_signs(it, sources, now, it.library.counts(), it.library.notes()):
        yield signs, health(signs, now)


def all_signs(
    it: Opened,
    sources: Iterable[Source],
    now: datetime,
    counts: Mapping[int, dict[str, int]],
    notes: Mapping[int, list[str]],
) -> Iterator[Signs]:
    """Yield what each source is judged by."""
    holds = {hold.host: hold for hold in it.library.holds(now)}
    leases = it.hubs.all() if it.config.web.public_url else {}  # without it no hub can reach us
    gaps: dict[int, list[Gap]] = {}
    for gap in it.library.gaps():
        gaps.setdefault(gap.source, []).append(gap)
    for source, poll, last_ok, pulse, harvest in it.library.standings(sources):
        yield Signs(
            source=source,
            poll=poll,
            last_ok=last_ok,
            counts=counted(counts.get(source.id, {}), poll),
            pulse=pulse,
            harvest=harvest,
            gaps=tuple(gaps.get(source.id, ())),
            hold=holds.get(urls.host(source.url)) if holds else None,
            lease=leases.get(source.id),
            notes=tuple(notes.get(source.id, ())),
        )


def counted(told: Mapping[str, int], poll: Visit | None) -> Counts:
    """Return how much there is of a source, with what the last answer of its feed left out."""
    left_out = told.get("left_out", 0) + (poll.left_out if poll else 0)
    return Counts(**{**told, "left_out": left_out})
