"""A machine without network: nobody's failure, said once, and made up for when the network is back."""

import errno
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import ResolveResult
from typer.testing import CliRunner

from dibao import engine
from dibao.cli.app import app
from dibao.clock import SteppingClock
from dibao.errors import ConfigError
from dibao.fetch import uplink
from dibao.model import Kind, Outcome, Source, Trouble, Visit
from dibao.ports import Network
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import Names, make_archive, pass_time, walk
from tests.flow.servers import Site, article, rss

pytestmark = pytest.mark.slow
MINUTE = timedelta(minutes=1)
HOSTS = [f"h{n}.test" for n in range(6)]
NO_RESOLVER = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
NO_ROUTE = OSError(errno.ENETUNREACH, "Network is unreachable")
NO_SUCH_NAME = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class Line(Names):
    """Names that lead to the test's server, until the line is cut or the names of one host break."""

    def __init__(self, port: int) -> None:
        super().__init__(**dict.fromkeys(HOSTS, port))
        self.error: OSError | None = None
        self.broken: dict[str, OSError] = {}

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if error := self.broken.get(host, self.error):
            raise error
        return await super().resolve(host, port, family)


@pytest.fixture
def line(site: Site) -> Line:
    return Line(site.port)


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplink.Uplink.__init__, "__defaults__", (0.5,))


@pytest.fixture
def it(tmp_path: Path, site: Site, line: Line) -> Iterator[Opened]:
    """Give an archive of six sources on six hosts, all polled just now."""
    site.pages["/feed"] = rss(("渡輪調價", f"http://{HOSTS[0]}/1", "自三月起"))
    site.pages["/1"] = article("渡輪調價", "渡輪票價自三月起調整。")
    folder = make_archive(tmp_path / "archive", site.port)
    with opened(folder, clock=SteppingClock(START), resolver=line) as it:
        for host in HOSTS:
            it.sources.add(Source(name=host, url=f"http://{host}/feed"), START)
        yield it


def round_of(it: Opened, network: Network, workers: Workers) -> list[Outcome]:
    """Walk once with a network that stays as it is from round to round, as that of a watch does."""
    agenda = engine.Agenda(it.archive, it.clock)
    return list(engine.run(it.archive, network, workers, it.clock, agenda))


def polls(it: Opened) -> list[Visit]:
    return list(it.library.polls().values())


def failing(it: Opened) -> list[tuple[str, int, str]]:
    return [(poll.source.name, poll.failures, poll.error or "") for poll in polls(it) if poll.error]


@pytest.mark.parametrize("error", [NO_RESOLVER, NO_ROUTE], ids=["no resolver", "no route"])
def test_after_a_day_without_network_all_are_polled_within_a_quarter_of_an_hour(
    it: Opened, site: Site, line: Line, workers: Workers, error: OSError
) -> None:
    walk(it, workers)
    assert failing(it) == []
    line.error, before = error, site.count("/feed")
    with fetching(it, keep=it.archive.keep) as network:  # the walk before left connections open
        for _ in range(24 * 4):
            pass_time(it, 0.25)
            for outcome in round_of(it, network, workers):
                assert (outcome.error or "").startswith("offline: this machine seems to be offline")
        assert site.count("/feed") == before
        assert [poll.failures for poll in polls(it)] == [0] * len(HOSTS)
        line.error = None
        pass_time(it, 0.25)
        round_of(it, network, workers)
    assert site.count("/feed") == before + len(HOSTS)
    assert failing(it) == []


def test_a_host_whose_names_fail_while_others_answer_has_failed_itself(
    it: Opened, line: Line, workers: Workers
) -> None:
    line.broken[HOSTS[0]] = NO_RESOLVER
    with fetching(it, keep=it.archive.keep) as network:
        round_of(it, network, workers)
        ((name, failures, error),) = failing(it)
        assert (name, failures, error[:5]) == (HOSTS[0], 1, "dns: ")
        for times in (2, 3):
            pass_time(it, 8)
            round_of(it, network, workers)
            ((name, failures, error),) = failing(it)
            assert (name, failures, error[:5]) == (HOSTS[0], times, "dns: ")


def test_a_name_that_nobody_has_is_the_host_s_own_failure(it: Opened, line: Line, workers: Workers) -> None:
    line.error = NO_SUCH_NAME
    walk(it, workers)
    assert [(failures, error[:5]) for _, failures, error in failing(it)] == [(1, "dns: ")] * len(HOSTS)


def test_what_was_wrong_before_stays_known(it: Opened, site: Site, line: Line, workers: Workers) -> None:
    site.pages["/feed"] = (500, "text/plain", b"no")
    walk(it, workers)
    before = polls(it)
    line.error = NO_RESOLVER
    pass_time(it, 2)
    walk(it, workers)
    for was, poll in zip(before, polls(it), strict=True):
        assert (poll.error, poll.error_since, poll.failures) == (was.error, was.error_since, 1)
        assert poll.due == it.clock.now() + 15 * MINUTE


def test_a_trouble_does_not_begin_while_this_machine_is_offline(
    it: Opened, site: Site, line: Line, workers: Workers
) -> None:
    line.error = NO_RESOLVER
    walk(it, workers)
    pass_time(it, 20)
    line.error, site.pages["/feed"] = None, (500, "text/plain", b"no")
    walk(it, workers)
    assert {poll.error_since for poll in polls(it)} == {it.clock.now()}


def test_the_rules_of_a_site_are_asked_as_soon_as_the_network_is_back(it: Opened, line: Line) -> None:
    url = f"http://{HOSTS[0]}/1"
    page = Visit(url=url, kind=Kind.ARTICLE, source=Source(name="s", url=url), key="k")
    line.error = NO_RESOLVER
    with fetching(it) as network:
        for _ in range(3):
            ((_, capture),) = network.fetch([page])
            assert capture.failure
            assert (capture.failure.trouble, capture.final_url) == (Trouble.OFFLINE, url)
        assert it.archive.rules(f"http://{HOSTS[0]}") is None
        line.error = None
        ((_, capture),) = network.fetch([page])
    assert capture.status == 200


# --- as people see it -----------------------------------------------------------------------------------


def dibao(*arguments: object) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments)])


def unplug(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*args: object, **kwargs: object) -> None:
        raise NO_RESOLVER

    monkeypatch.setattr(socket, "getaddrinfo", nobody)


def test_sync_says_it_once_and_status_calls_nobody_bad(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    for host in HOSTS:
        dibao("add", f"http://{host}:{site.port}/feed", "--unchecked", "-n", host, "-A", archive)
    unplug(monkeypatch)
    said = dibao("sync", "--no-publish", "-A", archive)
    assert said.exit_code == 0
    assert said.stderr.count("offline") == 1
    assert "6 addresses could not be asked" in said.stderr
    assert "in trouble" not in said.stderr
    assert "seemed to be offline when 6 sources fell due" in dibao("status", "--check", "-A", archive).stdout
    facts = json.loads(dibao("status", "--json", "-A", archive).stdout)
    assert facts["levels"] == {"good": 6, "watch": 0, "bad": 0}
    assert {source["error_class"] for source in facts["sources"]} == {"offline"}


def test_add_does_not_call_an_address_wrong_that_it_could_not_ask(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    unplug(monkeypatch)
    result = dibao("add", f"http://{HOSTS[0]}/feed", "-A", archive)
    assert isinstance(result.exception, ConfigError)
    assert "this machine seems to be offline" in str(result.exception)
    assert "right?" not in str(result.exception)
