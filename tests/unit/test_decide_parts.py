"""Judgements on sitemaps: which parts and entries are taken, and when they are asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao import decide, urls
from dibao.decide.parts import parts_due
from dibao.model import Capture, Entry, Feed, Kind, Outcome, Part, Reading, Source, State, Visit
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SITE = "https://www.news.test"
SOURCE = Source(id=1, name="青楓社", url=f"{SITE}/index.xml", kind="sitemap", since="2026-02-02")
POLL = Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE)
KNOWN = Known(source=SOURCE, identities={}, visits={}, revisions={}, headlines={})
PART = Visit(
    id=2, url=f"{SITE}/1.xml", kind=Kind.PART, source=SOURCE, depth=1, asked_at=NOW - HOUR, due=NOW + DAY
)


def answer(status: int = 200, final_url: str = SOURCE.url, at: datetime = NOW) -> Capture:
    return Capture(url=final_url, final_url=final_url, captured_at=at, status=status)


def named(
    *parts: Part, known: Known = KNOWN, visit: Visit = POLL, capture: Capture | None = None
) -> tuple[Visit, ...]:
    found, _ = parts_due(visit, capture or answer(), parts, known, NOW)
    return found


def again(
    visit: Visit, changed: datetime | None = None, raw: str = "2026-03-04T08:00:00Z"
) -> datetime | None:
    """Return when a known part is asked after an index that says this, None where nothing is changed."""
    part = Part(url=visit.url, updated=changed, updated_raw=raw if changed else None)
    found = named(part, known=replace(KNOWN, parts={visit.url: visit}))
    return found[0].due if found else None


def judged(
    visit: Visit, *entries: Entry, status: int = 200, now: datetime = NOW, known: Known = KNOWN
) -> Outcome:
    reading = Reading(feed=Feed(format="sitemap", entries=entries) if status == 200 else None)
    return decide.judge(replace(visit, etag='"1"'), answer(status, visit.url, now), reading, known, now)


def test_a_part_of_the_same_site_is_asked_at_once_one_level_deeper() -> None:
    (found,) = named(Part(url="https://news.test/a.xml"), visit=replace(PART, depth=2))
    assert (found.kind, found.due, found.depth, found.id) == (Kind.PART, NOW, 3, 0)


def test_an_index_is_no_part_of_itself() -> None:
    moved = answer(final_url=f"{SITE}/new.xml")
    assert named(Part(url=POLL.url), Part(url=f"{SITE}/new.xml"), capture=moved) == ()
    assert named(Part(url=PART.url), Part(url=SOURCE.url), visit=PART) == ()


def test_a_host_that_the_source_led_us_to_is_its_own_and_one_that_a_part_leads_to_is_not() -> None:
    elsewhere = answer(final_url="https://cdn.test/index.xml")
    part = Part(url="https://cdn.test/1.xml")
    assert len(named(part, capture=elsewhere)) == 1
    assert named(part, capture=elsewhere, visit=PART) == ()


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("https://news.test/a", "http://news.test:8080/b", True),
        ("https://www.news.test/", "https://news.test/", True),
        ("https://maps.news.test/", "https://news.test/", True),
        ("https://www.news.test/", "https://maps.news.test/", True),
        ("https://maps.news.test/", "https://img.news.test/", False),
        ("https://news.test/", "https://oldnews.test/", False),
        ("https://news.test/", "https://test/", False),
        ("http://127.0.0.1/", "http://127.0.0.2/", False),
        ("http://[::1]/", "http://[::1]:8080/", True),
        ("news.test", "news.test", False),
    ],
)
def test_a_site_is_a_host_and_what_is_above_or_below_it(one: str, two: str, same: bool) -> None:
    assert urls.akin(one, two) is urls.akin(two, one) is same


def test_a_part_that_changed_since_the_last_look_is_due_and_one_that_did_not_rests_a_week() -> None:
    undated, dated = PART, replace(PART, changed=NOW - WEEK)
    for visit in (undated, dated):
        assert again(visit, NOW - timedelta(minutes=1)) == NOW
    assert again(undated, NOW - 2 * HOUR) == NOW - HOUR + WEEK
    assert again(dated, NOW - 2 * HOUR) is None


def test_a_day_alone_means_any_time_of_that_day() -> None:
    today = datetime(2026, 3, 4, tzinfo=UTC)
    assert again(PART, today, "2026-03-04") == NOW
    assert again(PART, today, "2026-03-04T00:00:00Z") == NOW - HOUR + WEEK


def test_a_part_is_asked_every_quarter_of_an_hour_at_most() -> None:
    just = replace(PART, asked_at=NOW - timedelta(minutes=5))
    assert again(just, datetime(2099, 1, 1, tzinfo=UTC)) == NOW + timedelta(minutes=10)


def test_a_host_that_wants_peace_has_it() -> None:
    assert again(replace(PART, hold=NOW + DAY / 2), NOW) == NOW + DAY / 2


def test_a_part_whose_index_gives_no_date_keeps_its_own_pace() -> None:
    assert again(PART) is None
    assert again(replace(PART, changed=NOW)) == NOW  # it gave one before


def test_a_part_that_fails_is_left_to_its_retries_until_it_changes() -> None:
    failing = replace(PART, failures=3)
    assert again(failing, NOW - DAY) is None
    assert again(failing, NOW) == NOW


def test_a_part_that_was_gone_and_is_named_still_is_asked_a_week_later() -> None:
    assert again(replace(PART, due=None)) == NOW - HOUR + WEEK


def test_a_part_that_waits_for_its_first_look_is_not_announced_twice() -> None:
    assert again(replace(PART, asked_at=None, due=NOW), NOW) is None


def test_a_part_without_news_is_asked_half_as_often_each_time_down_to_daily() -> None:
    visit, waits = replace(PART, asked_at=None), []
    now = NOW
    for _ in range(7):
        visit = judged(visit, status=304, now=now).visit
        assert visit.due
        waits.append((visit.due - now) / HOUR)
        now = visit.due
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    fresh = judged(visit, Entry(link=f"{SITE}/a/1"), now=now)
    assert fresh.visit.due == now + HOUR


def test_a_part_whose_index_dates_it_is_asked_weekly_to_be_safe() -> None:
    dated = replace(PART, changed=NOW - DAY)
    assert judged(dated, Entry(link=f"{SITE}/a/1")).visit.due == NOW + WEEK


def test_a_part_that_is_gone_stops_no_source_and_is_asked_no_more() -> None:
    once = judged(PART, status=404)
    assert once.visit.due == NOW + HOUR
    for gone in (judged(once.visit, status=404), judged(PART, status=410)):
        assert (gone.visit.due, gone.source) == (None, None)
    stopped = judged(POLL, status=410)
    assert stopped.source
    assert stopped.source.state is State.STOPPED


def test_entries_of_before_the_first_day_are_left_out_and_those_without_a_date_taken() -> None:
    first = datetime(2026, 2, 2, tzinfo=UTC)
    kept = (
        Entry(link="/1", published=first),
        Entry(link="/2", updated=first),
        Entry(link="/3"),
        Entry(link="/4", published=datetime(2019, 1, 1, tzinfo=UTC), updated=NOW),
    )
    old = (Entry(link="/5", updated=first - timedelta(seconds=1)), Entry(link="/6", published=first - DAY))
    assert decide.recent((*kept, *old), SOURCE) == kept
    assert decide.recent(old, replace(SOURCE, since=None)) == old


def test_two_addresses_that_say_nothing_else_are_two_articles_at_every_poll() -> None:
    first = judged(POLL, Entry(link=f"{SITE}/a/1"))
    known = replace(KNOWN, identities=dict(first.identities))
    second = judged(POLL, Entry(link=f"{SITE}/a/2"), Entry(link=f"{SITE}/a/3"), known=known)
    assert len({visit.key for visit in (*first.found, *second.found)}) == 3


def test_one_address_with_two_headlines_is_two_articles() -> None:
    two = (Entry(link=f"{SITE}/live", title=title) for title in ("早上的消息", "晚上的消息"))
    assert len({visit.key for visit in judged(POLL, *two).found}) == 2


def test_a_page_that_changed_once_more_is_looked_at_later_and_later() -> None:
    entry = Entry(link=f"{SITE}/a/1", updated_raw="1")
    ((name, key),) = judged(POLL, entry).identities
    looked = Visit(
        id=9,
        url=f"{SITE}/a/1",
        kind=Kind.ARTICLE,
        source=SOURCE,
        entry=entry,
        key=key,
        due=NOW + WEEK,
        asked_at=NOW,
    )
    waits = []
    for turn in range(2, 6):
        known = replace(KNOWN, identities={name: key}, visits={key: looked})
        (looked,) = judged(POLL, replace(entry, updated_raw=str(turn)), known=known).found
        assert looked.due
        waits.append((looked.due - NOW) / HOUR)
        looked = replace(looked, due=NOW + WEEK)
    assert waits == [1, 2, 4, 8]
    (retitled,) = judged(POLL, replace(entry, updated_raw="9", title="改題"), known=known).found
    assert retitled.due == NOW


def test_a_headline_that_comes_again_is_another_article_while_the_first_is_listed() -> None:
    def flash(number: int, date: datetime | None = NOW) -> Entry:
        raw = "2026-03-04" if date else "1 小時前"
        return Entry(link=f"{SITE}/a/{number}", title="快訊", published=date, published_raw=raw)

    first = judged(POLL, flash(1))
    (visit,) = first.found
    known = replace(KNOWN, identities=dict(first.identities), visits={visit.key or "": replace(visit, id=7)})
    (second,) = judged(POLL, flash(2), flash(1), known=known).found
    assert (second.id, second.url) == (0, f"{SITE}/a/2")
    (moved,) = judged(POLL, flash(2), known=known).found
    assert (moved.id, moved.url) == (7, f"{SITE}/a/2")
    (later,) = judged(POLL, flash(3, None), known=known).found
    assert later.id == 0


def test_what_is_announced_an_hour_ago_each_day_is_a_new_article_each_day() -> None:
    entry = Entry(link=f"{SITE}/a/1", title="一週天氣", published_raw="1 小時前")
    first = judged(POLL, entry)
    known = replace(KNOWN, identities=dict(first.identities))
    (second,) = judged(POLL, replace(entry, link=f"{SITE}/a/2"), known=known).found
    assert second.key != first.found[0].key
