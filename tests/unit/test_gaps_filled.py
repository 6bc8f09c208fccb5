"""Thirty days of busy outlets through narrow feeds with a past: gaps that are said to be filled are.

Nothing is faked but the outlet, and the archive's memory is as small as the judge needs it.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from dibao import decide
from dibao.decide.identity import identity, key_of
from dibao.model import Capture, Entry, Feed, Gap, Kind, Outcome, Part, Reading, Visit
from dibao.ports import Known
from tests.unit.test_no_entry_missed import (
    END,
    HOUR,
    SOURCE,
    START,
    WINDOW,
    Outlet,
    answered,
    by_day,
    read,
    some_days,
    steady,
    weekends,
)

MAP = "http://wire.test/sitemap.xml"
LISTED = timedelta(days=4)  # that a sitemap reaches back


@dataclass
class Memory:
    """What an archive remembers, as far as a judge asks for it."""

    poll: Visit = field(default_factory=lambda: Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE))
    filling: Visit | None = None
    gaps: dict[int, Gap] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    announced: list[str] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def known(self, visit: Visit, reading: Reading) -> Known:
        names = {
            name: self.identities[name] for name in decide.names(visit, reading) if name in self.identities
        }
        sought = (gap for gap in self.gaps.values() if gap.looked_for)
        return Known(
            source=SOURCE,
            identities=names,
            visits={key: self.visits[key] for key in names.values()},
            revisions={},
            headlines={},
            filling=self.filling,
            gaps=tuple(sorted(sought, key=lambda gap: (gap.since, gap.id))),
        )

    def settle(self, outcome: Outcome) -> None:
        if outcome.visit.kind is Kind.FEED:
            self.poll = outcome.visit
        elif self.filling and outcome.visit.url == self.filling.url:
            self.filling = replace(outcome.visit, filling=self.filling.filling)
        if outcome.gap:
            self.gaps[len(self.gaps) + 1] = replace(outcome.gap, id=len(self.gaps) + 1)
        self.gaps |= {gap.id: gap for gap in outcome.gaps}
        for found in outcome.found:
            if found.kind is Kind.PART:
                self.filling = replace(found, id=2)
            elif found.key and found.key not in self.visits:
                self.announced.append(found.key)
                self.visits[found.key] = replace(found, id=len(self.visits) + 3)
        for name, key in outcome.identities:
            self.identities.setdefault(name, key)

    def next(self) -> Visit:
        due = [visit for visit in (self.poll, self.filling) if visit and visit.due]
        return min(
            due, key=lambda visit: (visit.due or START, visit.kind is not Kind.FEED), default=self.poll
        )


def month_of(outlet: Outlet, way: str, times: list[datetime]) -> Memory:
    """Make what is due for a month, as the judge says; some days the outlet is out, weekends we don't ask."""
    memory, now = Memory(), START
    while now < END:
        if weekends(now):
            now += HOUR
            continue
        visit = memory.next()
        memory.asked.append((now, visit.url))
        capture, reading = answer(visit, outlet, way, times, now)
        reading = replace(reading, names=decide.names(visit, reading))
        memory.settle(decide.judge(visit, capture, reading, memory.known(visit, reading), now))
        due = memory.next().due
        assert due is not None
        now = max(now + timedelta(seconds=1), due)
    return memory


def answer(
    visit: Visit, outlet: Outlet, way: str, times: list[datetime], now: datetime
) -> tuple[Capture, Reading]:
    """Return what the outlet answers."""
    feed = told(visit, outlet, way, times, now)
    if feed is None:
        return Capture(url=visit.url, final_url=visit.url, captured_at=now, status=404), Reading()
    capture = replace(answered(outlet, feed, now, some_days(now)), url=visit.url, final_url=visit.url)
    return capture, read(feed, some_days(now))


def told(visit: Visit, outlet: Outlet, way: str, times: list[datetime], now: datetime) -> Feed | None:
    """Return what stands at an address of the outlet; None where nothing does."""
    parts = urlsplit(visit.url)
    if parts.path == "/robots.txt":
        named = (Part(url=MAP),) if way == "sitemap" else ()
        return Feed(format="robots.txt", parts=named)
    if visit.url == MAP and way == "sitemap":
        made = now.replace(minute=0, second=0, microsecond=0)  # anew every hour
        listed = range(bisect_right(times, made - LISTED), bisect_right(times, made))
        return Feed(format="sitemap", entries=tuple(mapped(n, times[n]) for n in listed))
    page = int(parse_qs(parts.query).get("paged", ["1"])[0])
    if parts.path != "/feed" or (page > 1 and way != "pages"):
        return None
    first = bisect_right(times, now) - 1 - (page - 1) * WINDOW
    entries = tuple(outlet.entry(n, times[n]) for n in range(first, max(first - WINDOW, -1), -1))
    return Feed(format="rss2.0", entries=entries, generator="WordPress" if way == "pages" else None)


def mapped(number: int, at: datetime) -> Entry:
    """Return an address as the sitemap has it."""
    return Entry(link=f"http://wire.test/{number}", updated=at, updated_raw=at.isoformat())


OUTLETS = {
    "5 an hour, pages": (Outlet(steady(5)), "pages"),
    "30 an hour, pages": (Outlet(steady(30)), "pages"),
    "200 an hour, pages": (Outlet(steady(200)), "pages"),
    "40 an hour, no dates, pages": (Outlet(steady(40), is_dated=False), "pages"),
    "by day, to the minute, pages": (Outlet(by_day(60), rounds=True), "pages"),
    "20 an hour, sitemap": (Outlet(steady(20)), "sitemap"),
    "by day, sitemap": (Outlet(by_day(30)), "sitemap"),
    "30 an hour, nothing": (Outlet(steady(30)), "nothing"),
}
REACHED = {name for name in OUTLETS if not name.startswith(("200", "30 an hour, nothing"))}


@pytest.mark.slow
@pytest.mark.parametrize("name", OUTLETS)
def test_what_was_published_is_kept_or_in_a_gap_that_is_told_as_open(name: str) -> None:
    outlet, way = OUTLETS[name]
    times = outlet.published()
    month = month_of(outlet, way, times)
    polls = [at for at, url in month.asked if url == SOURCE.url and not some_days(at)]
    first, last = bisect_right(times, polls[0]), bisect_right(times, polls[-1])
    keys = {n: key_of(identity(outlet.entry(n, times[n]), SOURCE)) for n in range(first, last)}
    lost = [times[n] for n, key in keys.items() if key not in month.visits]
    slack = timedelta(minutes=1) if outlet.rounds else timedelta()
    still = [gap for gap in month.gaps.values() if not gap.filled_at]
    unexplained = [at for at in lost if not any(gap.since <= at <= gap.until + slack for gap in still)]
    assert unexplained == []
    assert len(month.announced) == len(set(month.announced))
    assert len(month.gaps) > 4  # outages and weekends are longer than any of these windows
    assert all(gap.why for gap in still if gap.tries)
    if name in REACHED:
        assert [gap for gap in still if gap.seen_at < END - timedelta(days=2)] == []
    else:
        assert still
    assert polite(month)


def polite(month: Memory) -> bool:
    """Say whether a feed was asked every 15 minutes at most, and the rest within the bounds of a walk."""
    polls = [at for at, url in month.asked if url == SOURCE.url]
    others = len(month.asked) - len(polls)
    apart = all(
        later - sooner >= timedelta(minutes=15) for sooner, later in zip(polls, polls[1:], strict=False)
    )
    return apart and others <= 110 * max(len(month.gaps), 1)
