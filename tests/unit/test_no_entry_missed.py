"""Thirty days of busy outlets through narrow feeds, on their own clock: what is not kept is in a gap we told.

Nothing is faked but the outlet: the judge is the real one, and knows of the last poll what it remembers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from dibao import decide
from dibao.decide.identity import identity, key_of
from dibao.model import Capture, Entry, Failure, Feed, Gap, Kind, Reading, Source, Trouble, Visit
from dibao.ports import Known

START = datetime(2026, 3, 1, 0, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = START + 30 * DAY
WINDOW = 20
SOURCE = Source(id=7, name="青楓社", url="http://wire.test/feed")
KNOWN = Known(source=SOURCE, identities={}, visits={}, revisions={}, headlines={})


@dataclass(frozen=True)
class Outlet:
    """An outlet that publishes so many entries an hour, and how its feed tells of them."""

    rate: Callable[[datetime], float]
    is_dated: bool = True
    is_pinned: bool = False  # one old entry stands at the top of the feed for ever
    rounds: bool = False  # dates to the minute
    has_validators: bool = True

    def published(self) -> list[datetime]:
        """Return when each entry was published, from a week before the first poll on."""
        chance, at, times = Random(20260301), START - 7 * DAY, []
        while at < END:
            at += HOUR * chance.expovariate(1) / self.rate(at)
            times.append(at)
        return times

    def entry(self, number: int, at: datetime) -> Entry:
        """Return an entry as the feed has it."""
        said = at.replace(second=0, microsecond=0) if self.rounds else at
        date = said if self.is_dated else None
        return Entry(
            guid=f"g{number}", link=f"http://wire.test/{number}", title=f"第{number}則", published=date
        )


PINNED = Entry(guid="p", link="http://wire.test/p", title="訂閱", published=START - 900 * DAY)


@dataclass
class Month:
    """What a month of polls brought."""

    polls: list[datetime]
    kept: set[str]
    gaps: list[Gap]


def month_of(
    outlet: Outlet, times: list[datetime], down: Callable[[datetime], bool], off: Callable[[datetime], bool]
) -> Month:
    """Poll an outlet for a month, as often as the judge says; `down` it is silent, `off` we don't ask."""
    visit, now, month = (
        Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE),
        START,
        Month([], set(), []),
    )
    while now < END:
        if off(now):
            now += HOUR
            continue
        month.polls.append(now)
        first = bisect_right(times, now)
        entries = tuple(outlet.entry(n, times[n]) for n in range(first - 1, first - 1 - WINDOW, -1))
        feed = Feed(format="rss2.0", entries=((PINNED,) if outlet.is_pinned else ()) + entries)
        outcome = decide.judge(
            visit, answered(outlet, feed, now, down(now)), read(feed, down(now)), KNOWN, now
        )
        month.kept |= {found.key for found in outcome.found if found.key}
        month.gaps += [outcome.gap] if outcome.gap else []
        visit = outcome.visit
        assert visit.due is not None
        now = visit.due
    return month


def answered(outlet: Outlet, feed: Feed, now: datetime, is_down: bool) -> Capture:
    """Return the answer of an outlet."""
    etag = (("ETag", f'"{len(feed.entries)}"'),) if outlet.has_validators else ()
    return Capture(
        url=SOURCE.url,
        final_url=SOURCE.url,
        captured_at=now,
        status=None if is_down else 200,
        headers=etag,
        body=repr([entry.guid for entry in feed.entries]).encode(),
        failure=Failure(trouble=Trouble.TIMEOUT, detail="60 s") if is_down else None,
    )


def read(feed: Feed, is_down: bool) -> Reading:
    """Return what is read of the answer."""
    return Reading() if is_down else Reading(feed=feed)


def steady(per_hour: float) -> Callable[[datetime], float]:
    return lambda at: per_hour


def by_day(most: float) -> Callable[[datetime], float]:
    """Return a rate that is highest at noon of working days, and a tenth of that at night and on Sundays."""
    return lambda at: most if 8 <= at.hour < 20 and at.weekday() < 6 else most / 10


def never(at: datetime) -> bool:
    return False


def some_days(at: datetime) -> bool:
    """Say whether it is one of the days on which the outlet is out for five hours."""
    return at.day % 7 == 3 and 10 <= at.hour < 15


def weekends(at: datetime) -> bool:
    """Say whether our machine is off."""
    return at.weekday() >= 5


OUTLETS = {
    "5 an hour": Outlet(steady(5)),
    "20 an hour": Outlet(steady(20)),
    "60 an hour, no dates": Outlet(steady(60), is_dated=False),
    "200 an hour": Outlet(steady(200)),
    "by day, to the minute": Outlet(by_day(60), rounds=True),
    "pinned": Outlet(by_day(40), is_pinned=True),
    "no validators": Outlet(by_day(15), has_validators=False),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OUTLETS)
def test_what_was_published_is_kept_or_in_a_gap_that_was_told(name: str) -> None:
    outlet = OUTLETS[name]
    times = outlet.published()
    month = month_of(outlet, times, some_days, weekends)
    first, last = bisect_right(times, month.polls[0]), bisect_right(times, month.polls[-1])
    down_at_last = some_days(month.polls[-1])
    lost = [
        times[n]
        for n in range(first, last)
        if key_of(identity(outlet.entry(n, times[n]), SOURCE)) not in month.kept
    ]
    to_the_minute = timedelta(minutes=1) if outlet.rounds else timedelta()
    told = [(gap.since, gap.until + to_the_minute) for gap in month.gaps]
    unexplained = [at for at in lost if not any(since <= at <= until for since, until in told)]
    assert not down_at_last
    assert unexplained == []
    assert month.gaps  # the outages and weekends are longer than any of these windows
    assert all(one.seen_at < other.seen_at for one, other in pairwise(month.gaps))
    assert all(later - sooner >= timedelta(minutes=15) for sooner, later in pairwise(month.polls))


@pytest.mark.slow
@pytest.mark.parametrize("per_hour", [5, 12, 20, 30])
def test_a_source_whose_window_can_be_held_politely_loses_nothing(per_hour: float) -> None:
    outlet = Outlet(steady(per_hour))
    times = outlet.published()
    month = month_of(outlet, times, never, never)
    first, last = bisect_left(times, START), bisect_right(times, month.polls[-1])
    kept = sum(key_of(identity(outlet.entry(n, times[n]), SOURCE)) in month.kept for n in range(first, last))
    assert (last - first - kept, month.gaps) == (0, [])
