"""When to ask next: a source's own rhythm, what it and people wish, and hosts that want peace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao.decide import rhythm, schedule
from dibao.decide.rhythm import Seen
from dibao.model import Capture, Failure, Feed, Hold, Kind, Rhythm, Source, Trouble, Visit

NOW = datetime(2026, 3, 4, 8, 17, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SOURCE = Source(id=7, name="青楓社", url="http://wire.test/feed")
FEED = Feed(format="rss2.0")
YOUNG = Rhythm(began=NOW)


def answer(*headers: tuple[str, str], status: int | None = 200, failure: Failure | None = None) -> Capture:
    url = "http://wire.test/feed"
    return Capture(url=url, final_url=url, captured_at=NOW, status=status, headers=headers, failure=failure)


def steady_rate(per_hour: float, window: int = 20, *, weeks: int = 2) -> Rhythm:
    """Return the rhythm of a source that was watched for weeks and publishes evenly."""
    span = weeks * 7 * 24.0
    total = per_hour * span
    return Rhythm(
        began=NOW - weeks * WEEK,
        polled=NOW,
        window=tuple(f"k{n}" for n in range(window)),
        size=window,
        is_full=True,
        span=span,
        hours=(total / 24,) * 24,
        days=(total / 7,) * 7,
    )


def wait(
    known: Rhythm = YOUNG,
    *headers: tuple[str, str],
    source: Source = SOURCE,
    asked: datetime | None = None,
    vouched: bool = True,
) -> timedelta:
    """Return the wait until the next poll."""
    due = schedule.next_poll(source, known, answer(*headers), asked, NOW, vouched=vouched)
    return due - NOW


def about(span: timedelta, wanted: timedelta) -> bool:
    """Say whether a wait is as wished, or longer by the minutes that keep it from the full hour."""
    return wanted <= span <= wanted + 3 * MINUTE


# --- a source's own rhythm ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("per_hour", "wanted"),
    [
        (200, 15 * MINUTE),  # more than its window holds: as often as is polite
        (20, 15 * MINUTE),
        (10, 30 * MINUTE),
        (5, HOUR),
        (1, HOUR),
        (1 / 12, 3 * HOUR),
        (1 / 48, 12 * HOUR),
        (1 / 24 / 30, DAY),
        (0, DAY),
    ],
)
def test_the_interval_follows_how_much_a_source_publishes(per_hour: float, wanted: timedelta) -> None:
    assert about(wait(steady_rate(per_hour)), wanted)


def test_a_source_that_is_not_known_yet_is_asked_hourly() -> None:
    assert about(wait(), HOUR)
    assert about(wait(replace(steady_rate(0), began=NOW - DAY)), HOUR)


def test_a_wide_window_needs_no_hurry() -> None:
    assert about(wait(steady_rate(50, window=1000)), HOUR)


def test_a_list_that_still_grows_drops_nothing_and_needs_no_hurry() -> None:
    assert about(wait(replace(steady_rate(50), is_full=False)), HOUR)


def test_a_source_is_asked_when_it_usually_publishes() -> None:
    # Watched for two weeks: 40 entries a working day, all at 14 h and 15 h.
    hours = tuple(200.0 if hour in (14, 15) else 0.0 for hour in range(24))
    days = tuple(80.0 if day < 5 else 0.0 for day in range(7))
    busy = replace(steady_rate(0, window=400, weeks=5), span=336.0, hours=hours, days=days)
    evening = NOW.replace(hour=17)
    night = schedule.next_poll(SOURCE, busy, answer(), None, evening, vouched=True) - evening
    morning = schedule.next_poll(SOURCE, busy, answer(), None, NOW.replace(hour=13), vouched=True)
    assert night > 2 * HOUR
    assert morning - NOW.replace(hour=13) < 70 * MINUTE


def test_days_that_were_not_seen_yet_are_not_taken_for_quiet_ones() -> None:
    days = (240.0, 0.0, 0.0, 0.0, 0.0, 0.0, 240.0)  # began on a Sunday, and it is Wednesday now
    known = replace(steady_rate(20, weeks=1), began=NOW - 3 * DAY, span=24.0, days=days)
    assert about(wait(known), 15 * MINUTE)


def test_a_burst_shortens_the_next_wait_at_once() -> None:
    burst = replace(steady_rate(1), fresh=10)  # half of the window in an hour
    assert about(wait(burst, asked=NOW - HOUR), 30 * MINUTE)
    assert about(wait(replace(burst, fresh=20), asked=NOW - HOUR), 15 * MINUTE)


def test_a_whole_new_window_after_a_long_pause_is_no_burst() -> None:
    assert about(wait(replace(steady_rate(1), fresh=20), asked=NOW - 3 * DAY), HOUR)


@pytest.mark.parametrize(("idle", "wanted"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 24), (500, 24)])
def test_polls_that_can_only_be_answered_whole_grow_rarer_while_nothing_changes(
    idle: int, wanted: int
) -> None:
    assert about(wait(replace(YOUNG, idle=idle), vouched=False), wanted * HOUR)
    assert about(wait(replace(YOUNG, idle=idle), vouched=True), HOUR)


def test_rarer_polls_never_cost_what_the_window_holds() -> None:
    assert about(wait(replace(steady_rate(5), idle=9), vouched=False), HOUR)


# --- wishes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "wanted"), [(900, 15 * MINUTE), (60, 15 * MINUTE), (1800, 30 * MINUTE), (3 * 86400, 3 * DAY)]
)
def test_what_a_person_chose_is_kept_whatever_the_rhythm(every: int, wanted: timedelta) -> None:
    chosen = replace(SOURCE, every=every, steady=True)
    for known in (steady_rate(0), steady_rate(200), replace(YOUNG, idle=9)):
        assert about(wait(known, source=chosen, vouched=False), wanted)


def test_an_answers_wish_lengthens_even_what_a_person_chose() -> None:
    chosen = replace(SOURCE, every=900, steady=True)
    assert about(wait(YOUNG, ("Cache-Control", "max-age=7200"), source=chosen), 2 * HOUR)
    assert about(wait(YOUNG, ("Cache-Control", "max-age=99999999"), source=chosen), DAY)


def test_an_answers_wish_never_shortens() -> None:
    assert about(wait(YOUNG, ("Cache-Control", "max-age=60")), HOUR)


def test_a_feeds_wishes_are_remembered_where_nothing_changed() -> None:
    told = rhythm.learnt(YOUNG, (), replace(FEED, ttl=7200, skip_hours=(10,)), NOW)
    later = rhythm.unchanged(told, NOW + HOUR)
    assert (later.ttl, later.skip_hours, later.idle) == (7200, (10,), 1)
    assert wait(later) > 2 * HOUR + 40 * MINUTE  # not in the hour from ten on


def test_no_poll_is_nearer_than_the_floor_or_further_than_a_day() -> None:
    for per_hour in (0, 0.01, 0.3, 2, 17, 1000):
        for idle in (0, 3, 40):
            span = wait(replace(steady_rate(per_hour), idle=idle), vouched=False)
            assert 15 * MINUTE <= span <= DAY + 3 * MINUTE


# --- spreading ------------------------------------------------------------------------------------


def test_no_source_comes_at_the_full_hour_and_those_that_would_part() -> None:
    due = NOW.replace(minute=0)
    times = [schedule.beside_the_hour(due, id) for id in range(500)]
    assert len(set(times)) > 100
    assert min(times) == due + MINUTE
    assert max(times) < due + 3 * MINUTE
    assert times == [schedule.beside_the_hour(due, id) for id in range(500)]


def test_an_hourly_run_finds_an_hourly_source_due_every_time() -> None:
    at, waits = NOW.replace(minute=0), []
    for _ in range(24):
        due = schedule.next_poll(SOURCE, YOUNG, answer(), None, at, vouched=True)
        waits.append(due - at)
        at = due
    assert waits[1:] == [HOUR] * 23


# --- what is learnt --------------------------------------------------------------------------------


def seen(*ages: float, name: str = "k") -> tuple[Seen, ...]:
    """Return entries of so many hours ago."""
    return tuple(((f"{name}{age}",), NOW - age * HOUR) for age in ages)


def test_the_dates_of_a_first_poll_tell_a_rhythm() -> None:
    known = rhythm.learnt(YOUNG, seen(*(n / 10 for n in range(20))), FEED, NOW)
    assert (known.size, known.fresh, known.is_full) == (20, 20, True)
    assert known.newest == NOW
    assert 25 * MINUTE < wait(known) < 30 * MINUTE  # ten an hour through a window of twenty


def test_a_pinned_entry_of_years_ago_does_not_tell_a_rhythm() -> None:
    known = rhythm.learnt(YOUNG, seen(0, 1, 2, 24 * 900), FEED, NOW)
    assert (sum(known.hours), known.span) == (3, 2)


def test_entries_without_dates_count_when_they_are_seen() -> None:
    first = rhythm.learnt(YOUNG, ((("a",), None), (("b",), None)), FEED, NOW)
    second = rhythm.learnt(first, ((("c",), None), (("a",), None)), FEED, NOW + HOUR)
    assert (second.fresh, second.is_full) == (1, True)
    assert second.hours[9] == 1
    assert sum(second.days) == 1


def test_a_feed_that_is_empty_for_once_is_remembered_as_it_was() -> None:
    first = rhythm.learnt(YOUNG, seen(1, 2), FEED, NOW)
    second = rhythm.learnt(first, (), FEED, NOW + HOUR)
    assert second.window == first.window
    assert second.newest == first.newest


def test_a_sitemap_of_thousands_counts_what_is_new_and_not_what_is_old() -> None:
    pages = seen(*range(1, 5001))
    first = rhythm.learnt(YOUNG, pages, FEED, NOW)
    second = rhythm.learnt(first, (*pages, *seen(0.5, name="new")), FEED, NOW + HOUR)
    assert (len(second.window), second.size, second.fresh, second.is_full) == (500, 5001, 1, False)


def test_what_was_counted_fades() -> None:
    known = rhythm.watched(steady_rate(10), NOW + 14 * DAY)
    assert sum(known.hours) == pytest.approx(10 * 336 / 2)
    assert known.span == pytest.approx((336 + 336) / 2)


@pytest.mark.parametrize("jump", [timedelta(days=-3650), timedelta(days=3650), -HOUR, HOUR, timedelta()])
def test_a_clock_that_jumps_neither_silences_a_source_nor_makes_it_hurry(jump: timedelta) -> None:
    then = NOW + jump
    known = rhythm.learnt(steady_rate(5), seen(0.1, 0.2), FEED, then)
    due = schedule.next_poll(SOURCE, known, replace(answer(), captured_at=then), NOW, then, vouched=True)
    assert 15 * MINUTE <= due - then <= DAY + 3 * MINUTE
    again = rhythm.learnt(known, seen(0.1, 0.2), FEED, NOW)
    due = schedule.next_poll(SOURCE, again, answer(), then, NOW, vouched=True)
    assert 15 * MINUTE <= due - NOW <= DAY + 3 * MINUTE


# --- articles --------------------------------------------------------------------------------------


def test_an_article_is_looked_at_after_minutes_then_days_then_weeks() -> None:
    waits = [schedule.next_look(looks) for looks in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[3], waits[-1]) == (30 * MINUTE, DAY, 26 * WEEK)


@pytest.mark.parametrize(
    ("looks", "edits", "counted"), [(1, 1, 1), (2, 1, 1), (6, 2, 4), (8, 20, 6), (8, 21, 8)]
)
def test_an_edit_brings_the_next_look_nearer_as_long_as_there_are_not_too_many(
    looks: int, edits: int, counted: int
) -> None:
    assert schedule.set_back(looks, edits) == counted


# --- hosts that want to be left alone ----------------------------------------------------------------


def busy(status: int, *headers: tuple[str, str]) -> Capture:
    return answer(*headers, status=status)


def test_a_host_is_left_alone_as_long_as_it_says() -> None:
    for said, span in (("518400", 6 * DAY), ("Wed, 11 Mar 2026 08:16:00 GMT", WEEK - MINUTE)):
        for status in (429, 503):
            hold = schedule.hold_after(busy(status, ("Retry-After", said)), None, NOW)
            assert hold == Hold(host="wire.test", until=NOW + span, status=status, since=NOW)


def test_a_host_that_does_not_say_how_long_is_left_alone_longer_and_longer() -> None:
    hold, waits = None, []
    at = NOW
    for _ in range(8):
        hold = schedule.hold_after(replace(busy(429), captured_at=at), hold, at)
        assert hold is not None
        waits.append((hold.until - at) / HOUR)
        at = hold.until + MINUTE
    assert waits == [4, 8, 16, 32, 64, 128, 168, 168]


def test_answers_under_way_at_once_count_once() -> None:
    first = schedule.hold_after(busy(429), None, NOW)
    second = schedule.hold_after(busy(429), first, NOW + MINUTE)
    assert second is not None
    assert (second.times, second.since, second.until) == (1, NOW, NOW + MINUTE + 4 * HOUR)


def test_who_was_not_let_through_before_makes_a_hold_no_shorter() -> None:
    unasked = Failure(trouble=Trouble.UNASKED, detail="left alone")
    waited = replace(busy(429, ("Retry-After", "3600")), failure=unasked)
    first = schedule.hold_after(waited, None, NOW)
    assert first is not None
    assert first.until == NOW + HOUR
    second = schedule.hold_after(busy(429), first, NOW)
    assert second is not None
    assert second.until == NOW + 4 * HOUR
    assert schedule.hold_after(waited, second, NOW) == second


def test_the_longer_of_two_wishes_stands() -> None:
    first = schedule.hold_after(busy(429, ("Retry-After", "86400")), None, NOW)
    assert schedule.hold_after(busy(503, ("Retry-After", "60")), first, NOW).until == NOW + DAY  # type: ignore[union-attr]


def test_only_a_good_answer_after_the_hold_ends_it() -> None:
    hold = schedule.hold_after(busy(429), None, NOW)
    assert hold is not None
    assert schedule.hold_after(answer(), hold, NOW + MINUTE) == hold
    broken = answer(status=None, failure=Failure(trouble=Trouble.DNS, detail="x"))
    assert schedule.hold_after(broken, hold, hold.until) == hold
    assert schedule.hold_after(answer(), hold, hold.until) is None


def test_a_server_error_alone_is_no_wish_to_be_left_alone() -> None:
    assert schedule.hold_after(busy(503), None, NOW) is None
    assert schedule.hold_after(busy(500, ("Retry-After", "60")), None, NOW) is None


def test_a_visit_that_was_not_made_has_not_failed() -> None:
    visit = Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE, failures=2)
    unasked = Failure(trouble=Trouble.UNASKED, detail="left alone")
    after = schedule.failed(visit, answer(("Retry-After", "60"), status=429, failure=unasked), "x", NOW)
    assert (after.failures, after.due) == (2, NOW + MINUTE)


def test_a_page_whose_robots_txt_cannot_be_read_waits_and_has_not_failed() -> None:
    visit = Visit(id=1, url=SOURCE.url, kind=Kind.ARTICLE, source=SOURCE, failures=2)
    for _ in range(3):
        unasked = Failure(trouble=Trouble.UNASKED, detail="the site can't say now what robots may ask")
        waiting = answer(("Retry-After", "600"), status=None, failure=unasked)
        visit = schedule.failed(visit, waiting, "x", NOW)
        assert (visit.failures, visit.due) == (2, NOW + 10 * MINUTE)
        assert schedule.hold_after(waiting, None, NOW) is None  # what is no page's is asked all the same


# --- failures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [None, Trouble.DNS, Trouble.TLS, Trouble.CONNECT, Trouble.TIMEOUT])
@pytest.mark.parametrize("status", [404, 500, 403])
def test_a_source_in_trouble_is_asked_later_and_later_weekly_at_last_and_for_ever(
    trouble: Trouble | None, status: int
) -> None:
    failure = Failure(trouble=trouble, detail="x") if trouble else None
    visit, now = Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE), NOW
    waits = []
    for _ in range(30):
        visit = schedule.failed(visit, answer(status=None if failure else status, failure=failure), "x", now)
        assert visit.due is not None
        waits.append(visit.due - now)
        now = visit.due
    assert waits[:3] == [HOUR, 2 * HOUR, 4 * HOUR]
    assert waits == sorted(waits)
    assert waits[-1] == WEEK
    assert visit.error_since == NOW
