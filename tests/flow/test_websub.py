"""WebSub with a real hub and a real server for its callbacks: pushes bring polls, and polls bring news."""

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dibao.hubs import Subscriber, make_key, subscribing
from dibao.model import Capture, Letter, Source, State, Visit
from dibao.wiring import fetching, opened
from tests.flow.conftest import START
from tests.flow.desk import Desk
from tests.flow.hub import running_hub
from tests.flow.loopback import titles

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate"),
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# --- the whole way --------------------------------------------------------------------------------------


def test_a_push_brings_an_article_long_before_the_next_poll(desk: Desk) -> None:
    form = desk.agree()
    assert form["hub.topic"] == f"{desk.site.url}/feed?canonical=1&x=港"
    assert form["hub.callback"].startswith(desk.it.config.web.public_url + "/hub/")
    assert desk.lease.is_held(START)
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.due == desk.it.clock.now() + DAY  # a backup, since news will be told of

    desk.items = 2
    desk.publish()
    desk.pass_time(2 * HOUR)
    desk.sync()
    assert titles(desk.it) == ["渡輪第0班"]
    invented = (
        b"<rss><channel><item><title>Invented</title><link>http://x.test/</link></item></channel></rss>"
    )
    assert desk.hub.push(form, invented) == 202
    assert desk.due == desk.it.clock.now()
    desk.sync()
    assert titles(desk.it) == ["渡輪第0班", "渡輪第1班"]
    assert desk.due == desk.it.clock.now() + DAY
    assert desk.polls() == 3


@pytest.mark.parametrize("apart", [True, False], ids=["in two headers", "in one"])
def test_a_hub_that_only_the_headers_name_pushes_as_well(desk: Desk, apart: bool) -> None:
    desk.publish(hub="")
    kind, head, body = desk.site.pages["/feed"]  # type: ignore[misc]
    desk.site.pages["/feed"] = kind, head, body.replace(b'rel="self"', b'rel="other"')
    hub, own = f'<{desk.hub.url}>; rel="hub"', f"<{desk.site.url}/feed>; rel=self"
    desk.site.more["/feed"] = (("Link", hub), ("link", own)) if apart else (("Link", f"{hub}, {own}"),)
    desk.source, _ = desk.it.sources.add(Source(name="青楓社", url=f"{desk.site.url}/feed"), START)
    desk.sync()
    form = desk.hub.forms[-1]
    assert form["hub.topic"] == f"{desk.site.url}/feed"
    assert desk.hub.ask_back(form) == (200, "a+b/c=港")
    assert desk.lease.is_held(START)

    desk.items = 2
    desk.publish(hub="")
    desk.pass_time(2 * HOUR)
    assert desk.hub.push(form) == 202
    desk.sync()
    assert titles(desk.it) == ["渡輪第0班", "渡輪第1班"]


def test_who_says_how_often_is_heard_whatever_a_hub_owes(desk: Desk) -> None:
    desk.agree()
    assert desk.source
    desk.it.sources.change(desk.source, desk.it.clock.now(), every=2 * 3600, steady=True)
    desk.pass_time(3 * HOUR + MINUTE)
    desk.sync()
    assert desk.lease.is_held(desk.it.clock.now())
    assert desk.due == desk.it.clock.now() + 2 * HOUR


def test_a_hub_may_ask_back_before_it_answers(desk: Desk) -> None:
    answers: list[tuple[int, str]] = []
    desk.hub.during = lambda form: answers.append(desk.hub.ask_back(form))
    desk.subscribe()
    desk.sync()
    assert answers == [(200, "a+b/c=港")]
    assert desk.lease.is_held(START)
    assert desk.lease.error is None


