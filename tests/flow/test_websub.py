"""WebSub with a real hub and a real server for its callbacks: pushes bring polls, and nothing is believed."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp.connector
import pytest
import uvicorn

from dibao import engine
from dibao.archive.folder import create
from dibao.clock import SteppingClock
from dibao.hubs import subscribing
from dibao.model import Lease, Outcome, Source, State
from dibao.web import listening, site_app
from dibao.web.hubs import MOST, hub_route
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.hub import Hub, call, make_certificate, running_hub
from tests.flow.loopback import titles
from tests.flow.servers import Answer, Site, article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate"),
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate of this machine that is trusted as long as the tests run."""
    made = make_certificate(tmp_path_factory.mktemp("tls"))
    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_verify_locations(made)
    return made


@pytest.fixture
def hub(certificate: Path) -> Iterator[Hub]:
    with running_hub(certificate) as running:
        yield running


@contextmanager
def served(folder: Path, listener: object, clock: SteppingClock) -> Iterator[None]:
    """Serve an archive's callbacks as `dibao serve` does, on a connection of its own to the database."""
    (folder / "site").mkdir()
    with opened(folder, clock=clock) as it:
        app = site_app(folder / "site", [hub_route(it)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Desk:
    """An archive that a hub can reach."""

    it: Opened
    site: Site
    hub: Hub
    workers: Workers
    items: int = 1
    source: Source | None = None

    def publish(self, *, hub: str | None = None, more: str = "") -> None:
        """Let the outlet's feed name a hub and hold so many articles."""
        self.site.pages["/feed"] = feed(self.site, self.items, self.hub.url if hub is None else hub, more)
        for n in range(self.items):
            self.site.pages[f"/{n}"] = article(f"渡輪第{n}班", f"第{n}班渡輪今晨啟航。")

    def subscribe(self) -> None:
        self.publish()
        self.source, _ = self.it.sources.add(
            Source(name="青楓社", url=f"{self.site.url}/feed"), self.it.clock.now()
        )

    def sync(self) -> list[Outcome]:
        agenda = engine.Agenda(self.it.archive, self.it.clock)
        with fetching(self.it, keep=self.it.archive.keep) as network, subscribing(self.it, network):
            return list(engine.run(self.it.archive, network, self.workers, self.it.clock, agenda))

    def agree(self) -> dict[str, str]:
        """Subscribe, and let the hub ask back."""
        self.subscribe()
        self.sync()
        form = self.hub.forms[-1]
        assert self.hub.ask_back(form) == (200, "a+b/c=港")
        return form

    def pass_time(self, wait: timedelta) -> None:
        assert isinstance(self.it.clock, SteppingClock)
        self.it.clock.sleep(wait.total_seconds())

    @property
    def lease(self) -> Lease:
        (lease,) = self.it.hubs.all().values()
        return lease

    @property
    def due(self) -> datetime:
        (poll,) = self.it.library.polls().values()
        assert poll.due is not None
        return poll.due

    def polls(self) -> int:
        return self.site.count("/feed")


def feed(site: Site, items: int, hub: str, more: str = "") -> Answer:
    told = f'<atom:link rel="hub" href="{hub}"/>' if hub else ""
    own = f'<atom:link rel="self" href="{site.url}/feed?canonical=1&amp;x=港"/>'
    entries = "".join(
        f"<item><title>渡輪第{n}班</title><link>{site.url}/{n}</link><guid>g{n}</guid></item>"
        for n in range(items)
    )
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>青楓社</title>'
    return 200, "application/rss+xml", f"{head}{told}{own}{more}{entries}</channel></rss>".encode()


@pytest.fixture
def desk(tmp_path: Path, site: Site, hub: Hub, workers: Workers) -> Iterator[Desk]:
    folder, clock, listener = tmp_path / "archive", SteppingClock(START), listening("127.0.0.1", 0)
    public = f"http://127.0.0.1:{listener.getsockname()[1]}"
    allowed = f'["127.0.0.1:{site.port}", "127.0.0.1:{hub.port}"]'
    create(
        folder,
        f'[fetch]\npause = 0\ntimeout = 5\nallow_private = {allowed}\n[web]\npublic_url = "{public}/news"',
    )
    # The proxy before it takes the /news away.
    with opened(folder, clock=clock) as it, served(folder, listener, clock):
        yield Desk(it, site, Through(hub), workers)


class Through(Hub):
    """A hub seen through a proxy that takes a prefix away from our callbacks."""

    def __init__(self, hub: Hub) -> None:
        self.__dict__ = hub.__dict__

    def ask_back(self, form: dict[str, str], **said: str) -> tuple[int, str]:
        return super().ask_back(inner(form), **said)

    def push(self, form: dict[str, str], body: bytes = b"<feed/>", *, signature: str | None = None) -> int:
        return super().push(inner(form), body, signature=signature)


def inner(form: dict[str, str]) -> dict[str, str]:
    return form | {"hub.callback": form["hub.callback"].replace("/news/", "/")}


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


def test_a_hub_may_ask_back_before_it_answers(desk: Desk) -> None:
    answers: list[tuple[int, str]] = []
    desk.hub.during = lambda form: answers.append(desk.hub.ask_back(form))
    desk.subscribe()
    desk.sync()
    assert answers == [(200, "a+b/c=港")]
    assert desk.lease.is_held(START)
    assert desk.lease.error is None


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


# --- what is not believed -------------------------------------------------------------------------------


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
