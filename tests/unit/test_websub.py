"""WebSub: what is asked of a hub, what is believed of it, and when it is asked again."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from dibao.errors import ConfigError
from dibao.fetch.websub import (
    LATEST,
    LONGEST,
    PENDING,
    SHORTEST,
    Seal,
    answered,
    pushed,
    renewal,
    request,
    secret_for,
    verified,
)
from dibao.model import Capture, Failure, Lease, Mode, Trouble

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


@pytest.mark.parametrize("mode", [Mode.SUBSCRIBE, Mode.UNSUBSCRIBE])
def test_a_request_says_all_that_a_hub_must_know(mode: Mode) -> None:
    letter, asked = request(replace(LEASE, wanted=mode), NOW)
    assert (letter.url, letter.form.isascii()) == (LEASE.hub, True)
    assert parse_qs(letter.form.decode(), strict_parsing=True) == {
        "hub.callback": [LEASE.callback],
        "hub.mode": [mode],
        "hub.topic": [LEASE.topic],
        "hub.lease_seconds": ["864000"],
        "hub.secret": ["s3cret"],
    }
    assert (asked.asked_at, asked.failures) == (NOW, 1)
    assert "s3cret" not in repr(letter) + repr(asked)


def test_a_secret_is_short_enough_and_goes_with_one_callback() -> None:
    made = secret_for("key", LEASE.callback)
    assert request(replace(LEASE, secret=made), NOW)[1].secret == made
    assert made == secret_for("key", LEASE.callback)
    assert len({made, secret_for("key", LEASE.callback + "a"), secret_for("kez", LEASE.callback)}) == 3


def said(status: int | None, failure: Failure | None = None) -> Capture:
    return Capture(url=LEASE.hub, final_url=LEASE.hub, captured_at=NOW, status=status, failure=failure)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_hub_that_takes_a_request_is_waited_for(status: int) -> None:
    assert answered(ASKED, said(status), NOW) == ASKED


def test_a_hub_that_says_no_is_asked_a_day_later_and_one_in_trouble_an_hour_later() -> None:
    no = answered(ASKED, said(404), NOW)
    assert (no.refused, no.error, no.due) == (True, "the hub answered 404", NOW + DAY)
    assert verified(no, GRANT, NOW) == (None, no)
    ill = answered(ASKED, said(503), NOW)
    assert (ill.refused, ill.error, ill.due) == (False, "the hub answered 503", NOW + HOUR)
    away = answered(ASKED, said(None, Failure(trouble=Trouble.DNS, detail="the name is not known")), NOW)
    assert (away.refused, away.error) == (False, "dns: the name is not known")


def test_a_hub_that_stays_silent_is_asked_later_each_time_and_never_given_up() -> None:
    lease, at, waits = LEASE, NOW, []
    for _ in range(12):
        lease = request(lease, at)[1]
        assert lease.due is not None
        waits.append(lease.due - at)
        at = lease.due
    assert waits[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert waits[-1] == LATEST


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
    assert lease.is_held(NOW + 9 * DAY)
    assert not lease.is_held(NOW + 11 * DAY)


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
    assert not lease.is_held(NOW)


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
    assert not gone.is_held(NOW)
    assert renewal(gone, NOW) is None


def test_a_refusal_ends_a_lease_and_is_told() -> None:
    said = {"hub.mode": "denied", "hub.topic": LEASE.topic, "hub.reason": "not\nhere"}
    answer, refused = verified(HELD, said, NOW)
    assert answer == ""
    assert refused.error == "the hub refuses: not here"
    assert not refused.is_held(NOW)
    assert renewal(refused, NOW) == NOW + DAY
    assert verified(HELD, said | {"hub.topic": "another"}, NOW) == (None, HELD)


@pytest.mark.parametrize(
    ("said", "length"),
    [("1", SHORTEST), ("600", SHORTEST), ("3600", HOUR), ("9" * 5000, LONGEST), ("00086400", DAY)],
)
def test_a_lease_is_as_long_as_is_sensible(said: str, length: timedelta) -> None:
    assert verified(ASKED, GRANT | {"hub.lease_seconds": said}, NOW)[1].length == length


def test_a_hub_that_does_not_confirm_our_leaving_is_told_three_times() -> None:
    lease, at, told = replace(HELD, wanted=Mode.UNSUBSCRIBE), NOW, 0
    while (due := renewal(lease, at)) is not None:
        lease, at, told = request(lease, due)[1], due, told + 1
    assert told == 3
    assert not lease.is_held(NOW)


# --- pushes -----------------------------------------------------------------------------------------


def is_genuine(lease: Lease, body: bytes, signature: str | None) -> bool:
    seal = Seal(lease, signature)
    for start in range(0, len(body), 7):
        seal.take(body[start : start + 7])
    return seal.is_genuine()


def test_a_push_is_believed_or_noted() -> None:
    good = pushed(replace(HELD, error="old"), True, NOW)
    assert (good.pushed_at, good.error) == (NOW, None)
    bad = pushed(HELD, False, NOW)
    assert (bad.pushed_at, bad.until) == (None, HELD.until)
    assert "not signed as agreed" in (bad.error or "")


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
    assert again.is_held(NOW + 9 * DAY)  # the old lease counts until the new one is granted
    longer = verified(again, GRANT, NOW + 8 * DAY)[1]
    assert longer.until == NOW + 18 * DAY


@pytest.mark.parametrize("jump", [timedelta(days=3650), -timedelta(days=3650)])
def test_a_jump_of_the_clock_puts_nothing_off_for_years(jump: timedelta) -> None:
    for lease in (ASKED, HELD):
        due = renewal(lease, NOW + jump)
        assert due
        assert due <= NOW + jump + 8 * DAY
