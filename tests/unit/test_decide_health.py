"""How a source is doing: every judgement, on values alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dibao.decide.health import health, worst
from dibao.decide.rhythm import learnt, unchanged
from dibao.decide.trouble import KINDS, advice_for, class_of
from dibao.decide.vitals import counted
from dibao.model import (
    KEPT_PAGES,
    Counts,
    Crop,
    Feed,
    Finding,
    Gap,
    Got,
    Harvest,
    Hold,
    Kind,
    Level,
    Look,
    Pulse,
    Rhythm,
    Signs,
    Source,
    State,
    Trouble,
    Visit,
    Week,
)

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source(id=3, name="青楓社", url="https://wire.test/feed")
FEED = Feed(format="rss2.0")


def signs(source: Source = SOURCE, *, rhythm: Rhythm | None = None, **more: Any) -> Signs:
    """Return the signs of a source whose poll has these fields."""
    own = {name: more.pop(name) for name in tuple(more) if name in Signs.__dataclass_fields__}
    poll = Visit(url=source.url, kind=Kind.FEED, source=source, rhythm=rhythm, **({"asked_at": NOW} | more))
    return Signs(source=source, poll=poll, **own)


def told(given: Signs, now: datetime = NOW) -> list[tuple[str, Level]]:
    """Return the class and level of all that is said."""
    return [(finding.kind, finding.level) for finding in health(given, now).findings]


def the(kind: str, given: Signs, now: datetime = NOW) -> Finding:
    """Return the one finding of a class."""
    (found,) = (finding for finding in health(given, now).findings if finding.kind == kind)
    return found


class Watched:
    """A source that is polled hourly, with its rhythm and pulse as settling keeps them."""

    def __init__(self, begin: datetime, source: Source = SOURCE, *, dated: bool = True) -> None:
        self.visit = Visit(url=source.url, kind=Kind.FEED, source=source)
        self.pulse, self.now, self.number, self.dated = Pulse(), begin, 0, dated
        self.window: list[tuple[tuple[str, ...], datetime | None]] = []

    def poll(
        self, new: int = 0, *, at: datetime | None = None, anew: bool = False, empty: bool = False
    ) -> None:
        """Make a poll now at which so many entries are new."""
        at = at or self.now
        for _ in range(new):
            self.number += 1
            self.window.insert(0, ((f"k{self.number}",), at if self.dated else None))
        del self.window[20:]
        before = self.visit.rhythm or Rhythm(began=self.now)
        same = before.window and not (new or anew or empty)
        shown = [] if empty else self.window
        rhythm = unchanged(before, self.now) if same else learnt(before, shown, FEED, self.now)
        self.pulse = counted(self.pulse, self.visit, rhythm, self.now)
        self.visit = replace(self.visit, rhythm=rhythm, asked_at=self.now)

    def watch(
        self, for_days: float, new_at: Iterable[datetime] = (), *, every: timedelta = HOUR, **how: Any
    ) -> None:
        """Poll for so many days; an entry is new at each of these times."""
        times, end = sorted(new_at), self.now + for_days * DAY
        while self.now < end:
            self.now += every
            came = [at for at in times if self.now - every < at <= self.now]
            self.poll(len(came), **how)

    def kinds(self, now: datetime | None = None) -> list[tuple[str, Level]]:
        return told(self.signs, now or self.now)

    @property
    def signs(self) -> Signs:
        return Signs(source=self.visit.source, poll=self.visit, pulse=self.pulse)


def hourly(
    begin: datetime, days: int, hours: Iterable[int] = range(24), weekdays: Iterable[int] = range(7)
) -> list[datetime]:
    """Return a time in each of these hours of these days of the week."""
    every = [begin + n * HOUR + HOUR / 2 for n in range(days * 24)]
    return [at for at in every if at.hour in set(hours) and at.weekday() in set(weekdays)]


# --- silence -------------------------------------------------------------------------------------------


def test_a_source_that_answers_and_brings_something_is_good() -> None:
    source = Watched(NOW)
    source.poll(20)
    source.watch(20, hourly(NOW, 20))
    assert health(source.signs, source.now).level is Level.GOOD
    assert source.kinds() == []


def test_a_source_of_ten_an_hour_is_silent_after_a_day_and_dead_after_three() -> None:
    source = Watched(NOW)
    source.poll(20)
    busy = [at + n * timedelta(minutes=2) for at in hourly(NOW, 30) for n in range(10)]
    source.watch(30, busy)
    source.watch(0.9)
    assert source.kinds() == []
    source.watch(0.3)
    assert source.kinds() == [("silent", Level.WATCH)]
    source.watch(2)
    assert source.kinds() == [("silent", Level.BAD)]
    found = the("silent", source.signs, source.now)
    assert found.since == source.pulse.fresh_at
    assert "nothing new for 3 days, where it usually does every 1 hour" in found.says
    assert "dibao sources edit 3 --url NEW" in found.advice


def test_a_weekly_source_is_not_silent_after_two_days_nor_after_two_weeks() -> None:
    source = Watched(NOW)
    source.poll(5, at=NOW - 3 * DAY)
    weekly = [NOW + n * 7 * DAY for n in range(1, 9)]
    source.watch(58, weekly, every=6 * HOUR)
    for days in (0, 8, 5):
        source.watch(days, every=6 * HOUR)
        assert source.kinds() == []
    source.watch(24, every=6 * HOUR)
    assert source.kinds() == [("silent", Level.WATCH)]


def test_a_weekly_batch_of_many_entries_comes_once_a_week() -> None:
    source = Watched(NOW)
    source.poll(10)
    weekly = [NOW + n * 7 * DAY + m * timedelta(minutes=1) for n in range(1, 9) for m in range(10)]
    for _ in range(69):
        source.watch(1, weekly, every=6 * HOUR)
        assert source.kinds() == []


def test_nights_and_weekends_are_no_silence_once_they_are_known() -> None:
    source = Watched(NOW)
    source.poll(10)
    office = hourly(NOW, 70, hours=range(8, 19), weekdays=range(5))
    for _ in range(70):
        source.watch(1, office)
        assert source.kinds() == []
    source.watch(4)  # from Wednesday to Sunday
    assert [kind for kind, _ in source.kinds()] == ["silent"]


@pytest.mark.parametrize("month", [3, 10])
def test_a_change_to_summer_time_or_back_is_no_silence(month: int) -> None:
    change = datetime(2026, month, 29 if month == 3 else 25, 1, tzinfo=UTC)
    shift = HOUR if month == 3 else -HOUR
    begin = change - 40 * DAY
    source = Watched(begin)
    source.poll(10)
    local = hourly(begin, 60, hours=range(8, 19), weekdays=range(5))
    office = [at if at < change else at - shift for at in local]
    for _ in range(60):
        source.watch(1, office)
        assert source.kinds() == []


def test_nothing_is_said_of_silence_in_the_first_week() -> None:
    for first in (0, 1, 20):
        source = Watched(NOW)
        source.poll(first, at=NOW - DAY)
        for _ in range(6):
            source.watch(1)
            assert source.kinds() == []


def test_while_the_machine_was_off_nobody_was_silent() -> None:
    source = Watched(NOW)
    source.poll(20)
    source.watch(30, hourly(NOW, 30))
    assert source.kinds(source.now + 40 * DAY) == []
    source.now += 40 * DAY
    source.poll()  # the first after the pause shows nothing new
    assert [level for _, level in source.kinds()] in ([], [Level.WATCH])
    assert source.pulse.quiet < 30
    source.poll(3)
    assert source.kinds() == []


def test_a_source_whose_answers_fail_is_not_called_silent() -> None:
    source = Watched(NOW)
    source.poll(20)
    source.watch(30, hourly(NOW, 30))
    failing = replace(source.visit, error="timeout: 30 s", error_since=source.now, failures=1)
    given = replace(source.signs, poll=failing)
    assert told(given, source.now + 9 * DAY) == [("timeout", Level.WATCH)]


def test_a_relay_that_makes_its_feed_anew_without_news_is_stale() -> None:
    source = Watched(NOW)
    source.poll(20)
    source.watch(30, hourly(NOW, 30), anew=True)
    newest = source.now
    source.watch(5, anew=True)
    found = the("stale", source.signs, source.now)
    assert found.level is Level.BAD
    assert found.since is not None
    assert newest - found.since < DAY
    assert f"newest entry is of {found.since:%Y-%m-%d}" in found.says
    assert "feed maker" in found.advice


@pytest.mark.parametrize(("age", "days"), [(3, 10), (200, 7)])
def test_a_feed_that_was_frozen_before_it_was_added_is_stale_after_a_while(age: int, days: int) -> None:
    source = Watched(NOW)
    source.poll(20, at=NOW - age * DAY)
    source.watch(days - 0.1, anew=True)
    assert source.kinds() == []
    source.watch(0.2, anew=True)
    assert source.kinds() == [("stale", Level.WATCH)]


def test_an_undated_feed_that_never_brought_anything_gives_no_reason_to_judge() -> None:
    source = Watched(NOW, dated=False)
    source.poll(20)
    source.watch(40)
    assert source.kinds() == []


def test_an_undated_feed_has_a_rhythm_as_soon_as_it_brings_something() -> None:
    source = Watched(NOW, dated=False)
    source.poll(20)
    source.watch(30, hourly(NOW, 30))
    source.watch(5)
    assert source.kinds() == [("silent", Level.BAD)]


# --- a feed that became empty ----------------------------------------------------------------------------


def test_a_feed_without_entries_is_told_after_a_day_and_not_called_silent_beside() -> None:
    source = Watched(NOW)
    source.poll(20)
    source.watch(30, hourly(NOW, 30))
    begin = source.now
    source.watch(0.9, empty=True)
    assert source.kinds() == []
    source.watch(5, empty=True)
    assert source.kinds() == [("empty", Level.WATCH)]
    since = the("empty", source.signs, source.now).since
    assert since is not None
    assert since - begin <= HOUR
    source.poll(1)
    assert source.kinds() == []


def test_a_feed_that_never_had_an_entry_has_a_week() -> None:
    source = Watched(NOW)
    source.poll(empty=True)
    source.watch(6, empty=True)
    assert source.kinds() == []
    source.watch(2, empty=True)
    assert source.kinds() == [("empty", Level.WATCH)]


def test_an_index_of_sitemaps_holds_no_entries_itself() -> None:
    source = Watched(NOW)
    source.poll(empty=True)
    source.watch(20, empty=True)
    assert told(replace(source.signs, counts=Counts(parts=3)), source.now) == []


# --- failures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        *((f"{trouble}: words", trouble.value) for trouble in Trouble),
        ("the server answered 404", "http-404"),
        ("the server answered 503", "http-503"),
        ("the server says this feed is gone for good (410)", "http-410"),
        ("an HTML page, not a feed", "not-a-feed"),
        ("neither RSS nor Atom nor JSON Feed", "not-a-feed"),
        ("JSON, but not a JSON Feed", "not-a-feed"),
        ("broken JSON: line 1", "not-a-feed"),
        ("neither a sitemap nor a list of addresses", "not-a-feed"),
        ("this is a sitemap: add it with --kind sitemap", "sitemap"),
        ("no list of headlines found; give a CSS selector", "selector"),
        ("the selector 'h2' finds no link", "selector"),
        ("empty", "empty"),
        ("larger than 9 bytes", "size"),
        ("a damaged gzip file: x", "encoding"),
        ("cut off before the end of its first entry", "cut"),
        ("reading it took more than 20 seconds", "unreadable"),
    ],
)
def test_every_error_has_a_class_and_advice(error: str, kind: str) -> None:
    assert class_of(error) == kind
    assert advice_for(kind, 3)
    assert "{" not in advice_for(kind, 3)


def test_every_trouble_of_asking_has_advice_of_its_own() -> None:
    assert {trouble.value for trouble in Trouble} <= KINDS.keys()


@pytest.mark.parametrize(
    ("error", "failures", "hours", "level"),
    [
        ("dns: no such name", 1, 0, Level.WATCH),
        ("dns: no such name", 2, 40, Level.WATCH),
        ("dns: no such name", 9, 40, Level.BAD),
        ("the server answered 500", 5, 20, Level.WATCH),
        ("the server answered 500", 5, 24, Level.BAD),
        ("blocked: private", 1, 0, Level.BAD),
        ("robots: no", 1, 0, Level.BAD),
        ("this is a sitemap: add it with --kind sitemap", 1, 0, Level.BAD),
    ],
)
def test_a_failure_is_bad_once_it_lasts_over_several_polls_or_can_t_mend(
    error: str, failures: int, hours: int, level: Level
) -> None:
    since = NOW - hours * HOUR
    given = signs(error=error, failures=failures, error_since=since)
    found = worst(health(given, NOW + 90 * DAY).findings)  # nobody asked since: that makes nothing worse
    assert found is not None
    assert (found.level, found.since) == (level, since)
    assert error.removeprefix(f"{found.kind}: ") in found.says  # the class stands before it
    assert not found.says.startswith(f"{found.kind}: ")
    assert (f"{failures} times in a row" in found.says) is (failures > 1)


def test_a_host_that_is_left_alone_is_said_so_and_is_no_lasting_trouble() -> None:
    hold = Hold(host="wire.test", until=NOW + DAY, status=429, since=NOW - 3 * DAY)
    given = signs(error="the server answered 429", failures=9, error_since=NOW - 9 * DAY, hold=hold)
    assert told(given) == [("http-429", Level.WATCH), ("held", Level.GOOD)]
    assert "left alone until 2026-03-05 08:00 UTC" in the("held", given).says


def test_a_source_that_ended_or_rests_is_said_so_and_judged_no_further() -> None:
    old: dict[str, Any] = {"error": "dns: no", "failures": 9, "error_since": NOW - 9 * DAY}
    stopped = replace(SOURCE, state=State.STOPPED, note="the server says this feed is gone for good (410)")
    assert told(signs(stopped, **old)) == [("http-410", Level.BAD)]
    assert the("http-410", signs(stopped, **old)).since == NOW - 9 * DAY
    assert told(signs(replace(SOURCE, state=State.PAUSED), **old)) == [("paused", Level.GOOD)]
    assert told(Signs(source=KEPT_PAGES)) == []
    assert told(Signs(source=SOURCE)) == []


# --- certificates and addresses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"), [(15, []), (13, [("certificate", Level.WATCH)]), (-1, [("certificate", Level.BAD)])]
)
def test_a_certificate_is_told_two_weeks_before_it_ends(days: int, expected: list[tuple[str, Level]]) -> None:
    given = signs(pulse=Pulse(certified_until=NOW + days * DAY))
    assert told(given) == expected
    assert told(given, NOW + 30 * DAY) == expected  # it may have been renewed while nobody asked


def test_a_move_is_told_with_what_comes_of_it() -> None:
    new = "https://wire.test/new"
    rhythm = Rhythm(began=NOW, moved_to=new, moved=(NOW - DAY, NOW))
    found = the("moved", signs(rhythm=rhythm))
    assert (found.level, found.since) == (Level.GOOD, NOW - DAY)
    assert f"{new} (2 polls)" in found.says
    for_long = replace(rhythm, moved=(NOW - 9 * DAY, NOW - 5 * DAY, NOW - 3 * DAY, NOW))
    assert the("moved", signs(rhythm=for_long)).level is Level.WATCH
    assert "dibao sources remove 3" in the("moved", signs(rhythm=for_long)).advice
    there = replace(SOURCE, url=new)
    assert told(signs(there, rhythm=for_long)) == []


def test_a_redirect_is_told_once_it_lasts() -> None:
    led = Pulse(led_to="https://cdn.test/feed", led_since=NOW - 2 * DAY)
    assert told(signs(pulse=led)) == []
    assert told(signs(pulse=led, asked_at=NOW + 2 * DAY)) == [("redirect", Level.GOOD)]
    rhythm = Rhythm(began=NOW, moved_to="https://cdn.test/feed", moved=(NOW,))
    assert told(signs(pulse=led, asked_at=NOW + 2 * DAY, rhythm=rhythm)) == [("moved", Level.GOOD)]


# --- gaps and notes ----------------------------------------------------------------------------------


def test_gaps_are_told_together_with_what_looks_for_them() -> None:
    gaps = tuple(
        Gap(source=3, since=NOW - n * DAY, until=NOW - n * DAY + HOUR, seen_at=NOW, entries=20)
        for n in (2, 5)
    )
    found = the("gap", signs(gaps=gaps))
    assert (found.level, found.since) == (Level.WATCH, NOW - 5 * DAY)
    assert "2 gaps between 2026-02-27 08:00 and 2026-03-02 09:00 UTC" in found.says
    assert "dibao backfill 3 --since 2026-02-27 looks for it" in found.says  # of an older dibao
    sought = tuple(replace(gap, looked_for=True) for gap in gaps)
    assert "The next syncs look for it." in the("gap", signs(gaps=sought)).says
    half = (replace(gaps[0], looked_for=True), replace(gaps[1], tries=4, why="its host has no sitemap"))
    said = the("gap", signs(gaps=half)).says
    assert "look for what 1 gap may hide; the others stay (its host has no sitemap)." in said
    vain = tuple(replace(gap, tries=4, why="its host has no sitemap") for gap in gaps)
    assert "looked for in vain (its host has no sitemap)." in the("gap", signs(gaps=vain)).says
    assert "shorter --every" in found.advice
    often = replace(SOURCE, every=900)
    assert "as often as is polite" in the("gap", signs(often, gaps=gaps)).advice


def test_what_was_mended_and_left_out_is_told_mildly() -> None:
    dated = replace(SOURCE, since="2026-03-01")
    given = signs(dated, notes=("charset repaired",), counts=Counts(left_out=2))
    assert told(given) == [("left-out", Level.GOOD), ("repaired", Level.GOOD)]
    assert told(signs(counts=Counts(left_out=2))) == []  # for once: a backfill had a limit
    sitemap = signs(replace(SOURCE, kind="sitemap"), notes=tuple(f"note {n}" for n in range(9)))
    assert told(sitemap) == [("note", Level.GOOD)] * 5


def test_the_worst_is_said_first() -> None:
    pulse = Pulse(certified_until=NOW + DAY)
    since = NOW - 9 * DAY
    given = signs(error="dns: no", failures=9, error_since=since, pulse=pulse, notes=("mended",))
    assert [level for _, level in told(given)] == [Level.BAD, Level.WATCH, Level.GOOD]
    assert health(given, NOW).level is Level.BAD


# --- drift -----------------------------------------------------------------------------------------------


def weeks(*entries: int, hours: float = 168) -> tuple[Week, ...]:
    """Return the weeks up to now with so many entries."""
    first = NOW.date() - timedelta(days=NOW.weekday() + 7 * (len(entries) - 1))
    return tuple(
        Week((first + timedelta(days=7 * n)).isoformat(), hours, many, min(many, 99))
        for n, many in enumerate(entries)
    )


@pytest.mark.parametrize(
    ("given", "is_told"),
    [
        (weeks(80, 80, 80, 80, 10, 2), True),
        (weeks(80, 80, 80, 80, 60, 40), False),
        (weeks(2, 3, 2, 3, 0, 0), False),  # too few to tell
        (weeks(80, 80, 1, 1), False),  # not watched for long enough before
        (weeks(80, 80, 80, 80, 10, 2, hours=40), False),  # on a machine that is mostly off
        (weeks(2, 3, 2, 3, 80, 80), False),
    ],
)
def test_a_source_that_announces_much_less_than_it_did_is_told(
    given: tuple[Week, ...], is_told: bool
) -> None:
    assert told(signs(pulse=Pulse(weeks=given))) == ([("yield", Level.WATCH)] if is_told else [])


def looks(**got: int) -> tuple[Look, ...]:
    """Return so many first looks that brought this, one after the other."""
    kinds = [Got(kind) for kind, many in got.items() for _ in range(many)]
    return tuple(Look(NOW - (len(kinds) - n) * HOUR, kind, 1000) for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (looks(whole=20), []),
        (looks(whole=16, unread=4), []),
        (looks(unread=4), []),  # too few
        (looks(whole=10, unread=6), [("unread", Level.WATCH)]),
        (looks(whole=1, unread=5), [("unread", Level.WATCH)]),
        (looks(whole=4, unread=16), [("unread", Level.BAD)]),
        (looks(whole=11, unanswered=9), []),
        (looks(whole=10, unanswered=10), [("unanswered", Level.WATCH)]),
        (looks(unanswered=20), [("unanswered", Level.BAD)]),
    ],
)
def test_a_share_of_pages_that_bring_nothing_is_told(
    given: tuple[Look, ...], expected: list[tuple[str, Level]]
) -> None:
    assert told(signs(harvest=Harvest(looks=given))) == expected


def test_failing_pages_are_told_with_their_beginning_and_what_was_before() -> None:
    harvest = Harvest(looks=looks(whole=10, unread=10), weeks=(Crop("2026-02-23", 97, 2, 1, ()),))
    found = the("unread", signs(harvest=harvest))
    assert found.since == NOW - 10 * HOUR
    assert "10 of its latest 20 pages held no article" in found.says
    assert "(before: 2 of 100)" in found.says


@pytest.mark.parametrize(
    ("usual", "now_long", "is_told"),
    [(2000, 200, True), (2000, 1000, False), (300, 60, False), (200, 2000, False)],
)
def test_texts_that_became_much_shorter_are_told(usual: int, now_long: int, is_told: bool) -> None:
    latest = tuple(Look(NOW - (20 - n) * HOUR, Got.WHOLE, now_long) for n in range(20))
    harvest = Harvest(looks=latest[-10:], weeks=(Crop("2026-02-23", 40, 0, 0, (usual,) * 12),))
    assert told(signs(harvest=harvest)) == ([("shorter", Level.WATCH)] if is_told else [])
    if is_told:
        found = the("shorter", signs(harvest=harvest))
        assert found.since == NOW - 10 * HOUR
        assert "10 articles have some 200 letters each; 2000 were usual" in found.says
    assert told(signs(harvest=replace(harvest, looks=latest[-9:]))) == []
    assert told(signs(harvest=replace(harvest, weeks=()))) == []
