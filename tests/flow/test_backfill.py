"""Walking into a source's past: every way there, killed and gone on with, and never in the way of news."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from dibao import backfilling, subscribe
from dibao.archive.database import Database
from dibao.archive.folder import DATABASE
from dibao.backfilling import Backfill
from dibao.cli.app import app
from dibao.engine import PER_HOST
from dibao.errors import ConfigError, DibaoError
from dibao.wiring import opened
from tests.flow.loopback import make_archive, one
from tests.flow.servers import Answer, Site, article, serving

ROOT = Path(__file__).parents[2]
NEWEST = datetime(2026, 3, 1, 8, tzinfo=UTC)
A_PAGE = 10  # entries
Page = Callable[[BaseHTTPRequestHandler], Answer]


class Outlet:
    """A site with old articles, one a day, and several ways to them."""

    def __init__(self, site: Site, articles: int) -> None:
        self.site, self.articles = site, articles
        for number in range(articles):
            site.pages[f"/{number}"] = article(
                f"第{number}號消息", f"這是第{number}號消息的全文，港務處如此說。"
            )

    def date(self, number: int) -> datetime:
        return NEWEST - timedelta(days=number)

    def page(self, page: int) -> range:
        return range((page - 1) * A_PAGE, min(page * A_PAGE, self.articles))

    def rss(self, page: int, head: str) -> Answer:
        items = "".join(
            f"<item><title>第{n}號消息</title><link>{self.site.url}/{n}</link>"
            f"<pubDate>{format_datetime(self.date(n))}</pubDate></item>"
            for n in self.page(page)
        )
        whole = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}{items}</channel></rss>'
        return 200, "application/rss+xml; charset=utf-8", whole.encode()

    def wordpress(self) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> Answer:
            page = int(parse_qs(urlsplit(handler.path).query).get("paged", ["1"])[0])
            if not self.page(page):
                return 404, "text/html", b"nothing older"
            return self.rss(page, "<title>W</title><generator>https://wordpress.org/?v=6.4</generator>")

        self.site.pages["/feed"] = answer

    def archived(self) -> None:
        pages = -(-self.articles // A_PAGE)
        for page in range(1, pages + 1):
            older = f'<atom:link rel="prev-archive" href="{self.site.url}/archive-{page + 1}"/>'
            path = "/feed" if page == 1 else f"/archive-{page}"
            self.site.pages[path] = self.rss(page, f"<title>R</title>{older if page < pages else ''}")

    def json(self) -> None:
        pages = -(-self.articles // A_PAGE)
        for page in range(1, pages + 1):
            items = [
                {
                    "id": str(n),
                    "url": f"{self.site.url}/{n}",
                    "title": f"第{n}號消息",
                    "date_published": self.date(n).isoformat(),
                }
                for n in self.page(page)
            ]
            whole: dict[str, Any] = {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "items": items,
            }
            if page < pages:
                whole["next_url"] = f"{self.site.url}/json-{page + 1}"
            path = "/feed" if page == 1 else f"/json-{page}"
            self.site.pages[path] = 200, "application/feed+json", json.dumps(whole).encode()

    def sitemap(self) -> None:
        self.site.pages["/feed"] = self.rss(1, "<title>S</title>")
        maps, half = [], self.articles // 2
        for name, numbers in (("a", range(half)), ("b", range(half, self.articles))):
            urls = "".join(
                f"<url><loc>{self.site.url}/{n}</loc><lastmod>{self.date(n):%Y-%m-%d}</lastmod></url>"
                for n in numbers
            )
            self.site.pages[f"/map-{name}.xml"] = xml("urlset", urls)
            maps.append(f"<sitemap><loc>{self.site.url}/map-{name}.xml</loc></sitemap>")
        self.site.pages["/maps.xml"] = xml("sitemapindex", "".join(maps))
        said = f"User-agent: *\nAllow: /\nSitemap: {self.site.url}/maps.xml\n"
        self.site.pages["/robots.txt"] = 200, "text/plain", said.encode()


def xml(root: str, inside: str) -> Answer:
    """Return the answer of a sitemap."""
    whole = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</{root}>'
    return 200, "application/xml", whole.encode()


WAYS = ("wordpress", "archived", "json", "sitemap")


def run(*arguments: object) -> str:
    """Run a command and return what it prints; its errors are raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if isinstance(result.exception, DibaoError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def backfill(archive: Path, *arguments: object) -> dict[str, Any]:
    """Walk into the past of the first source and return what is told of it."""
    found: dict[str, Any] = json.loads(
        run("backfill", "1", "--no-publish", "--json", "-A", archive, *arguments)
    )
    return found


def ready(folder: Path, site: Site, way: str, articles: int) -> Path:
    """Make an archive that has read a feed of an outlet with a past, and not yet gone there."""
    getattr(Outlet(site, articles), way)()
    archive = make_archive(folder / "archive", site.port)
    run("add", f"{site.url}/feed", "-A", archive)
    run("sync", "--no-wait", "--no-publish", "-A", archive)
    return archive


def numbers(archive: Path) -> Counter[str]:
    """Return the path of every article that is kept, and how often it is."""
    database = Database(archive / DATABASE)
    found = database.rows("SELECT url FROM revisions WHERE number = 1")
    assert one(database, "PRAGMA integrity_check") == "ok"
    database.close()
    return Counter(urlsplit(row["url"]).path for row in found)


def all_once(articles: int) -> Counter[str]:
    """Return what `numbers` finds where each article is kept, and none twice."""
    return Counter(f"/{number}" for number in range(articles))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_into_the_past_brings_every_article_once(way: str, site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, way, 40)
    assert sum(numbers(archive).values()) == A_PAGE
    told = backfill(archive)
    assert told["found"] == 30
    assert numbers(archive) == all_once(40)
    assert max(site.count(f"/{number}") for number in range(40)) == 1
    before = len(site.asked)
    run("sync", "--no-wait", "--no-publish", "-A", archive)
    run("sync", "--no-wait", "--no-publish", "--source", "1", "-A", archive)
    assert len(site.asked) - before <= 1  # the feed alone: older pages are not polled


@pytest.mark.parametrize("way", ["wordpress", "sitemap"])
def test_a_backfill_keeps_to_the_days_it_is_given(way: str, site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, way, 60)
    backfill(archive, "--since", "2026-02-01", "--until", "2026-02-10")
    wanted = {f"/{number}" for number in range(60) if 19 <= number <= 28}
    assert set(numbers(archive)) == wanted | {f"/{number}" for number in range(A_PAGE)}
    asked = {urlsplit(path).query for path, _ in site.asked}
    assert "paged=5" not in asked  # older than was wanted: not asked
    backfill(archive)
    assert numbers(archive) == all_once(60)


def test_a_limit_stops_a_backfill_and_the_next_goes_on_there(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "wordpress", 50)
    assert backfill(archive, "--limit", "15")["ended"] == ["the limit is reached"]
    assert sum(numbers(archive).values()) == A_PAGE + 15
    backfill(archive, "--limit", "5")
    assert sum(numbers(archive).values()) == A_PAGE + 20
    backfill(archive)
    assert numbers(archive) == all_once(50)
    assert sum("paged=2" in path for path, _ in site.asked) == 1


def test_pages_that_repeat_end_a_backfill(site: Site, tmp_path: Path) -> None:
    outlet = Outlet(site, 10)
    site.pages["/feed"] = outlet.rss(1, "<title>W</title><generator>https://wordpress.org/?v=6</generator>")
    archive = make_archive(tmp_path / "archive", site.port)
    run("add", f"{site.url}/feed", "-A", archive)
    told = backfill(archive)
    assert told["ended"] == ["the page repeats what came before"]
    assert site.count("/feed?paged=4") == 0


def test_a_page_with_trouble_is_asked_again_by_the_next_backfill(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "archived", 40)
    good, site.pages["/archive-3"] = site.pages["/archive-3"], (500, "text/plain", b"broken")
    assert backfill(archive)["ended"] == ["the server answered 500"]
    site.pages["/archive-3"] = good
    backfill(archive)
    assert numbers(archive) == all_once(40)
    assert site.count("/archive-2") == 1


def test_what_is_known_is_not_touched_by_older_pages(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "sitemap", 20)
    backfill(archive)
    with opened(archive) as it:
        (kept,) = it.library.kept([it.library.key_at(f"url://127.0.0.1:{site.port}/3") or ""])
        assert kept.latest.entry is not None
        assert kept.latest.entry.title == "第3號消息"
    assert site.count("/3") == 1


def test_a_feed_without_a_past_is_refused_with_advice(site: Site, tmp_path: Path) -> None:
    outlet = Outlet(site, 5)
    site.pages["/feed"] = outlet.rss(1, "<title>N</title>")
    archive = make_archive(tmp_path / "archive", site.port)
    run("add", f"{site.url}/feed", "-A", archive)
    with pytest.raises(ConfigError, match="no older page"):
        backfill(archive)


def test_a_sitemap_is_read_back_to_the_day(site: Site, tmp_path: Path) -> None:
    Outlet(site, 60).sitemap()
    archive = make_archive(tmp_path / "archive", site.port)
    run("add", f"{site.url}/maps.xml", "--since", "2026-02-25", "-A", archive)
    run("sync", "--no-wait", "--no-publish", "-A", archive)
    assert len(numbers(archive)) == 5
    with pytest.raises(ConfigError, match="--since"):
        backfill(archive, "--limit", "3")
    backfill(archive, "--since", "2026-01-31")
    assert numbers(archive) == all_once(30)


def test_a_range_without_days_is_refused(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "json", 10)
    with pytest.raises(ConfigError, match="No day"):
        backfill(archive, "--since", "2026-02-02", "--until", "2026-02-01")


class FastClock:
    """A clock on which half an hour passes in a second."""

    def __init__(self, start: datetime, speed: float = 1800) -> None:
        self.start, self.began, self.speed = start, time.monotonic(), speed

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


@pytest.fixture
def other() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.mark.slow
def test_news_is_polled_in_time_while_a_backfill_runs(site: Site, other: Site, tmp_path: Path) -> None:
    Outlet(site, 300).wordpress()
    live = Outlet(other, 5)
    other.pages["/feed"] = live.rss(1, "<title>L</title>")
    clock = FastClock(NEWEST)
    polls: list[datetime] = []

    def polled(handler: BaseHTTPRequestHandler) -> Answer:
        polls.append(clock.now())
        return live.rss(1, "<title>L</title>")

    folder = make_archive(tmp_path / "archive", site.port, other.port)
    with opened(folder, clock=clock) as it:
        source = subscribe.subscribe(it, f"{site.url}/feed", {"every": 86400}).source
        subscribe.subscribe(it, f"{other.url}/feed", {"every": 900})
        other.pages["/feed"] = polled
        wanted = Backfill(source)
        outcomes = [(clock.now(), outcome) for outcome in backfilling.walk(it, wanted)]
    assert wanted.found == 290
    assert numbers(folder) == all_once(300) + all_once(5)
    spent = outcomes[-1][0] - outcomes[0][0]
    assert spent > timedelta(minutes=30)  # long enough for polls to fall due
    # Each poll came while old articles were still being fetched, a quarter of an hour apart.
    assert len(polls) >= spent / timedelta(seconds=900) * 0.5 - 1


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_backfill_killed_five_times_keeps_all_and_none_twice(way: str, site: Site, tmp_path: Path) -> None:
    random.seed(f"20260304 {way}")
    archive = ready(tmp_path, site, way, 300)
    kills = 0
    while kills < 5:
        process = start(archive)
        target = len(site.asked) + random.randint(5, 45)
        while len(site.asked) < target and process.poll() is None:
            time.sleep(0.005)
        kills += process.poll() is None
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode in (0, -signal.SIGKILL)
        if process.returncode == 0:
            break
    assert kills == 5
    backfill(archive)
    assert numbers(archive) == all_once(300)
    # What was under way when we were killed is asked again, nothing else.
    again = sum(site.count(f"/{number}") - 1 for number in range(300))
    assert again <= 5 * PER_HOST


def start(archive: Path) -> "subprocess.Popen[bytes]":
    """Start a backfill in a process of its own."""
    command = [sys.executable, "-m", "dibao", "backfill", "1", "--no-publish", "-A", str(archive)]
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_the_feed_of_another_archive_is_followed_to_its_first_article(
    site: Site, other: Site, tmp_path: Path
) -> None:
    archive = ready(tmp_path, site, "wordpress", 160)
    settings = archive / "dibao.toml"
    settings.write_text(f'{settings.read_text()}\n[site]\nbase_url = "{other.url}/"\n')
    run("backfill", "1", "-A", archive)
    for file in (archive / "site").rglob("*"):
        if file.suffix in (".xml", ".json"):
            path = file.relative_to(archive / "site").as_posix()
            other.pages[f"/{path}"] = 200, "application/xml", file.read_bytes()
    second = make_archive(tmp_path / "second", site.port, other.port)
    run("add", f"{other.url}/feed.xml", "-A", second)
    told = backfill(second)
    assert told["pages"] >= 2
    found = numbers(second)  # by the addresses they have in the first archive's site
    assert (len(found), sum(found.values())) == (160, 160)


def test_a_list_page_is_followed_to_older_headlines(site: Site, tmp_path: Path) -> None:
    outlet = Outlet(site, 24)
    for page in (1, 2, 3):
        links = "".join(f'<li><h3><a href="/{n}">第{n}號消息的標題</a></h3></li>' for n in outlet.page(page))
        older = f'<a rel="next" href="/list-{page + 1}">下一頁</a>' if page < 3 else ""
        html = f"<html><body><ul class='news'>{links}</ul>{older}</body></html>"
        site.pages[f"/list-{page}"] = 200, "text/html; charset=utf-8", html.encode()
    archive = make_archive(tmp_path / "archive", site.port)
    run("add", f"{site.url}/list-1", "--select", ".news a", "-A", archive)
    assert backfill(archive)["pages"] == 2
    assert numbers(archive) == all_once(24)


def test_articles_that_stand_in_the_feed_alone_are_taken_from_its_older_pages(
    site: Site, tmp_path: Path
) -> None:
    Outlet(site, 30).wordpress()
    archive = make_archive(tmp_path / "archive", site.port)
    run("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    assert backfill(archive, "--limit", "15")["found"] == 15
    backfill(archive)
    assert numbers(archive) == all_once(30)
    assert site.count("/29") == 0


@pytest.mark.slow
def test_ctrl_c_is_a_clean_stop(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "json", 300)
    process, target = start(archive), len(site.asked) + 20
    while len(site.asked) < target and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"go on" in complaint
    assert b"Traceback" not in complaint
    backfill(archive)
    assert numbers(archive) == all_once(300)


def test_polls_come_before_all_that_waits_longer(site: Site, tmp_path: Path) -> None:
    archive = ready(tmp_path, site, "archived", 10)
    with opened(archive) as it:
        now = it.clock.now()
        it.sources.hasten(1, now)
        long_ago = {"due": "2020-01-01T00:00:00.000000Z"}
        it.archive.database.run("UPDATE visits SET due = :due WHERE kind = 'article'", long_ago)
        found = it.archive.due(now, claimed=[], busy=[], only=None, limit=4)
        assert [visit.kind for visit in found] == ["feed", "article", "article", "article"]
        assert not it.archive.due(now, claimed=[], busy=[f"127.0.0.1:{site.port}"], only=None, limit=4)
