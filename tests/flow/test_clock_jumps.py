"""Clocks that jump: years, an hour, a day's length; nobody is asked in a storm, and nobody is forgotten."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest

from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import Opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import walk
from tests.flow.servers import Answer, Site, article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEARS = timedelta(days=3650)
STEP = HOUR / 4  # how often a round begins: as often as any source may be polled
pytestmark = pytest.mark.slow


class Days:
    """What a server sees of an archive while time passes, and of which the archive's clock knows less."""

    def __init__(self, it: Opened, site: Site, workers: Workers) -> None:
        self.it, self.site, self.workers = it, site, workers
        self.passed = timedelta()  # by the stars
        self.polls: list[timedelta] = []
        self.looks: list[timedelta] = []
        self.stories = 3

    def feed(self, _: object) -> Answer:
        items = "".join(
            f"<item><title>第{n}則新聞</title><link>{self.site.url}/{n}</link><description>摘要</description>"
            f"<pubDate>{format_datetime(START - n * HOUR)}</pubDate></item>"
            for n in range(self.stories, 0, -1)
        )
        whole = f'<rss version="2.0"><channel><title>青楓社</title>{items}</channel></rss>'
        self.polls.append(self.passed)
        return 200, "application/rss+xml", whole.encode()

    def page(self, number: int, _: BaseHTTPRequestHandler) -> Answer:
        self.looks += [self.passed] if number == 1 else []
        return article(f"第{number}則新聞", "青港渡輪公司宣布四月起調整票價。")

    def follow(self) -> None:
        self.site.pages["/feed"] = self.feed
        for number in range(1, 10):
            self.site.pages[f"/{number}"] = partial(self.page, number)
        self.it.sources.add(Source(name="青楓社", url=f"{self.site.url}/feed"), self.it.clock.now())

    def go_on(self, time: timedelta) -> None:
        """Let time pass, with a round at each step of it."""
        end = self.passed + time
        while self.passed < end:
            self.it.archive.mend_clock(self.it.clock.now())
            self.it.archive.ease_in(self.it.clock.now())
            walk(self.it, self.workers)
            self.passed += STEP
            self.jump(STEP)

    def jump(self, time: timedelta) -> None:
        assert isinstance(self.it.clock, SteppingClock)
        self.it.clock.sleep(time.total_seconds())


@pytest.fixture
def days(it: Opened, site: Site, workers: Workers) -> Days:
    made = Days(it, site, workers)
    made.follow()
    return made


def within(times: list[timedelta], begin: timedelta, length: timedelta) -> int:
    return sum(begin <= at < begin + length for at in times)


@pytest.mark.parametrize(
    "jump", [YEARS, -YEARS, HOUR, -HOUR, -HOUR / 4, DAY, -DAY, -7 * DAY], ids=lambda jump: f"{jump}"
)
def test_a_jump_there_and_back_brings_neither_a_storm_nor_a_stop(jump: timedelta, days: Days) -> None:
    days.go_on(3 * HOUR)
    jumps = []
    for each in (jump, -jump):
        days.jump(each)
        jumps.append(days.passed)
        days.go_on(3 * HOUR if each == jump else DAY)
    for moment in jumps:
        assert within(days.polls, moment, HOUR) <= 2  # one more than by a clock that goes on
    assert 1 <= within(days.polls, jumps[1], DAY) <= 25
    assert 1 <= within(days.looks, jumps[0], 2 * DAY) <= 8  # its pace: half an hour, 2, 8, 24 hours
    assert days.passed - days.polls[-1] <= DAY
    assert days.it.library.gaps() == []
    assert len(days.it.library.headlines()) == 3


@pytest.mark.parametrize("jump", [-HOUR / 4, -HOUR, HOUR])
def test_a_clock_that_is_set_by_an_hour_changes_no_pace(jump: timedelta, days: Days) -> None:
    days.go_on(3 * HOUR)
    days.jump(jump)
    days.go_on(6 * HOUR)
    waits = [after - before for before, after in pairwise(days.polls)]
    assert max(waits) <= HOUR + abs(jump) + STEP
    if jump < timedelta():  # who goes forward only comes sooner once
        assert min(waits) >= HOUR


@pytest.mark.parametrize("jump", [-YEARS, -DAY, -HOUR])
def test_a_host_that_asked_for_peace_has_it_whatever_the_clock_does(jump: timedelta, days: Days) -> None:
    begun: list[timedelta] = []

    def busy(_: object) -> Answer:
        begun.append(days.passed)
        return 429, "text/plain", b"slower, please"  # without a word of how long: 4 hours

    days.go_on(2 * HOUR)
    days.site.pages["/feed"] = busy
    days.go_on(HOUR + STEP)
    assert len(begun) == 1
    days.jump(jump)
    days.go_on(5 * HOUR)
    assert begun[1:] == [] or begun[1] - begun[0] >= 4 * HOUR
    days.site.pages["/feed"] = days.feed
    days.go_on(DAY)
    assert within(days.polls, begun[0] + 4 * HOUR, 26 * HOUR) >= 1


def test_failures_before_a_jump_silence_nothing_after_it(days: Days) -> None:
    days.site.pages["/feed"] = 500, "text/plain", b"out of order"
    days.jump(YEARS)
    days.go_on(DAY)  # 1, 2, 4, 8 hours: the next try is half a day away
    days.jump(-YEARS)
    days.site.pages["/feed"] = days.feed
    days.go_on(HOUR)
    assert len(days.polls) == 1


def test_news_of_after_a_jump_has_its_own_dates(days: Days) -> None:
    days.go_on(HOUR)
    for jump in (YEARS, -YEARS, -YEARS, YEARS):
        days.jump(jump)
        days.go_on(HOUR + STEP)
    days.stories = 5
    days.go_on(DAY)
    lines = days.it.library.headlines()
    assert len(lines) == 5
    kept = [each.first.article for each in days.it.library.kept(days.it.library.keys())]
    assert {article.published_doubt for article in kept} == {None}
    assert sorted(article.published_at or START for article in kept) == [
        START - n * HOUR for n in (5, 4, 3, 2, 1)
    ]


@pytest.mark.parametrize(
    "change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
)
def test_a_source_s_summer_time_changes_no_pace_and_no_day(change: datetime, days: Days) -> None:
    found = days.it.sources.all()[0]
    days.it.sources.change(found, days.it.clock.now(), timezone="Europe/Berlin")
    days.jump(change - 12 * HOUR - START)
    days.go_on(DAY)
    assert {after - before for before, after in pairwise(days.polls)} <= {HOUR, HOUR + STEP}
    assert {line.day for line in days.it.library.headlines()} == {"2026-03-04"}
