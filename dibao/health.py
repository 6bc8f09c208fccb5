"""How an archive and all its sources are doing: facts from the archive, judged."""

from collections.abc import Iterator
from datetime import datetime

from dibao import urls
from dibao.archive.rows import moment
from dibao.decide.health import health
from dibao.model import Counts, Gap, Harvest, Level, Pulse, Signs, Survey
from dibao.wiring import Opened


def survey(it: Opened, *, excerpts: int | None = None, only: int | None = None) -> Survey:
    """Return how an archive and its sources, or only one of these, are doing.

    With so many of its excerpts, or all of them.
    """
    now = it.clock.now()
    return Survey(
        archive=str(it.folder),
        at=now,
        totals=it.library.totals(),
        sources=tuple(
            (signs, health(signs, now)) for signs in all_signs(it, now) if only in (None, signs.source.id)
        ),
        holds=tuple(it.library.holds(now)),
        partial=tuple(it.library.partial(excerpts)),
    )


def levels(it: Opened) -> dict[Level, int]:
    """Return how many sources are at each level."""
    now = it.clock.now()
    found = [health(signs, now).level for signs in all_signs(it, now)]
    return {level: found.count(level) for level in Level}


def all_signs(it: Opened, now: datetime) -> Iterator[Signs]:
    """Yield what every source is judged by, in the order they were added."""
    polls, counts, answers = it.library.polls(), it.library.counts(), it.library.last_answers()
    notes, vitals = it.library.notes(), it.library.vitals()
    holds = {hold.host: hold for hold in it.library.holds(now)}
    gaps: dict[int, list[Gap]] = {}
    for gap in it.library.gaps():
        gaps.setdefault(gap.source, []).append(gap)
    for source in it.sources.all():
        pulse, harvest = vitals.get(source.id) or (Pulse(), Harvest())
        yield Signs(
            source=source,
            poll=polls.get(source.id),
            last_ok=moment(answers.get(source.id)),
            counts=Counts(**counts.get(source.id, {})),
            pulse=pulse,
            harvest=harvest,
            gaps=tuple(gaps.get(source.id, ())),
            hold=holds.get(urls.host(source.url)),
            notes=tuple(notes.get(source.id, ())),
        )
