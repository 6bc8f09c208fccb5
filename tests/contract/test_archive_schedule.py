"""What an archive remembers of when to ask: hosts that want peace, gaps, moves, and wrong clocks."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from dibao import pipeline
from dibao.archive.sqlite import SOON, SQL, eased
from dibao.clock import SteppingClock
from dibao.engine import PER_SITE, Agenda
from dibao.model import Exchange, Kind, Outcome, Rules, Visit
from tests.contract.test_archive import FEED, NOW, Shelf, captured, page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_DAY = DAY + HOUR / 12  # a source that is asked daily is due, and not at the full hour
OTHER = "http://other.test/feed"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.archive.close()


def busy(shelf: Shelf, visit: Visit, now: datetime, *headers: tuple[str, str], status: int = 429) -> Outcome:
    """Settle an answer that asks us to go away."""
    capture = replace(captured(visit.url, "", status, now), headers=headers)
    answer = (visit, shelf.archive.keep(visit, capture), pipeline.read(visit, capture))
    return shelf.archive.settle([answer], pipeline.judge, now)[0]


def hosts(visits: list[Visit]) -> set[str]:
    return {visit.url.split("/")[2] for visit in visits}


# --- hosts that want to be left alone ------------------------------------------------------------------


def test_every_visit_of_a_host_waits_as_long_as_one_answer_asks_and_no_other_host(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.subscribe(name="別社", url=OTHER)
    (poll, other) = shelf.due()
    shelf.answer(poll, FEED.format("摘要"))
    first, second = (visit for visit in shelf.due() if visit.kind is Kind.ARTICLE)
    busy(shelf, first, NOW, ("Retry-After", "518400"), status=503)
    assert [visit.id for visit in shelf.due(NOW + 5 * DAY)] == [other.id]
    assert second.id in {visit.id for visit in shelf.due(NOW + 6 * DAY)}
    assert [(hold.host, hold.until) for hold in shelf.library.holds(NOW)] == [("wire.test", NOW + 6 * DAY)]


def test_a_hold_survives_a_restart_and_no_haste_breaks_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    source = shelf.subscribe()
    outcome = busy(shelf, shelf.due()[0], NOW, ("Retry-After", "Thu, 05 Mar 2026 08:00:00 GMT"))
    assert outcome.visit.due == outcome.visit.hold == NOW + DAY
    shelf.archive.close()
    again = Shelf(tmp_path)
    again.sources.hasten(source.id, NOW + HOUR)
    again.archive.ease_in(NOW + HOUR)
    again.database.run("UPDATE visits SET due = '2026-03-04T00:00:00.000000Z', hold = NULL")
    assert again.due(NOW + HOUR) == []
    assert again.archive.next_due() == NOW + DAY
    assert again.archive.next_due(source.id) == NOW + DAY
    assert len(again.due(NOW + DAY)) == 1
    again.archive.close()


def test_a_host_that_only_says_429_is_left_alone_longer_each_time_until_it_answers_well(shelf: Shelf) -> None:
    shelf.subscribe()
    now, waits = NOW, []
    for _ in range(3):
        busy(shelf, shelf.due(now)[0], now)
        (hold,) = shelf.library.holds(now)
        waits.append((hold.until - now) / HOUR)
        now = hold.until
        assert shelf.library.holds(now) == []
    assert waits == [4, 8, 16]
    shelf.answer(shelf.due(now)[0], FEED.format("摘要"), now=now)
    busy(shelf, shelf.due(now)[0], now)
    assert [(hold.until - now) / HOUR for hold in shelf.library.holds(now)] == [4]


def test_the_agenda_waits_for_what_is_due_first(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.subscribe(name="別社", url=OTHER)
    poll, other = shelf.due()
    busy(shelf, poll, NOW, ("Retry-After", "7200"))
    assert shelf.archive.next_due() == NOW
    shelf.answer(other, "", status=500)
    assert shelf.archive.next_due() == NOW + HOUR
    assert shelf.archive.next_due(poll.source.id) == NOW + 2 * HOUR


# --- gaps ------------------------------------------------------------------------------------------------


def feed_of(*numbers: int) -> str:
    items = "".join(f"<item><title>第{n}則</title><guid>n{n}</guid></item>" for n in numbers)
    return f'<rss version="2.0"><channel><title>青楓社</title>{items}</channel></rss>'


def test_a_gap_is_kept_with_the_poll_that_showed_it_and_closed_once(shelf: Shelf) -> None:
    source = shelf.subscribe(feed_only=True)
    for hours, numbers in ((0, (1, 2)), (2, (2, 3)), (4, (7, 8)), (6, (8, 9))):
        now = NOW + hours * HOUR
        shelf.answer(shelf.due(now)[0], feed_of(*numbers), now=now)
    (gap,) = shelf.library.gaps()
    assert (gap.source, gap.since, gap.until) == (source.id, NOW + 2 * HOUR, NOW + 4 * HOUR)
    assert (gap.seen_at, gap.entries, gap.filled_at) == (NOW + 4 * HOUR, 2, None)
    shelf.archive.fill_gap(gap.id, NOW + DAY)
    shelf.archive.fill_gap(gap.id, NOW + 2 * DAY)
    assert shelf.library.gaps() == []
    assert shelf.library.gaps(source.id + 1, filled=True) == []
    assert [each.filled_at for each in shelf.library.gaps(source.id, filled=True)] == [NOW + DAY]


def test_a_source_read_another_way_has_no_gap(shelf: Shelf) -> None:
    source = shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], feed_of(1, 2))
    shelf.sources.change(source, NOW, url="http://wire.test/other")
    now = NOW + 2 * HOUR
    shelf.answer(shelf.due(now)[0], feed_of(7, 8), now=now)
    assert shelf.library.gaps() == []


# --- a feed that moved -------------------------------------------------------------------------------------

NEW = "http://wire.test/new.xml"


def redirected(shelf: Shelf, visit: Visit, now: datetime, status: int = 301) -> Outcome:
    """Settle an answer that came from the new address."""
    came = captured(visit.url, FEED.format(f"{now:%d %H}"), at=now)
    moved = f"HTTP/1.1 {status} Moved\r\nLocation: {NEW}\r\nContent-Length: 0\r\n\r\n"
    hop = Exchange(url=visit.url, at=now, request=b"GET /feed HTTP/1.1\r\n\r\n", response=moved.encode())
    capture = replace(came, final_url=NEW, exchanges=(hop, *came.exchanges))
    answer = (visit, shelf.archive.keep(visit, capture), pipeline.read(visit, capture))
    return shelf.archive.settle([answer], pipeline.judge, now)[0]


def polls(shelf: Shelf, days: int, status: int = 301) -> None:
    for day in range(days):
        now = NOW + day * LONG_DAY
        (poll,) = (visit for visit in shelf.due(now) if visit.kind is Kind.FEED)
        redirected(shelf, poll, now, status)


def test_a_feed_that_moved_for_good_gets_its_new_address_after_days_and_the_journal_says_so(
    shelf: Shelf, tmp_path: Path
) -> None:
    source = shelf.subscribe()
    polls(shelf, 3)
    assert shelf.sources.all()[0].url == source.url
    (poll,) = (visit for visit in shelf.due(NOW + 3 * LONG_DAY) if visit.kind is Kind.FEED)
    redirected(shelf, poll, NOW + 3 * LONG_DAY)
    assert shelf.sources.all()[0].url == NEW
    (poll,) = (visit for visit in shelf.due(NOW + 5 * DAY) if visit.kind is Kind.FEED)
    assert (poll.url, poll.etag, poll.source.url) == (NEW, None, NEW)
    lines = (tmp_path / "journal" / "2026-03.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(lines[-1])
    assert (told["action"], told["url"], told["to"]) == ("source moved", source.url, NEW)
    assert len({visit.key for visit in shelf.due(NOW + 5 * DAY) if visit.key}) == 2  # the same articles
    assert shelf.library.gaps() == []


def test_a_redirect_for_now_rewrites_nothing(shelf: Shelf) -> None:
    source = shelf.subscribe()
    polls(shelf, 6, status=302)
    assert shelf.sources.all()[0].url == source.url


def test_a_feed_never_moves_to_where_another_source_stands(shelf: Shelf) -> None:
    shelf.subscribe()
    other = shelf.subscribe(name="別社", url=NEW)
    shelf.answer(shelf.due()[1], FEED.format("摘要"))
    shelf.database.run("UPDATE visits SET due = '2027-01-01T00:00:00.000000Z' WHERE source = 2")
    polls(shelf, 6)
    assert [source.url for source in shelf.sources.all()] == ["http://wire.test/feed", other.url]


# --- pauses and wrong clocks --------------------------------------------------------------------------------


def test_few_overdue_polls_go_out_at_once_and_many_over_minutes() -> None:
    assert {eased(9, id, SOON) for id in range(9)} == {timedelta()}
    many = [eased(1000, id, SOON) for id in range(1000)]
    assert max(many) < 100 * timedelta(seconds=1)
    assert max(many.count(wait) for wait in set(many)) <= 10
    assert max(eased(10**6, id, SOON) for id in range(5000)) < SOON


def test_after_a_pause_polls_are_spread_and_each_host_keeps_its_order(shelf: Shelf) -> None:
    for n in range(300):
        source = shelf.subscribe(name=f"s{n}", url=f"http://h{n}.test/feed")
        assert source.id
    for visit in shelf.archive.due(NOW, claimed=(), busy=(), only=None, limit=1000):
        shelf.answer(visit, "", status=500)
    later = NOW + 3 * DAY
    shelf.archive.ease_in(later)
    soon = shelf.archive.due(later + timedelta(seconds=2), claimed=(), busy=(), only=None, limit=1000)
    assert 20 <= len(soon) <= 60
    whole = shelf.archive.due(later + SOON, claimed=(), busy=(), only=None, limit=1000)
    assert len(whole) == 300


def test_a_round_that_does_not_wait_makes_all_polls_at_once(shelf: Shelf) -> None:
    for n in range(30):
        shelf.subscribe(name=f"s{n}", url=f"http://h{n}.test/feed")
    for visit in shelf.due():
        shelf.answer(visit, "", status=500)
    shelf.archive.ease_in(NOW + DAY, within=timedelta())
    assert len(shelf.due(NOW + DAY)) == 30


def test_a_new_subscription_waits_for_no_one(shelf: Shelf) -> None:
    for n in range(300):
        shelf.subscribe(name=f"s{n}", url=f"http://h{n}.test/feed")
    shelf.archive.ease_in(NOW + DAY)
    assert len(shelf.archive.due(NOW + DAY, claimed=(), busy=(), only=None, limit=1000)) == 300


@pytest.mark.parametrize("jump", [timedelta(days=3650), timedelta(days=-3650), HOUR, -HOUR])
def test_a_clock_that_jumps_and_comes_back_silences_nothing(jump: timedelta, shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    there = NOW + jump
    shelf.archive.mend_clock(there)
    shelf.archive.ease_in(there)
    for visit in shelf.due(there + SOON):
        body = FEED.format("摘要") if visit.kind is Kind.FEED else page("內文")
        shelf.answer(visit, body, now=there + SOON)
    back = NOW + 2 * HOUR
    shelf.archive.mend_clock(back)
    soonest = shelf.archive.next_due()
    assert soonest is not None
    assert soonest <= back + 2 * HOUR
    assert shelf.library.gaps() == []


@pytest.mark.parametrize("back", [3650 * DAY, DAY, HOUR / 2])
def test_a_hold_of_a_clock_that_was_set_back_lasts_as_long_as_the_host_asked(
    back: timedelta, shelf: Shelf
) -> None:
    shelf.subscribe()
    busy(shelf, shelf.due()[0], NOW + back, ("Retry-After", "172800"))
    shelf.archive.mend_clock(NOW)
    assert [(hold.since, hold.until) for hold in shelf.library.holds(NOW)] == [(NOW, NOW + 2 * DAY)]
    shelf.archive.mend_clock(NOW + HOUR)  # once is enough
    assert shelf.due(NOW + 2 * DAY - HOUR) == []
    assert len(shelf.due(NOW + 2 * DAY + SOON)) == 1


def test_a_clock_set_back_an_hour_shortens_no_wait_and_lengthens_none_by_more(shelf: Shelf) -> None:
    polls = [shelf.subscribe(name=f"s{n}", url=f"http://h{n}.test/feed") for n in range(4)]
    asked = [NOW + HOUR / 6 * n for n in range(len(polls))]
    for visit, at in zip(shelf.due(), asked, strict=True):
        shelf.answer(visit, FEED.format("摘要"), now=at)
    back = asked[-1] - HOUR  # the clock is set back as soon as the last was asked
    for now in (back, back + HOUR / 12, back + HOUR / 6):  # seen again at each round
        shelf.archive.mend_clock(now)
    rows = shelf.database.rows("SELECT due, asked_at FROM visits WHERE kind = 'feed' ORDER BY id")
    waits = [datetime.fromisoformat(row["due"]) - (at - HOUR) for row, at in zip(rows, asked, strict=True)]
    assert all(HOUR <= wait <= 2 * HOUR + SOON for wait in waits)
    assert all(datetime.fromisoformat(row["asked_at"]) <= back + HOUR / 6 for row in rows)


def test_what_a_clock_that_ran_ahead_found_and_did_not_ask_is_asked(shelf: Shelf) -> None:
    shelf.subscribe(every=30 * 86400, steady=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要"), now=NOW + 3650 * DAY)
    assert shelf.due() == []
    shelf.archive.mend_clock(NOW)
    assert {visit.kind for visit in shelf.due(NOW + DAY)} == {Kind.FEED, Kind.ARTICLE}


def test_a_poll_put_off_absurdly_far_is_due_again_and_one_that_a_person_put_off_is_not(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.subscribe(name="週報", url=OTHER, every=365 * 86400, steady=True)
    far = "UPDATE visits SET due = '2036-01-01T00:00:00.000000Z', asked_at = '2026-03-04T07:00:00.000000Z'"
    shelf.database.run(far)
    shelf.archive.mend_clock(NOW)
    assert hosts(shelf.due()) == {"wire.test"}


@pytest.mark.parametrize("name", ["due_polls", "due", "next_due", "next_freed", "overdue"])
def test_what_is_asked_again_and_again_goes_through_no_visit_that_is_not_due(name: str, shelf: Shelf) -> None:
    values = dict.fromkeys(("only", "now", "before"), NOW.isoformat()) | {"limit": 64}
    values |= dict.fromkeys(("claimed", "busy"), "[]")
    plan = [row["detail"] for row in shelf.database.rows(f"EXPLAIN QUERY PLAN {SQL[name]}", values)]
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN")}
    assert scanned <= {"json_each", "holds"}
    assert any("USING INDEX" in step and ("by_due" in step or "by_host" in step) for step in plan)


def test_the_hosts_of_one_site_leave_room_for_others(shelf: Shelf) -> None:
    many = "".join(f"<item><link>http://h{n}.wire.test/1</link><title>{n}</title></item>" for n in range(40))
    shelf.subscribe()
    shelf.answer(shelf.due()[0], f'<rss version="2.0"><channel><title>社</title>{many}</channel></rss>')
    shelf.subscribe(name="別社", url=OTHER)
    agenda = Agenda(shelf.archive, SteppingClock(NOW))
    first = list(islice(agenda, PER_SITE + 1))
    sites = Counter(hosts([visit]).pop().partition(".")[2] for visit in first)
    assert sites["wire.test"] == PER_SITE
    assert len(first) == PER_SITE + 1


def test_rules_of_sites_that_are_asked_no_more_are_dropped(shelf: Shelf) -> None:
    for name, until in (("old", NOW - 20 * DAY), ("new", NOW + DAY)):
        rules = Rules(origin=f"http://{name}.test", since=until - DAY, until=until, body=b"User-agent: *")
        shelf.archive.keep_rules(rules)
    shelf.archive.mend_clock(NOW)
    assert shelf.archive.rules("http://old.test") is None
    assert shelf.archive.rules("http://new.test") is not None
