"""WebSub: what is asked of a hub, what is believed of it, and when it is asked again."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from dibao.errors import ConfigError
from dibao.fetch.websub import (
    LONGEST,
    PENDING,
    SHORTEST,
    SLOW,
    Lease,
    Mode,
    is_genuine,
    is_held,
    offer,
    renewal,
    request,
    slowest,
    verified,
)
from dibao.model import Feed

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEASE = Lease(
    hub="https://hub.test/",
    topic="https://harbour.test/feed?a=1&b=港",
    callback="https://news.example.org/push/3f2a",
    secret="s3cret",
)
ASKED = request(LEASE, NOW)[1]
GRANT = {
    "hub.mode": "subscribe",
    "hub.topic": LEASE.topic,
    "hub.challenge": "abc/+ =",
    "hub.lease_seconds": "864000",
}
HELD = verified(ASKED, GRANT, NOW)[1]


# --- asking -----------------------------------------------------------------------------------------


def test_a_feed_offers_its_hub_and_its_own_address() -> None:
    feed = Feed(format="atom1.0", hub="https://hub.test/", self_url="/feed.xml")
    assert offer(feed, "https://a.test/x") == ("https://hub.test/", "https://a.test/feed.xml")
    assert offer(replace(feed, self_url=None), "https://a.test/x") == (
        "https://hub.test/",
        "https://a.test/x",
    )


@pytest.mark.parametrize("hub", [None, "", "http://hub.test/", "ftp://hub.test/", "javascript:x"])
def test_a_hub_that_cannot_be_told_a_secret_is_no_offer(hub: str | None) -> None:
    assert offer(Feed(format="atom1.0", hub=hub), "https://a.test/x") is None


@pytest.mark.parametrize("mode", [Mode.SUBSCRIBE, Mode.UNSUBSCRIBE])
def test_a_request_says_all_that_a_hub_must_know(mode: Mode) -> None:
    form, asked = request(replace(LEASE, wanted=mode), NOW)
    assert form.isascii()
    assert parse_qs(form.decode(), strict_parsing=True) == {
        "hub.callback": [LEASE.callback],
        "hub.mode": [mode],
        "hub.topic": [LEASE.topic],
        "hub.lease_seconds": ["864000"],
        "hub.secret": ["s3cret"],
    }
    assert asked.asked_at == NOW


@pytest.mark.parametrize("secret", ["", "x" * 200, "密" * 67])
def test_a_secret_that_hubs_do_not_take_is_an_error(secret: str) -> None:
    with pytest.raises(ConfigError, match="199 bytes"):
        request(replace(LEASE, secret=secret), NOW)


# --- being asked back ---------------------------------------------------------------------------------


def test_what_was_asked_for_is_confirmed_with_the_challenge_as_it_came() -> None:
    answer, lease = verified(ASKED, GRANT, NOW + timedelta(minutes=5))
    assert answer == "abc/+ ="
    assert lease.until == NOW + timedelta(days=10, minutes=5)
    assert lease.asked_at is None
    assert is_held(lease, NOW + 9 * DAY)
    assert not is_held(lease, NOW + 11 * DAY)


@pytest.mark.parametrize(
    "change",
    [
        {"hub.topic": "https://harbour.test/other"},
        {"hub.topic": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "SUBSCRIBE"},
        {"hub.mode": "publish"},
        {"hub.challenge": ""},
        {"hub.lease_seconds": ""},
        {"hub.lease_seconds": "-5"},
        {"hub.lease_seconds": "1e9"},
        {"hub.lease_seconds": "٣"},
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(change: dict[str, str]) -> None:
    answer, lease = verified(ASKED, GRANT | change, NOW)
    assert answer is None
    assert not is_held(lease, NOW)


def test_nothing_is_confirmed_unasked_twice_or_too_late() -> None:
    assert verified(LEASE, GRANT, NOW) == (None, LEASE)
    assert verified(HELD, GRANT, NOW) == (None, HELD)
    assert verified(ASKED, GRANT, NOW + PENDING + HOUR) == (None, ASKED)
    assert verified(ASKED, GRANT, NOW - DAY) == (None, ASKED)
    assert verified(ASKED, {}, NOW) == (None, ASKED)


def test_a_lease_that_is_given_up_is_confirmed_and_over() -> None:
    leaving = request(replace(HELD, wanted=Mode.UNSUBSCRIBE), NOW)[1]
    assert verified(leaving, GRANT, NOW) == (None, leaving)
    answer, gone = verified(leaving, GRANT | {"hub.mode": "unsubscribe"}, NOW)
    assert answer == "abc/+ ="
    assert not is_held(gone, NOW)
    assert renewal(gone, NOW) is None


def test_a_refusal_ends_a_lease_and_is_told() -> None:
    said = {"hub.mode": "denied", "hub.topic": LEASE.topic, "hub.reason": "not\nhere"}
    answer, refused = verified(HELD, said, NOW)
    assert answer == ""
    assert refused.error == "the hub refuses: not here"
    assert not is_held(refused, NOW)
    assert renewal(refused, NOW) == NOW + DAY
    assert verified(HELD, said | {"hub.topic": "another"}, NOW) == (None, HELD)


@pytest.mark.parametrize(
    ("said", "length"),
    [("1", SHORTEST), ("600", SHORTEST), ("3600", HOUR), ("9" * 5000, LONGEST), ("00086400", DAY)],
)
def test_a_lease_is_as_long_as_is_sensible(said: str, length: timedelta) -> None:
    assert verified(ASKED, GRANT | {"hub.lease_seconds": said}, NOW)[1].length == length


# --- pushes -----------------------------------------------------------------------------------------

FOX = b"The quick brown fox jumps over the lazy dog"
SIGNED = {  # with the secret "key", as published
    "sha1": "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9",
    "sha256": "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
}


@pytest.mark.parametrize("method", SIGNED)
def test_a_signature_of_the_hub_is_believed(method: str) -> None:
    lease = replace(HELD, secret="key")
    assert is_genuine(lease, FOX, f"{method}={SIGNED[method]}")
    assert is_genuine(lease, FOX, f" {method.upper()}={SIGNED[method].upper()} ")
    assert not is_genuine(lease, FOX + b".", f"{method}={SIGNED[method]}")
    assert not is_genuine(HELD, FOX, f"{method}={SIGNED[method]}")


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_the_standard_is_known(method: str) -> None:
    made = hmac.new(b"s3cret", b"", method).hexdigest()
    assert is_genuine(HELD, b"", f"{method}={made}")
    assert not is_genuine(HELD, b"", f"{method}={made[:-1]}")


@pytest.mark.parametrize(
    "signature", [None, "", "=", "sha256", "sha256=", "md5=" + "0" * 32, "sha256=港", "new=x", "sha256=é"]
)
def test_no_other_signature_is_believed(signature: str | None) -> None:
    assert not is_genuine(HELD, FOX, signature)


# --- time -------------------------------------------------------------------------------------------


def test_a_lease_is_renewed_while_a_fifth_is_left_and_a_silent_hub_is_asked_again() -> None:
    assert renewal(LEASE, NOW) == NOW
    assert renewal(ASKED, NOW) == NOW + HOUR
    assert renewal(HELD, NOW) == NOW + 8 * DAY
    again = request(HELD, NOW + 8 * DAY)[1]
    assert is_held(again, NOW + 9 * DAY)  # the old lease counts until the new one is granted
    longer = verified(again, GRANT, NOW + 8 * DAY)[1]
    assert longer.until == NOW + 18 * DAY


@pytest.mark.parametrize("jump", [timedelta(days=3650), -timedelta(days=3650)])
def test_a_jump_of_the_clock_puts_nothing_off_for_years(jump: timedelta) -> None:
    for lease in (ASKED, HELD):
        due = renewal(lease, NOW + jump)
        assert due
        assert due <= NOW + jump + 8 * DAY


def test_polls_are_slow_while_pushes_are_owed_and_never_faster_than_their_pace() -> None:
    assert slowest(LEASE, HOUR, NOW) == HOUR
    assert slowest(HELD, HOUR, NOW) == SLOW
    assert slowest(HELD, 7 * DAY, NOW) == 7 * DAY
    assert slowest(HELD, HOUR, NOW + 11 * DAY) == HOUR
