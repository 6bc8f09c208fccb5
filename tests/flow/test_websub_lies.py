"""WebSub where hubs, or those who play one, say what they should not: nothing of it is believed."""

import shutil
from datetime import timedelta

import pytest

from dibao.web.hubs import MOST
from tests.flow.conftest import START
from tests.flow.desk import Desk, feed
from tests.flow.hub import call
from tests.flow.loopback import titles
from tests.flow.servers import Answer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate"),
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_subscription_that_nobody_asked_for_is_not_confirmed(desk: Desk) -> None:
    form = desk.agree()
    before = desk.lease
    assert desk.hub.ask_back(form)[0] == 404  # once is enough
    assert desk.hub.ask_back(form, mode="unsubscribe")[0] == 404
    assert desk.hub.ask_back(form, topic="https://other.test/feed")[0] == 404
    assert desk.hub.ask_back(form, topic="https://other.test/feed", mode="denied")[0] == 404
    assert desk.lease == before


@pytest.mark.parametrize(
    "said", [{"topic": "https://x.test/"}, {"mode": "unsubscribe"}, {"challenge": ""}, {"lease_seconds": "x"}]
)
def test_a_hub_that_asks_for_something_else_is_not_confirmed(said: dict[str, str], desk: Desk) -> None:
    desk.subscribe()
    desk.sync()
    assert desk.hub.ask_back(desk.hub.forms[-1], **said)[0] == 404
    assert not desk.lease.is_held(START)


def test_a_hub_that_asks_back_too_late_is_asked_again(desk: Desk) -> None:
    desk.subscribe()
    desk.sync()
    desk.pass_time(2 * HOUR)
    assert desk.hub.ask_back(desk.hub.forms[-1])[0] == 404
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "subscribe"]
    assert desk.hub.ask_back(desk.hub.forms[-1])[0] == 200


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "md5=" + "0" * 32, "sha256"])
def test_a_push_with_a_wrong_signature_is_answered_and_not_heeded(signature: str, desk: Desk) -> None:
    form = desk.agree()
    before = desk.due
    assert desk.hub.push(form, signature=signature) == 202
    assert desk.due == before
    assert desk.lease.pushed_at is None
    assert "not signed as agreed" in (desk.lease.error or "")
    assert desk.hub.push(form) == 202
    assert (desk.lease.error, desk.due) == (None, START + MINUTE)


def test_a_push_after_the_lease_ended_is_not_heeded(desk: Desk) -> None:
    form = desk.agree()
    before = desk.due
    desk.pass_time(11 * DAY)
    assert desk.hub.push(form) == 202
    assert (desk.due, desk.lease.pushed_at) == (before, None)


def test_a_push_that_is_too_large_is_refused_and_one_that_is_not_is_heeded(desk: Desk) -> None:
    form = desk.agree()
    assert desk.hub.push(form, b"x" * (MOST + 1)) == 413
    assert desk.lease.pushed_at is None
    assert desk.hub.push(form, b"x" * MOST) == 202
    assert desk.lease.pushed_at == START


def test_a_callback_that_nobody_was_told_is_not_there(desk: Desk) -> None:
    host = desk.agree()["hub.callback"].split("/")[2]
    for method in ("GET", "POST"):
        assert call(method, f"{host}/hub/{'A' * 32}", b"" if method == "POST" else None)[0] == 404
        assert call(method, f"{host}/hub/")[0] in (404, 405)


def test_a_hundred_pushes_are_one_poll_a_minute(desk: Desk) -> None:
    form = desk.agree()
    desk.pass_time(HOUR)
    polls = desk.polls()
    for _ in range(5):
        for _ in range(20):
            assert desk.hub.push(form) == 202
        desk.sync()
        desk.pass_time(MINUTE / 5)
    assert desk.polls() == polls + 1


def test_a_push_does_not_break_into_a_host_that_wants_to_be_left_alone(desk: Desk) -> None:
    form = desk.agree()
    good = desk.site.pages["/feed"]
    desk.site.pages["/feed"] = (429, "text/plain", b"slower")
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    polls = desk.polls()
    desk.site.pages["/feed"] = good
    desk.pass_time(HOUR)
    assert desk.hub.push(form) == 202
    desk.sync()
    assert desk.polls() == polls
    desk.pass_time(4 * HOUR)
    desk.sync()
    assert desk.polls() == polls + 1


def test_a_push_during_a_poll_asks_for_one_more(desk: Desk) -> None:
    form = desk.agree()
    old = feed(desk.site, 1, desk.hub.url)

    def pushed_meanwhile(handler: object) -> Answer:
        desk.pass_time(MINUTE / 60)
        assert desk.hub.push(form) == 202
        return old

    desk.pass_time(HOUR + 5 * MINUTE)
    began = desk.it.clock.now()
    desk.site.pages["/feed"] = pushed_meanwhile
    desk.sync()
    assert desk.due == began + MINUTE
    desk.items = 2
    desk.publish()
    desk.pass_time(MINUTE)
    desk.sync()
    assert titles(desk.it) == ["渡輪第0班", "渡輪第1班"]
