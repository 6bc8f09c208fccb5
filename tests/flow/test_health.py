"""Sources that die in every way, told by `status` with a class, since when, and what to do."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dibao import health
from dibao.cli.app import app
from dibao.clock import SteppingClock
from dibao.errors import ConfigError, DibaoError
from dibao.model import Finding, Level, Source, State
from dibao.publish.report import report
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.loopback import Names, make_archive, pass_time, walk
from tests.flow.servers import Site, article, rss, rss_by_guid
from tests.gazette import NASTY

pytestmark = pytest.mark.slow

START = datetime(2026, 3, 4, 8, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    return make_archive(tmp_path / "archive", site.port)


@pytest.fixture
def it(archive: Path) -> Iterator[Opened]:
    with opened(archive, clock=SteppingClock(START), resolver=Names()) as made:
        yield made


def dibao(*arguments: object, code: int = 0) -> str:
    """Run a command and return what it prints as facts; its errors are raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if isinstance(result.exception, DibaoError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def facts(archive: Path) -> Any:
    return json.loads(dibao("status", "--json", "-A", archive))


def subscribe(it: Opened, site: Site, name: str, **fields: Any) -> Source:
    url = fields.pop("url", f"{site.url}/{name}")
    return it.sources.add(Source(**({"name": name, "url": url, "feed_only": True} | fields)), it.clock.now())[
        0
    ]


def findings(it: Opened, name: str) -> list[Finding]:
    """Return what is found of a source."""
    (found,) = (found for signs, found in health.survey(it).sources if signs.source.name == name)
    return list(found.findings)


def numbered(*numbers: int, length: int = 1, stamp: str = "") -> tuple[int, str, bytes]:
    """Return a feed of these entries, each with its whole text."""
    status, kind, body = rss_by_guid(*((str(n), f"第{n}則", None, f"內文{n}。" * length) for n in numbers))
    return status, kind, body.replace(b"<item>", f"<!-- {stamp} --><item>".encode(), 1)


def run_for(
    it: Opened, workers: Workers, hours: int, *, every: int = 1, each: Callable[[int], None] | None = None
) -> None:
    """Walk once every few hours, for so many; `each` is told the hour before."""
    for hour in range(0, hours, every):
        pass_time(it, every)
        if each:
            each(hour)
        walk(it, workers)


DEATHS: dict[str, tuple[Any, str, str]] = {
    "missing": ((404, "text/plain", b"nothing"), "http-404", "--url NEW"),
    "over": ((410, "text/plain", b"gone"), "http-410", "--url NEW"),
    "down": ((500, "text/plain", b"oops"), "http-500", "nothing to do unless"),
    "refusing": ((403, "text/plain", b"no"), "http-403", "dibao keep"),
    "parked": (
        (200, "text/html", b"<html><title>Buy this name</title><p>Now!</p></html>"),
        "not-a-feed",
        "--url NEW",
    ),
    "nothing": ((200, "application/rss+xml", b" \n"), "empty", "--url NEW"),
    "mapped": (
        (
            200,
            "text/xml",
            b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.test/1</loc></url></urlset>",
        ),
        "sitemap",
        "--kind sitemap",
    ),
}


def test_a_source_that_dies_is_told_with_its_class_since_when_and_what_to_do(
    it: Opened, archive: Path, site: Site, workers: Workers
) -> None:
    for name in (*DEATHS, "well"):
        site.pages[f"/{name}"] = numbered(1, 2, 3)
        subscribe(it, site, name)
    subscribe(it, site, "nowhere", url="http://nowhere.test/feed")
    walk(it, workers)
    pass_time(it, 24)
    died = it.clock.now()
    for name, (answer, _, _) in DEATHS.items():
        site.pages[f"/{name}"] = answer
    walk(it, workers)
    pass_time(it, 24)
    for name, (_, kind, advice) in (DEATHS | {"nowhere": (None, "dns", "Is the address right")}).items():
        (found,) = findings(it, name)
        assert (found.kind, found.level is not Level.GOOD) == (kind, True), name
        assert found.since == (died if name != "nowhere" else START), name
        assert advice in found.advice, name
        assert "{" not in found.advice
    assert findings(it, "well") == []
    run_for(it, workers, 96, every=12)
    levels = {signs.source.name: found.level for signs, found in health.survey(it).sources}
    assert levels.pop("well") is Level.GOOD
    assert set(levels.values()) == {Level.BAD}, levels
    said = " ".join(dibao("status", "-A", archive).split())
    assert "9 sources: 8 bad, 0 to watch, 1 good" in said
    assert "bad 1 missing: http-404 the server answered 404 (" in said
    assert "times in a row). Since 2026-03-05" in said
    assert dibao("status", "--check", "-A", archive, code=1)
    told = facts(archive)
    assert told["levels"] == health.levels(it) == {"good": 1, "watch": 0, "bad": 8}
    row = next(row for row in told["sources"] if row["name"] == "down")
    assert (row["error_class"], row["health"], row["findings"][0]["kind"]) == ("http-500", "bad", "http-500")
    assert row["error_since"].startswith("2026-03-05")


def test_a_feed_that_becomes_empty_a_frozen_relay_and_a_silent_outlet_are_told_apart(
    it: Opened, site: Site, workers: Workers
) -> None:
    def publish(hour: int) -> None:
        for name in ("empty", "relay", "silent", "well"):
            site.pages[f"/{name}"] = numbered(*range(hour, hour + 5))

    def freeze(hour: int) -> None:
        site.pages["/empty"] = rss()
        site.pages["/relay"] = numbered(*range(214, 219), stamp=f"made anew {hour}")
        site.pages["/well"] = numbered(*range(214 + hour, 219 + hour))

    publish(0)
    for name in ("empty", "relay", "silent", "well"):
        subscribe(it, site, name)
    walk(it, workers)
    run_for(it, workers, 24 * 9, every=3, each=publish)
    assert {found.level for _, found in health.survey(it).sources} == {Level.GOOD}
    last = it.clock.now()
    run_for(it, workers, 24 * 5, every=3, each=freeze)
    kinds = {}
    for name in ("empty", "relay", "silent", "well"):
        kinds[name] = [(found.kind, found.level) for found in findings(it, name)]
        assert all(found.since and last - found.since < timedelta(hours=12) for found in findings(it, name))
    assert kinds["well"] == []
    assert kinds["empty"] == [("empty", Level.WATCH)]
    assert [kind for kind, _ in kinds["relay"]] == ["stale"]
    assert [kind for kind, _ in kinds["silent"]] == ["silent"]
    assert health.levels(it) == health.survey(it).levels  # what a sync says, and status


def test_teasers_instead_of_texts_are_told(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/feed"] = numbered(*range(15), length=200)
    subscribe(it, site, "feed")
    walk(it, workers)
    pass_time(it, 24)
    teasers = it.clock.now()
    site.pages["/feed"] = numbered(*range(11, 19), length=20)
    walk(it, workers)
    assert findings(it, "feed") == []
    pass_time(it, 24)
    site.pages["/feed"] = numbered(*range(15, 24), length=20)
    walk(it, workers)
    (found,) = findings(it, "feed")
    assert (found.kind, found.level, found.since) == ("shorter", Level.WATCH, teasers)
    assert "subscription" in found.advice


def test_pages_without_an_article_and_pages_that_do_not_come_are_told(
    it: Opened, site: Site, workers: Workers
) -> None:
    for name, answer in (
        ("well", article("一", "內文")),
        ("rebuilt", (200, "text/html", b"<html><div id=app></div></html>")),
        ("refused", (403, "text/plain", b"no")),
    ):
        links = [f"{site.url}/{name}/{n}" for n in range(6)]
        site.pages.update(dict.fromkeys((f"/{name}/{n}" for n in range(6)), answer))
        site.pages[f"/{name}"] = rss(*(("一", link, "摘要") for link in links))
        subscribe(it, site, name, feed_only=False)
    walk(it, workers)
    (unread,), (unanswered,) = findings(it, "rebuilt"), findings(it, "refused")
    assert (unread.kind, unread.level, unread.since) == ("unread", Level.WATCH, START)
    assert "6 of its latest 6 pages held no article" in unread.says
    assert (unanswered.kind, unanswered.level) == ("unanswered", Level.WATCH)
    assert "did not come" in unanswered.says
    assert findings(it, "well") == []


def test_a_redirect_that_lasts_is_in_the_record_of_the_source(
    it: Opened, archive: Path, site: Site, workers: Workers
) -> None:
    site.pages["/there"] = numbered(1, 2)
    site.pages["/feed"], site.more["/feed"] = (302, "text/plain", b""), (("Location", "/there?sig=hush"),)
    subscribe(it, site, "feed")
    run_for(it, workers, 24 * 4, every=6)
    assert [(found.kind, found.level) for found in findings(it, "feed")] == [("redirect", Level.GOOD)]
    said = dibao("status", 1, "-A", archive)
    assert f"redirects to: {site.url}/there\n" in said
    assert "hush" not in said
    assert "health: good, active" in said


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate")
def test_an_expired_certificate_is_told(tmp_path: Path) -> None:
    make_certificate(tmp_path, days=-1)
    with secure(tmp_path) as port:
        archive = make_archive(tmp_path / "archive", port)
        dibao("add", f"https://127.0.0.1:{port}/feed", "--unchecked", "-A", archive)
        trusting = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "cert.pem")}
        sync = [sys.executable, "-m", "dibao", "sync", "--no-wait", "--no-publish", "-A", str(archive)]
        done = subprocess.run(sync, env=trusting, capture_output=True, text=True, check=False)
    assert "1 source in trouble (0 bad): `dibao status` says what to do." in " ".join(done.stderr.split())
    (row,) = facts(archive)["sources"]
    assert (row["error_class"], row["health"]) == ("tls", "watch")
    assert "expired" in row["error"]
    assert "look at the address in a browser" in row["advice"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate")
@pytest.mark.parametrize(("days", "told"), [(5, True), (60, False)])
def test_a_certificate_that_ends_soon_is_told_while_all_goes_well(
    tmp_path: Path, days: int, told: bool
) -> None:
    make_certificate(tmp_path, days=days)
    with secure(tmp_path, SecureFeed) as port:
        archive = make_archive(tmp_path / "archive", port)
        dibao("add", f"https://127.0.0.1:{port}/feed", "--unchecked", "--feed-only", "-A", archive)
        trusting = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "cert.pem")}
        sync = [sys.executable, "-m", "dibao", "sync", "--no-wait", "--no-publish", "-A", str(archive)]
        subprocess.run(sync, env=trusting, capture_output=True, check=True)
    (row,) = facts(archive)["sources"]
    ends = datetime.fromisoformat(row["certified_until"])
    assert timedelta(days=days - 1) < ends - datetime.now(UTC) <= timedelta(days=days)
    assert (row["error"], row["articles"], row["health"]) == (None, 1, "watch" if told else "good")
    said = [found["says"] for found in row["findings"]]
    assert said == ([f"Its certificate ends on {ends:%Y-%m-%d}."] if told else [])