class Witness:
    """Hears letters and sees, as each is handed over, whether the archive knows of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.known: list[datetime | None] = []

    @contextmanager
    def telling(self) -> Iterator["Witness"]:
        yield self

    def over(self, things: Iterable[Letter]) -> Iterator[tuple[Letter, Capture]]:
        for _ in things:
            self.known.append(self.desk.lease.asked_at)
        yield from ()

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        yield from ()

    def close(self) -> None:
        """Hold nothing."""


def test_that_a_hub_is_asked_is_written_down_before_it_is(desk: Desk) -> None:
    desk.subscribe()
    with fetching(desk.it, keep=desk.it.archive.keep) as network:
        desk.walk(network)
    witness = Witness(desk)
    make_key(desk.it.folder)
    Subscriber(desk.it, witness).ask()
    assert witness.known == [START]


def test_hubs_are_asked_while_a_walk_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dibao.hubs.SECONDS", 0.05)
    asked = threading.Event()
    desk.hub.during = lambda form: asked.set()
    desk.subscribe()
    with fetching(desk.it, keep=desk.it.archive.keep) as network, subscribing(desk.it, network):
        desk.walk(network)
        assert asked.wait(30)
    assert len(desk.hub.forms) == 1


def test_a_lease_is_renewed_before_it_ends_and_pushes_never_pause(desk: Desk) -> None:
    first = desk.agree()
    desk.pass_time(7 * DAY)
    desk.sync()
    assert len(desk.hub.forms) == 1
    desk.pass_time(DAY + HOUR)
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "subscribe"]
    again = desk.hub.forms[-1]
    assert again == first
    assert desk.hub.push(first) == 202
    assert desk.lease.pushed_at == desk.it.clock.now()
    assert desk.hub.ask_back(again)[0] == 200
    desk.pass_time(9 * DAY)
    assert desk.lease.is_held(desk.it.clock.now())


def test_a_lease_that_lapses_leaves_the_source_at_its_own_pace(desk: Desk) -> None:
    desk.subscribe()
    desk.sync()
    desk.hub.ask_back(desk.hub.forms[-1], lease_seconds="14700")
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.due == START + timedelta(seconds=14700)  # when the lease ends, not a day later
    desk.hub.status = 503
    desk.pass_time(3 * HOUR)
    desk.sync()
    assert desk.lease.error == "the hub answered 503"
    assert desk.due <= desk.it.clock.now() + HOUR + 3 * MINUTE


# --- leaving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.PAUSED, State.REMOVED])
def test_a_source_that_is_not_watched_any_more_is_unsubscribed(state: State, desk: Desk) -> None:
    form = desk.agree()
    assert desk.source is not None
    desk.it.sources.change(desk.source, desk.it.clock.now(), state=state)
    assert desk.hub.push(form) == (202 if state is State.PAUSED else 410)
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "unsubscribe"]
    farewell = desk.hub.forms[-1]
    assert {**farewell, "hub.mode": "subscribe"} == form
    assert desk.hub.ask_back(form)[0] == 404  # somebody wants us back
    assert desk.hub.ask_back(farewell) == (200, "a+b/c=港")
    desk.pass_time(30 * DAY)
    desk.sync()
    assert len(desk.hub.forms) == 2
    assert desk.hub.push(form) == (202 if state is State.PAUSED else 410)


def test_a_source_that_goes_on_is_subscribed_again_though_its_feed_stayed_the_same(desk: Desk) -> None:
    desk.agree()
    assert desk.source is not None
    paused = desk.it.sources.change(desk.source, desk.it.clock.now(), state=State.PAUSED)
    desk.sync()
    desk.it.sources.change(paused, desk.it.clock.now(), state=State.ACTIVE)
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "unsubscribe", "subscribe"]


def test_a_feed_that_names_no_hub_any_more_is_unsubscribed_and_polled_as_ever(desk: Desk) -> None:
    desk.agree()
    desk.publish(hub="")
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "unsubscribe"]
    assert not desk.it.hubs.all()
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.due <= desk.it.clock.now() + HOUR + 3 * MINUTE


def test_a_feed_that_names_another_hub_leaves_the_first_and_is_no_hammer(
    desk: Desk, certificate: Path
) -> None:
    form = desk.agree()
    desk.publish(hub=f"{desk.hub.url}other")
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.hub.modes() == ["subscribe", "unsubscribe"]
    desk.publish(hub=f"{desk.hub.url}third")
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.hub.modes().count("subscribe") == 1  # one new hub a day, whatever the feed says
    desk.pass_time(DAY + HOUR)
    desk.sync()
    assert desk.hub.modes()[-1] == "subscribe"
    assert desk.hub.forms[-1]["hub.callback"] != form["hub.callback"]
    assert desk.hub.forms[-1]["hub.secret"] != form["hub.secret"]


def test_without_a_public_address_nothing_is_asked_and_nothing_counted_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.agree()
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.due == desk.it.clock.now() + DAY
    monkeypatch.setenv("DIBAO_WEB__PUBLIC_URL", "")
    with opened(desk.it.folder, clock=desk.it.clock) as closed:
        desk.it = closed
        desk.sync()
        assert desk.due <= desk.it.clock.now() + HOUR + 3 * MINUTE
        assert (desk.lease.callback, desk.lease.until) == ("", None)
    assert len(desk.hub.forms) == 1


def test_a_new_public_address_is_told_to_the_hub(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    old = desk.agree()
    monkeypatch.setenv("DIBAO_WEB__PUBLIC_URL", "https://elsewhere.test/")
    with opened(desk.it.folder, clock=desk.it.clock) as moved:
        desk.it = moved
        desk.sync()
    assert desk.hub.forms[-1]["hub.callback"].startswith("https://elsewhere.test/hub/")
    assert desk.hub.push(old) == 404


# --- hubs in trouble --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"), [(500, "the hub answered 500"), (404, "the hub answered 404"), (307, "redirect")]
)
def test_a_hub_in_trouble_costs_no_poll(status: int, error: str, desk: Desk) -> None:
    desk.hub.status = status
    desk.subscribe()
    assert all(outcome.error is None for outcome in desk.sync())
    assert error in (desk.lease.error or "")
    desk.sync()
    assert len(desk.hub.forms) == 1
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.polls() == 2


def test_a_hub_that_sends_us_on_is_followed_over_tls_only(desk: Desk, certificate: Path) -> None:
    with running_hub(certificate) as other:
        desk.hub.status, desk.hub.headers = 308, {"Location": other.url}
        allowed = (*desk.it.config.fetch.allow_private, f"127.0.0.1:{other.port}")
        fetch = desk.it.config.fetch.model_copy(update={"allow_private": allowed})
        desk.it = replace(desk.it, config=desk.it.config.model_copy(update={"fetch": fetch}))
        desk.subscribe()
        desk.sync()
        assert other.forms == desk.hub.forms
        assert desk.lease.error is None
    desk.hub.headers = {"Location": f"http://127.0.0.1:{desk.site.port}/hub"}
    desk.pass_time(HOUR)
    desk.sync()
    assert "redirect" in (desk.lease.error or "")


def test_a_hub_at_a_private_address_is_refused_as_any_other_is(desk: Desk, certificate: Path) -> None:
    with running_hub(certificate) as private:
        desk.subscribe()
        desk.publish(hub=private.url)
        desk.sync()
        assert (desk.lease.error or "").startswith("blocked: 127.0.0.1 is this machine")
        assert not private.forms


def test_a_hub_without_tls_is_told_no_secret(desk: Desk) -> None:
    desk.subscribe()
    desk.publish(hub=f"http://127.0.0.1:{desk.site.port}/hub")
    desk.sync()
    assert not desk.it.hubs.all()
    assert desk.site.count("/hub") == 0


def test_a_hub_that_wants_to_be_left_alone_is_over_a_restart_too(desk: Desk) -> None:
    desk.hub.status, desk.hub.headers = 503, {"Retry-After": "86400"}
    desk.subscribe()
    desk.sync()
    desk.hub.status, desk.hub.headers = 202, {}
    for _ in range(4):
        desk.pass_time(5 * HOUR)
        desk.sync()
    assert len(desk.hub.forms) == 1
    desk.pass_time(5 * HOUR)
    desk.sync()
    assert len(desk.hub.forms) == 2


@pytest.mark.parametrize("jump", [3650 * DAY, -3650 * DAY])
def test_a_clock_that_jumps_neither_loses_the_hub_nor_hammers_it(jump: timedelta, desk: Desk) -> None:
    desk.agree()
    desk.pass_time(jump)
    for _ in range(5):
        desk.it.archive.mend_clock(desk.it.clock.now())
        desk.sync()
        desk.pass_time(10 * MINUTE)
    assert desk.hub.modes() == ["subscribe", "subscribe"]
    again = desk.hub.forms[-1]
    assert desk.hub.ask_back(again)[0] == 200
    assert desk.hub.push(again) == 202
    polls = desk.polls()
    desk.pass_time(MINUTE)
    desk.sync()
    assert desk.polls() == polls + 1


def test_a_refusal_ends_the_lease_and_the_source_is_polled_at_once(desk: Desk) -> None:
    form = desk.agree()
    desk.pass_time(HOUR + 5 * MINUTE)
    desk.sync()
    assert desk.due == desk.it.clock.now() + DAY
    desk.pass_time(HOUR)
    assert desk.hub.ask_back(form, mode="denied", reason="no room") == (200, "")
    assert desk.lease.error == "the hub refuses: no room"
    assert desk.due == desk.it.clock.now()


# --- secrets ------------------------------------------------------------------------------------------


def test_neither_secret_nor_callback_is_written_down_where_others_read(desk: Desk) -> None:
    form = desk.agree()
    desk.hub.push(form)
    desk.sync()
    folder = desk.it.folder
    token = form["hub.callback"].rpartition("/")[2]
    for path in (each for each in folder.rglob("*") if each.is_file()):
        whole = path.read_bytes()
        assert form["hub.secret"].encode() not in whole, path
        if "archive.db" not in path.name:
            assert token.encode() not in whole, path
    assert b"hub.mode" not in b"".join(path.read_bytes() for path in folder.rglob("*.warc.gz"))
    assert (folder / "secrets.json").stat().st_mode & 0o77 == 0
