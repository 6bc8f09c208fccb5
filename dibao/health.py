"""How an archive and all its sources are doing: facts from the archive, judged."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dibao import urls
from dibao.archive.rows import moment
from dibao.decide.health import health
from dibao.model import Counts, Gap, Harvest, Health, Level, Signs, Source, Survey
from dibao.wiring import Opened


def survey(it: Opened, *, excerpts: int | None = None, only: Source | None = None) -> Survey:
    """Return how an archive and its sources, or only one of these, are doing.

    With so many of its excerpts, or all of them.
    """
    now = it.clock.now()
    return Survey(
        archive=str(it.folder),
        at=now,
        totals=it.library.totals(),
        sources=tuple(judged(it, [only] if only else it.sources.all(), now)),
        holds=tuple(it.library.holds(now)),
        partial=tuple(it.library.partial(excerpts)),
    )


def levels(it: Opened) -> dict[Level, int]:
    """Return how many sources are at each level."""
    found = [health.level for _, health in judged(it, it.sources.all(), it.clock.now())]
    return {level: found.count(level) for level in Level}


def judged(it: Opened, sources: Iterable[Source], now: datetime) -> Iterator[tuple[Signs, Health]]:
    """Yield how each source is doing; of tens of thousands, only what is shown is kept."""
    for signs in all_signs(it, sources, now):
        yield replace(signs, harvest=Harvest()), health(signs, now)


def all_signs(it: Opened, sources: Iterable[Source], now: datetime) -> Iterator[Signs]:
    """Yield what each source is judged by."""
    counts, answers, notes = it.library.counts(), it.library.last_answers(), it.library.notes()
    holds = {hold.host: hold for hold in it.library.holds(now)}
    leases = it.hubs.all() if it.config.web.public_url else {}  # without it no hub can reach us
    gaps: dict[int, list[Gap]] = {}
    for gap in it.library.gaps():
        gaps.setdefault(gap.source, []).append(gap)
    for source in sources:
        pulse, harvest = it.library.vitals_of(source.id)
        yield Signs(
            source=source,
            poll=it.library.poll_of(source.id),
            last_ok=moment(answers.get(source.id)),
            counts=Counts(**counts.get(source.id, {})),
            pulse=pulse,
            harvest=harvest,
            gaps=tuple(gaps.get(source.id, ())),
            hold=holds.get(urls.host(source.url)) if holds else None,
            lease=leases.get(source.id),
            notes=tuple(notes.get(source.id, ())),
        )