def make_certificate(folder: Path, *, days: int) -> None:
    """Make a certificate for 127.0.0.1 that ends in so many days."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    ask = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    sign = ["openssl", "x509", "-req", "-signkey", "key.pem", "-days", str(days), "-extfile", "names"]
    for command in (
        [*ask, "-keyout", "key.pem", "-out", "ask.pem"],
        [*sign, "-in", "ask.pem", "-out", "cert.pem"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


class Secure(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class SecureFeed(Secure):
    def do_GET(self) -> None:
        status, kind, body = numbered(1)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class secure:  # noqa: N801
    """A server on loopback that speaks TLS."""

    def __init__(self, folder: Path, answers: type[Secure] = Secure) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
        self.server.handle_error = lambda request, client: None  # type: ignore[method-assign,assignment]
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> int:
        self.thread.start()
        return int(self.server.server_address[1])

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


# --- what is printed ---------------------------------------------------------------------------------------


def test_hostile_names_break_neither_the_terminal_nor_json_nor_markdown(archive: Path, it: Opened) -> None:
    hostile = [*NASTY, "a\x1b]8;;http://evil.test\x07b", "c\x9b2Jd", "[red]e[/red]", "f\u202eg\n# h\n\n- i"]
    names = [name.encode("utf-8", "replace").decode() for name in hostile]
    note = "the server says\x1b[2J **this** is\n# over"
    for n, name in enumerate(names):
        made = subscribe(it, Site(), name, url=f"http://h{n}.test/feed?<b>=](x)")
        if n % 2:
            it.sources.change(made, it.clock.now(), state="stopped", note=note)
    for options in ((), ("--all",), ("--report", "-"), ("1",), (str(len(names)),)):
        said = dibao("status", *options, "-A", archive)
        steering = [char for char in said if char != "\n" and (ord(char) < 32 or 0x7F <= ord(char) < 0xA0)]
        assert steering == [], options
        assert not {"\u202a", "\u202e", "\u2028", "\u2066"} & set(said), options
    assert [row["name"] for row in facts(archive)["sources"]] == names
    report = dibao("status", "--report", "-", "-A", archive)
    lines = report.splitlines()
    assert [line for line in lines if line.startswith("#")] == ["# How the archive is doing", "", "## Bad"][
        ::2
    ]
    assert all(line.startswith(("- **", "  ", "#")) for line in lines[7:] if line)
    assert "<script" not in report.replace("\\<", "")


def test_the_report_is_the_same_bytes_each_time_and_says_what_to_do(
    archive: Path, it: Opened, tmp_path: Path, site: Site, workers: Workers
) -> None:
    site.pages["/bad"] = 404, "text/plain", b""
    subscribe(it, site, "bad")
    run_for(it, workers, 96, every=6)
    found = replace(health.survey(it), archive="news")
    assert report(found) == report(found)
    assert report(found).splitlines()[:8] == [
        "# How the archive is doing",
        "",
        "2026-03-08 08:48 UTC · news",
        "",
        "1 source: 1 bad, 0 to watch, 0 good.",
        "0 articles, 0 revisions: 0 edits, 0 gone, 0 only as an excerpt.",
        "",
        "## Bad",
    ]
    text = report(found)
    assert f"- **1 bad** · <{site.url}/bad>" in text
    assert "  - `http-404`, since 2026-03-04 14:03 UTC: the server answered 404 (" in text
    assert "    What to do: Is its feed elsewhere now?" in text
    assert "dibao sources edit 1 --url NEW" in text  # as it is typed
    assert dibao("status", "--report", tmp_path / "r.md", "-A", archive) == ""
    assert (tmp_path / "r.md").read_text(encoding="utf-8").splitlines()[
        4
    ] == "1 source: 1 bad, 0 to watch, 0 good."
    with pytest.raises(ConfigError, match="can't be written"):
        dibao("status", "--report", tmp_path / "no" / "r.md", "-A", archive)


def test_of_many_sources_the_worst_are_shown_and_all_on_demand(archive: Path, it: Opened, site: Site) -> None:
    for n in range(60):
        made = subscribe(it, site, f"source {n}", url=f"http://h{n}.test/feed")
        if n >= 30:
            it.sources.change(made, it.clock.now(), state="stopped", note="the server says so (410)")
    said = dibao("status", "-A", archive)
    assert "60 sources: 30 bad, 0 to watch, 30 good" in said
    assert said.count("source 3") == 10
    assert said.count("\n") < 30
    assert "… and 10 more: dibao status --all, --json, or --report FILE" in said
    whole = dibao("status", "--all", "-A", archive)
    assert all(f"source {n}" in whole for n in range(60))
    assert "… and" not in whole


def test_what_was_mended_is_told_by_add_and_in_the_record_and_not_in_every_status(
    archive: Path, site: Site
) -> None:
    status, kind, body = numbered(1, 2)
    site.pages["/feed"] = status, kind, body + b"<p>advertisement</p>"
    mended = "text after the feed left out"
    assert mended in dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    dibao("sync", "--no-wait", "--no-publish", "-A", archive)
    assert mended in dibao("status", 1, "-A", archive)
    (row,) = facts(archive)["sources"]
    assert row["notes"] == [mended]
    assert row["health"] == "good"
    assert mended not in dibao("status", "-A", archive)


def test_a_round_in_which_all_is_well_says_nothing_of_trouble(archive: Path, site: Site) -> None:
    site.pages["/feed"] = numbered(1, 2)
    dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    result = CliRunner().invoke(app, ["sync", "--no-wait", "--no-publish", "-A", str(archive)])
    assert result.exit_code == 0
    assert "in trouble" not in result.stderr
    assert dibao("status", "--check", "-A", archive)


def test_an_archive_that_nobody_runs_is_told_so_and_no_source_is_blamed(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = numbered(1, 2)
    subscribe(it, site, "feed")
    walk(it, workers)
    pass_time(it, 47)
    assert "Nothing was asked" not in report(health.survey(it))
    it.sources.change(it.sources.find("feed"), it.clock.now(), state=State.PAUSED)
    pass_time(it, 24 * 60)
    assert health.survey(it).idle_since is None
    it.sources.change(it.sources.find("feed"), it.clock.now(), state=State.ACTIVE)
    found = health.survey(it)
    assert found.idle_since == START
    assert "Nothing was asked since 2026-03-04 08:00 UTC: does cron run `dibao sync`?" in report(found)
    assert found.levels[Level.GOOD] == 1
