"""Which hub an answer names, and what pushes mean for the next poll."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao.decide.hubs import hastened, linked, news_of_hub, offer_of, owed, soonest
from dibao.decide.schedule import next_poll
from dibao.model import Capture, Feed, Kind, Lease, Mode, Offer, Rhythm, Source, Visit

NOW = datetime(2026, 3, 4, 8, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://a.test/feed"
SOURCE = Source(id=1, name="青楓社", url=URL)
VISIT = Visit(url=URL, kind=Kind.FEED, source=SOURCE, asked_at=NOW - HOUR)
HELD = Lease(hub="https://hub.test/", topic=URL, until=NOW + 8 * DAY, length=10 * DAY)
HUB = "https://hub.test/"


def capture(*links: str, final_url: str = URL, at: datetime = NOW) -> Capture:
    headers = tuple(("Link", link) for link in links)
    return Capture(url=URL, final_url=final_url, captured_at=at, status=200, headers=headers)


def feed(hub: str | None = None, self_url: str | None = None, *, cut: bool = False) -> Feed:
    return Feed(format="atom1.0", hub=hub, self_url=self_url, cut=cut)


# --- what is named ------------------------------------------------------------------------------------


def test_a_feed_offers_its_hub_and_its_own_address() -> None:
    assert offer_of(capture(), feed(HUB, "/feed.xml")) == Offer(hub=HUB, topic="https://a.test/feed.xml")
    assert offer_of(capture(), feed(HUB)) == Offer(hub=HUB, topic=URL)


def test_a_feed_that_was_found_elsewhere_for_once_keeps_its_topic() -> None:
    away = capture(final_url="https://mirror-7.test/feed")
    assert offer_of(away, feed(HUB)) == Offer(hub=HUB, topic=URL)


@pytest.mark.parametrize(
    "hub", [None, "", "http://hub.test/", "ftp://hub.test/", "javascript:x", "https://me:pw@hub.test/"]
)
def test_a_hub_that_cannot_be_told_a_secret_is_no_offer(hub: str | None) -> None:
    assert offer_of(capture(), feed(hub)) == Offer()


@pytest.mark.parametrize("topic", [f"{URL}?token=DIBAO-SECRET-3f2a", "https://me:pw@a.test/feed"])
def test_no_hub_is_told_of_an_address_with_a_secret(topic: str) -> None:
    assert offer_of(capture(), feed(HUB, topic)) == Offer()


def test_link_headers_come_before_what_the_feed_says() -> None:
    said = capture(f'<{HUB}>; rel="hub", <https://a.test/canonical>; rel=self')
    assert offer_of(said, feed("https://other.test/", "https://a.test/x")) == Offer(
        hub=HUB, topic="https://a.test/canonical"
    )
    apart = capture(f"<{HUB}>;rel=hub", '</canonical>; title="a, <b>"; REL="Self alternate"')
    assert offer_of(apart, feed()) == Offer(hub=HUB, topic="https://a.test/canonical")
    second = capture(f"<http://plain.test/>; rel=hub, <{HUB}>; rel=hub")
    assert offer_of(second, feed()) == Offer(hub=HUB, topic=URL)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<",
        "<>",
        "<>; rel=hub",
        f"<{HUB}>",
        f"<{HUB}>; rel",
        f"{HUB}; rel=hub",
        f"<{HUB}>; rev=hub",
        "\x00",
    ],
)
def test_a_header_that_names_no_hub_is_none(header: str) -> None:
    assert offer_of(capture(header), feed()) == Offer()


@pytest.mark.parametrize("piece", ["<", '<a>; rel="', "<a>;" + ' x="y"', "<a>; rel=hub,", ';rel="hub"', " "])
def test_a_header_of_any_length_is_read(piece: str) -> None:
    list(linked(capture(piece * (250_000 // len(piece)))))


def test_a_feed_that_was_cut_does_not_take_its_hub_back() -> None:
    assert offer_of(capture(), feed(cut=True)) is None
    assert offer_of(capture(), feed()) == Offer()


def test_only_what_is_new_is_news() -> None:
    same = replace(HELD, hub=HUB, topic=URL)
    assert news_of_hub(capture(), feed(HUB), same) is None
    assert news_of_hub(capture(), feed(), None) is None
    assert news_of_hub(capture(), feed(HUB), None) == Offer(hub=HUB, topic=URL)
    assert news_of_hub(capture(), feed(), same) == Offer()
    assert news_of_hub(capture(), feed("https://other.test/"), same) == Offer(
        hub="https://other.test/", topic=URL
    )


# --- the next poll --------------------------------------------------------------------------------------

PUSHED = replace(HELD, pushed_at=NOW - MINUTE)


def test_a_source_is_polled_daily_while_the_hub_and_the_feed_agree() -> None:
    assert owed(HELD, VISIT, False, NOW) == DAY
    assert owed(PUSHED, VISIT, True, NOW) == DAY


def test_a_hub_that_kept_silent_of_news_and_a_feed_that_lags_are_polled_at_their_own_pace() -> None:
    assert owed(HELD, VISIT, True, NOW) == timedelta()
    assert owed(PUSHED, VISIT, False, NOW) == timedelta()


@pytest.mark.parametrize(
    "lease",
    [
        None,
        replace(HELD, until=None),
        replace(HELD, until=NOW),
        replace(HELD, error="the hub answered 503"),
        replace(HELD, wanted=Mode.UNSUBSCRIBE),
    ],
)
def test_a_source_without_a_good_lease_keeps_its_pace(lease: Lease | None) -> None:
    assert owed(lease, VISIT, False, NOW) == timedelta()


def test_a_poll_is_due_when_the_lease_ends_at_the_latest() -> None:
    assert owed(replace(HELD, until=NOW + 3 * HOUR), VISIT, False, NOW) == 3 * HOUR


def poll(every: int = 3600, owed: timedelta = DAY, *, steady: bool = False) -> timedelta:
    source = replace(SOURCE, every=every, steady=steady)
    rhythm = Rhythm(began=NOW - HOUR)
    return next_poll(source, rhythm, capture(), None, NOW, vouched=True, owed=owed) - NOW


def test_what_is_owed_slows_the_pace_but_not_a_persons_word() -> None:
    assert poll() == DAY
    assert poll(owed=3 * HOUR) == 3 * HOUR
    assert poll(owed=timedelta()) == HOUR
    assert poll(1800, steady=True) == HOUR / 2


def test_a_push_makes_a_source_due_at_once_but_not_twice_a_minute() -> None:
    assert soonest(VISIT, NOW) == NOW
    assert soonest(replace(VISIT, asked_at=NOW), NOW) == NOW + MINUTE
    assert soonest(replace(VISIT, asked_at=None), NOW) == NOW


def test_a_push_hastens_neither_a_site_in_trouble_nor_one_that_wants_to_be_left_alone() -> None:
    assert soonest(replace(VISIT, asked_at=NOW, failures=3), NOW) == NOW + 15 * MINUTE
    assert soonest(replace(VISIT, hold=NOW + DAY), NOW) == NOW + DAY


def test_a_clock_that_ran_ahead_does_not_put_a_push_off() -> None:
    assert soonest(replace(VISIT, asked_at=NOW + 3650 * DAY), NOW) == NOW + MINUTE


def test_a_push_during_a_poll_asks_for_another() -> None:
    asked = capture(at=NOW - MINUTE / 2)
    during = replace(HELD, pushed_at=NOW - MINUTE / 4)
    assert hastened(during, asked, NOW + DAY, NOW) == NOW + MINUTE / 2
    before = replace(HELD, pushed_at=NOW - MINUTE)
    assert hastened(before, asked, NOW + DAY, NOW) == NOW + DAY
    assert hastened(replace(HELD, pushed_at=NOW + DAY), asked, NOW + DAY, NOW) == NOW + DAY  # a wrong clock
    assert hastened(None, asked, NOW + DAY, NOW) == NOW + DAY
