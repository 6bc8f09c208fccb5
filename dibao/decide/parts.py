"""Which of the further sitemaps that an index names are asked, and when.

An index may name itself, thousands of others, or other people's. So a part is asked once in a poll, however
often it is named; parts of parts are asked three levels deep; and a poll asks 500 parts at most, those first
that changed last. What is left for later or left out is counted and said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dibao.decide.since import is_of
from dibao.decide.wishes import DAY, WEEK
from dibao.model import Capture, Kind, Part, Source, Visit
from dibao.ports import Known
from dibao.urls import akin

DEEPEST = 3  # indexes above a part
MOST = 500  # parts of a source in one poll
LEAST = timedelta(minutes=15)  # between two looks at a part, whatever an index says of it
DAY_ALONE = 10  # characters of a date without a time


def parts_due(
    visit: Visit, capture: Capture, parts: Iterable[Part], known: Known, now: datetime
) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
    """Return the visits that an index asks for, new or known ones, and notes on the parts it asks in vain."""
    named = tuple(parts)
    if named and visit.depth >= DEEPEST:
        return (), (f"{len(named)} sitemaps more than {DEEPEST} indexes deep are not asked",)
    own = {visit.url, known.source.url, *((capture.final_url,) if visit.kind is Kind.FEED else ())}
    near = [part for part in named if any(akin(part.url, url) for url in own)]
    wanted = [part for part in near if part.url not in own and is_of(part.updated, known.source)]
    fresh = [part for part in latest_first(wanted) if part.url not in known.parts]
    room = max(0, MOST - known.parts_asked)
    new = (part_visit(part, visit, known.source, now) for part in fresh[:room])
    again = filter(None, (asked_again(known.parts[p.url], p, now) for p in wanted if p.url in known.parts))
    aged = sum(not is_of(part.updated, known.source) for part in near)
    return (*new, *again), tuple(notes(len(named) - len(near), aged, len(fresh) - room, known.source))


def notes(foreign: int, aged: int, later: int, source: Source) -> Iterator[str]:
    """Yield in words how many parts are not asked, and why."""
    if foreign:
        yield f"{foreign} sitemaps on other hosts are not asked"
    if aged:
        yield f"{aged} sitemaps last changed before {source.since} are not asked"
    if later > 0:
        yield f"{later} further sitemaps are asked at the next polls"


def latest_first(parts: Iterable[Part]) -> list[Part]:
    """Return parts with those that changed last at the beginning; those without a date stay in order."""
    return sorted(parts, key=lambda part: -part.updated.timestamp() if part.updated else 0.0)


def part_visit(part: Part, above: Visit, source: Source, now: datetime) -> Visit:
    """Return the visit that asks a part for the first time."""
    return Visit(
        url=part.url, kind=Kind.PART, source=source, depth=above.depth + 1, changed=part.updated, due=now
    )


def asked_again(visit: Visit, part: Part, now: datetime) -> Visit | None:
    """Return a known part's visit as its index asks for it, or None where it stands as it is.

    One that changed since we looked is due; one that did not is left alone for a week; one of which the
    index does not say is asked at its own pace.
    """
    if visit.asked_at is None:
        return None
    soonest = max(now, visit.asked_at + LEAST, visit.hold or now)
    dated = replace(visit, changed=part.updated, announced=visit.announced + 1)
    if part.updated and changed_until(part) > visit.asked_at:
        return replace(dated, due=soonest) if visit.due is None or soonest < visit.due else None
    if visit.failures and visit.due:
        return None
    if visit.due is None or (part.updated and not visit.changed):
        return replace(dated, due=max(now, visit.asked_at + WEEK))
    return replace(dated, due=soonest) if visit.changed and not part.updated else None


def changed_until(part: Part) -> datetime:
    """Return the latest moment at which a part may have changed: a day alone means any time of that day."""
    assert part.updated is not None
    whole_day = len(part.updated_raw or "") <= DAY_ALONE
    return part.updated + timedelta(days=1) if whole_day else part.updated


def next_part_look(visit: Visit, capture: Capture, brought: bool, now: datetime) -> datetime:
    """Return when a part is asked again by itself.

    Where its index says when it changes, that is only to be safe; else it is asked at its source's pace,
    and less often while it brings nothing.
    """
    if visit.changed:
        return capture.captured_at + WEEK
    every = timedelta(seconds=visit.source.every)
    if brought or visit.asked_at is None:
        return now + every
    return now + max(every, min(DAY, 2 * (now - visit.asked_at)))
