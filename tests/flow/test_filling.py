"""Gaps that fill themselves: every way to what a feed dropped, killed and gone on with, and never twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dibao import sync
from dibao.backfilling import Backfill
from dibao.backfilling import walk as backfill
from dibao.clock import SteppingClock
from dibao.health import survey
from dibao.model import Gap, Health, Kind
from dibao.subscribe import subscribe as subscribe_to
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import make_archive, one, pass_time
from tests.flow.loopback import walk as made
from tests.flow.servers import Answer, Site, article

WINDOW = 10  # entries of the feed, and of each of its older pages
KNOWN = 15  # published before the first poll
HIDDEN = 25  # published while nobody looks


class Outlet:
    """A site that publishes an article every ten minutes, and the ways to the older ones."""

    def __init__(self, site: Site) -> None:
        self.site, self.published = site, KNOWN
        site.pages["/feed"] = lambda handler: self.rss(self.page(1))

    def publish(self, count: int) -> None:
        self.published += count
        for number in range(self.published):
            self.site.pages[f"/news/{number}"] = article(f"第{number}號消息", f"第{number}號消息的全文。")

    def date(self, number: int) -> datetime:
        return START + timedelta(minutes=10 * (number - KNOWN))

    def page(self, page: int) -> list[int]:
        newest = self.published - 1 - (page - 1) * WINDOW
        return [number for number in range(newest, newest - WINDOW, -1) if number >= 0]

    def rss(self, numbers: list[int], head: str = "<title>F</title>") -> Answer:
        items = "".join(
            f"<item><title>第{n}號消息</title><link>{self.site.url}/news/{n}</link>"
            f"<pubDate>{format_datetime(self.date(n))}</pubDate></item>"
            for n in numbers
        )
        whole = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}{items}</channel></rss>'
        return 200, "application/rss+xml; charset=utf-8", whole.encode()

    def wordpress(self) -> None:
        head = "<title>W</title><generator>https://wordpress.org/?v=6.4</generator>"

        def answer(handler: BaseHTTPRequestHandler) -> Answer:
            page = int(parse_qs(urlsplit(handler.path).query).get("paged", ["1"])[0])
            return self.rss(self.page(page), head) if self.page(page) else (404, "text/html", b"nothing")

        self.site.pages["/feed"] = answer

    def archived(self) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> Answer:
            page = int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0])
            older = f'<atom:link rel="next" href="{self.site.url}/feed?page={page + 1}"/>'
            return self.rss(self.page(page), f"<title>R</title>{older if self.page(page + 1) else ''}")

        self.site.pages["/feed"] = answer

    def json(self) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> Answer:
            page = int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0])
            items = [
                {
                    "id": str(n),
                    "url": f"{self.site.url}/news/{n}",
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
            if self.page(page + 1):
                whole["next_url"] = f"{self.site.url}/feed?page={page + 1}"
            return 200, "application/feed+json", json.dumps(whole).encode()

        self.site.pages["/feed"] = answer

    def sitemap(self) -> None:
        rules = f"User-agent: *\nAllow: /\nSitemap: {self.site.url}/maps.xml\n"
        self.site.pages["/robots.txt"] = 200, "text/plain", rules.encode()
        names = ("news-new", "news-old", "sections")
        maps = "".join(f"<sitemap><loc>{self.site.url}/{name}.xml</loc></sitemap>" for name in names)
        self.site.pages["/maps.xml"] = xml("sitemapindex", maps)
        self.site.pages["/news-new.xml"] = lambda handler: self.map_of(range(30, self.published))
        self.site.pages["/news-old.xml"] = lambda handler: self.map_of(range(min(30, self.published)))
        sections = "".join(
            f"<url><loc>{self.site.url}{path}</loc><lastmod>2026-03-09</lastmod></url>"
            for path in ("/", "/section/a/b", "/section/a/c")
        )
        self.site.pages["/sections.xml"] = xml("urlset", sections)

    def map_of(self, numbers: range) -> Answer:
        urls = "".join(
            f"<url><loc>{self.site.url}/news/{n}</loc><lastmod>{self.date(n).isoformat()}</lastmod></url>"
            for n in numbers
        )
        front = f"<url><loc>{self.site.url}/</loc><lastmod>2026-03-20</lastmod></url>"
        return xml("urlset", front + urls)

    def usual_sitemap(self) -> None:
        self.site.pages["/sitemap.xml"] = lambda handler: self.map_of(range(self.published))


def xml(root: str, inside: str) -> Answer:
    """Return the answer of a sitemap."""
    whole = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</{root}>'
    return 200, "application/xml", whole.encode()


WAYS = ("wordpress", "archived", "json", "sitemap", "usual_sitemap")


def walk(it: Opened) -> None:
    """Make a round, with readers that all of them share."""
    made(it, READERS[0])


READERS: list[Workers] = []


@pytest.fixture(autouse=True)
def _readers(workers: Workers) -> None:
    READERS[:] = [workers]


def subscribe(it: Opened, site: Site, **more: Any) -> None:
    """Subscribe to the outlet's feed and look once."""
    subscribe_to(it, f"{site.url}/feed", {"name": "F", **more}, check=False)
    walk(it)


def missed(it: Opened, outlet: Outlet, count: int = HIDDEN) -> None:
    """Let an outlet publish more than its feed holds, and look again."""
    outlet.publish(count)
    pass_time(it, count / 6)
    walk(it)


def kept(it: Opened) -> Counter[str]:
    """Return the path of every article that is kept, and how often it is."""
    found = it.archive.database.rows("SELECT url FROM revisions WHERE number = 1")
    return Counter(urlsplit(row["url"]).path for row in found)


def numbers(first: int, end: int) -> Counter[str]:
    """Return what `kept` finds where these articles are kept, and none twice."""
    return Counter(f"/news/{number}" for number in range(first, end))


def gaps(it: Opened) -> list[Gap]:
    return it.library.gaps(filled=True)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_brings_what_a_gap_hides_and_nothing_else(way: str, site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    getattr(outlet, way)()
    subscribe(it, site)
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN)
    missed(it, outlet)
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)
    (gap,) = gaps(it)
    assert gap.filled_at is not None
    assert (gap.before, gap.after, gap.looked_for) == ((), (), False)
    assert max(site.count(f"/news/{n}") for n in range(KNOWN, outlet.published)) == 1
    before = len(site.asked)
    pass_time(it, 24)
    walk(it)
    asked = {path for path, _ in site.asked[before:] if not path.startswith("/news/")}
    assert asked <= {"/feed", "/robots.txt"}  # nothing more is looked for


def test_articles_that_stand_in_the_feed_alone_are_found_on_its_older_pages(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.wordpress()
    subscribe(it, site, feed_only=True)
    missed(it, outlet)
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)
    assert gaps(it)[0].filled_at is not None
    assert site.count("/sitemap.xml") == 0


def test_a_gap_that_nothing_fills_is_tried_a_few_times_and_left_with_the_reason(
    site: Site, it: Opened
) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    subscribe(it, site, every=12600, steady=True)
    missed(it, outlet)
    it.archive.database.run("UPDATE visits SET due = NULL WHERE kind = 'article'")
    seen = [(gap.tries, gap.looked_for) for gap in gaps(it)]
    for rest in (1, 6, 24, 24):
        pass_time(it, rest)
        walk(it)
        seen += [(gap.tries, gap.looked_for) for gap in gaps(it)]
    assert seen == [(1, True), (2, True), (3, True), (4, False), (4, False)]
    (gap,) = gaps(it)
    assert (gap.filled_at, gap.why) == (None, "its host has no sitemap")
    assert site.count("/sitemap.xml") == 4


def test_a_feed_only_source_whose_feed_leads_nowhere_says_so_at_once(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    subscribe(it, site, feed_only=True)
    missed(it, outlet)
    (gap,) = gaps(it)
    assert (gap.tries, gap.looked_for, gap.why) == (0, False, "its feed leads to no older page")


def test_pages_that_repeat_end_the_walk_and_sitemaps_are_asked(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    head = "<title>W</title><generator>https://wordpress.org/?v=6</generator>"
    site.pages["/feed"] = lambda handler: outlet.rss(outlet.page(1), head)
    outlet.usual_sitemap()
    subscribe(it, site)
    missed(it, outlet)
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)
    assert gaps(it)[0].filled_at is not None
    assert site.count("/feed?paged=2") == 1


def test_a_sitemap_that_does_not_reach_over_the_gap_yet_is_asked_again_later(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    site.pages["/sitemap.xml"] = outlet.map_of(range(KNOWN))
    subscribe(it, site, every=12600, steady=True)
    missed(it, outlet)
    (gap,) = gaps(it)
    assert (gap.filled_at, gap.tries, gap.looked_for) == (None, 1, True)
    assert gap.why == "its sitemaps do not reach over it"
    outlet.usual_sitemap()
    pass_time(it, 1)
    walk(it)
    assert gaps(it)[0].filled_at is not None
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)


def test_a_page_with_trouble_leaves_the_gap_until_the_next_walk(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    outlet.wordpress()
    subscribe(it, site, every=12600, steady=True)
    good = site.pages["/feed"]

    def broken(handler: BaseHTTPRequestHandler) -> Answer:
        assert callable(good)
        return (500, "text/plain", b"broken") if "paged=3" in handler.path else good(handler)

    site.pages["/feed"] = broken
    missed(it, outlet)
    (gap,) = gaps(it)
    assert gap.why is not None
    assert "paged=3: the server answered 500" in gap.why
    site.pages["/feed"] = good
    pass_time(it, 1)
    walk(it)
    assert gaps(it)[0].filled_at is not None
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)


def test_robots_txt_is_heeded_by_what_nobody_asked_for(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    outlet.wordpress()
    site.pages["/robots.txt"] = (
        200,
        "text/plain",
        b"User-agent: *\nDisallow: /feed?\nDisallow: /sitemap.xml\n",
    )
    subscribe(it, site)
    missed(it, outlet)
    (gap,) = gaps(it)
    assert gap.filled_at is None
    assert "robots: " in (gap.why or "")
    assert site.count("/feed?paged=2") == site.count("/sitemap.xml") == 0


def test_a_host_that_wants_to_be_left_alone_is_asked_for_the_page_again_later(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    outlet.wordpress()
    subscribe(it, site, every=12600, steady=True)
    good, busy = site.pages["/feed"], [True]

    def answer(handler: BaseHTTPRequestHandler) -> Answer:
        assert callable(good)
        is_refused = "paged=2" in handler.path and busy
        return (429, "text/plain", b"") if is_refused else good(handler)

    site.pages["/feed"] = answer
    missed(it, outlet)
    assert (gaps(it)[0].tries, gaps(it)[0].filled_at) == (0, None)
    busy.clear()
    pass_time(it, 5)
    walk(it)
    assert gaps(it)[0].filled_at is not None
    assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + HIDDEN)
    assert site.count("/sitemap.xml") == 0


@pytest.mark.slow
def test_a_second_gap_is_found_by_the_walk_that_the_first_one_waits_for(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    subscribe(it, site, every=3600, steady=True)
    missed(it, outlet)
    missed(it, outlet)
    assert [gap.filled_at for gap in gaps(it)] == [None, None]
    outlet.usual_sitemap()
    pass_time(it, 24)
    walk(it)
    assert all(gap.filled_at for gap in gaps(it))
    assert set(kept(it)) == set(numbers(KNOWN - WINDOW, KNOWN + 2 * HIDDEN))
    assert set(kept(it).values()) == {1}


def left_open(site: Site, it: Opened, rests: tuple[float, ...]) -> Outlet:
    """Return an outlet whose older pages are to be had only once a gap was looked for in vain."""
    outlet = Outlet(site)
    outlet.publish(0)
    subscribe(it, site)
    missed(it, outlet)
    for rest in rests:
        pass_time(it, rest)
        walk(it)
    outlet.wordpress()
    it.sources.hasten(1, it.clock.now())
    return outlet


@pytest.mark.slow
@pytest.mark.parametrize("rests", [(), (1, 6, 24)], ids=["while it is looked for", "once it is not"])
def test_a_backfill_that_reaches_over_a_gap_fills_it(
    site: Site, it: Opened, rests: tuple[float, ...]
) -> None:
    left_open(site, it, rests)
    assert gaps(it)[0].looked_for is (rests == ())
    walk(it)
    assert gaps(it)[0].filled_at is None
    wanted = Backfill(it.sources.find("1"))
    for _ in backfill(it, wanted):
        pass
    assert kept(it) == numbers(0, KNOWN + HIDDEN)
    assert (wanted.filled, gaps(it)[0].filled_at, gaps(it)[0].why) == (1, it.clock.now(), None)
    assert survey(it).sources[0][0].gaps == ()


@pytest.mark.slow
@pytest.mark.parametrize("wish", [{"limit": 5}, {"until": "2026-03-03"}, {"since": "2026-03-05"}], ids=str)
def test_a_backfill_that_leaves_out_what_a_gap_may_hide_does_not_fill_it(
    site: Site, it: Opened, wish: dict[str, Any]
) -> None:
    left_open(site, it, (1, 6, 24))
    walk(it)
    wanted = Backfill(it.sources.find("1"), **wish)
    for _ in backfill(it, wanted):
        pass
    for _ in backfill(it, Backfill(it.sources.find("1"), **wish)):  # goes on, or begins anew
        pass
    assert (wanted.filled, gaps(it)[0].filled_at) == (0, None)


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["cut", "refused"])
def test_a_backfill_with_a_hole_in_it_fills_no_gap(site: Site, it: Opened, trouble: str) -> None:
    left_open(site, it, (1, 6, 24))
    walk(it)
    whole = site.pages["/feed"]
    assert callable(whole)

    def damaged(handler: BaseHTTPRequestHandler) -> Answer:
        status, kind, body = whole(handler)
        if "paged=2" not in handler.path:
            return status, kind, body
        return (status, kind, body[: body.rindex(b"<item>")]) if trouble == "cut" else (500, kind, b"")

    site.pages["/feed"] = damaged
    wanted = Backfill(it.sources.find("1"))
    for _ in backfill(it, wanted):
        pass
    assert (wanted.filled, gaps(it)[0].filled_at) == (0, None)
    site.pages["/feed"] = whole
    filled = []
    for _ in range(2):
        for _ in backfill(it, wanted := Backfill(it.sources.find("1"))):
            pass
        filled.append(wanted.filled)
    # A page that was refused is gone on from, and nobody knows whether what came before it joins.
    assert filled == ([1, 0] if trouble == "cut" else [0, 1])
    assert kept(it) == numbers(0, KNOWN + HIDDEN)


def test_another_address_ends_the_search(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    subscribe(it, site)
    missed(it, outlet)
    (source,) = it.sources.all()
    it.sources.change(source, it.clock.now(), url=f"{site.url}/other")
    assert (gaps(it)[0].looked_for, gaps(it)[0].why) == (False, "the source is read another way since")
    assert it.archive.database.rows("SELECT * FROM visits WHERE kind = 'part'") == []


def said_of_gaps(health: Health) -> str:
    """Return what is told of a source's gaps."""
    (finding,) = (finding for finding in health.findings if finding.kind == "gap")
    return finding.says


def test_an_open_gap_stands_on_the_site_and_in_status_until_it_is_filled(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    outlet.publish(0)
    subscribe(it, site, every=12600, steady=True)
    sync.publish(it)
    missed(it, outlet)
    sync.publish(it)
    page = it.folder / "site" / "source" / "f.html"
    assert "may have published articles then that are not kept here" in page.read_text(encoding="utf-8")
    ((signs, health),) = survey(it).sources
    assert [(gap.tries, gap.why) for gap in signs.gaps] == [(1, "its host has no sitemap")]
    assert "The next syncs look for it (its host has no sitemap)." in said_of_gaps(health)
    it.archive.database.run("UPDATE visits SET due = NULL WHERE kind = 'article'")
    for rest in (1, 6, 24):
        pass_time(it, rest)
        walk(it)
    ((_, health),) = survey(it).sources
    assert "It was looked for in vain (its host has no sitemap)." in said_of_gaps(health)
    it.archive.fill_gap(gaps(it)[0].id, it.clock.now())
    before = {path: path.stat().st_mtime_ns for path in (it.folder / "site").rglob("*.html")}
    assert sync.publish(it)["site"] == 1
    assert [path for path in before if path.stat().st_mtime_ns != before[path]] == [page]
    assert "not kept here" not in page.read_text(encoding="utf-8")
    assert survey(it).sources[0][0].gaps == ()


ROUND = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from dibao.archive.folder import walking
from dibao import sync
from dibao.backfilling import Backfill
from dibao.backfilling import walk as backfill
from dibao.clock import SteppingClock
from dibao.wiring import opened
folder = Path(sys.argv[1])
with walking(folder), opened(folder, clock=SteppingClock(datetime.fromisoformat(sys.argv[2]))) as it:
    for outcome in sync.walk(it, patience=timedelta()):
        pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["wordpress", "sitemap"])
def test_a_walk_killed_again_and_again_fills_the_gap_and_takes_nothing_twice(
    way: str, site: Site, tmp_path: Path
) -> None:
    random.seed(f"20260304 {way}")
    outlet, folder = Outlet(site), make_archive(tmp_path / "archive", site.port)
    outlet.publish(0)
    getattr(outlet, way)()
    with opened(folder, clock=SteppingClock(START)) as it:
        subscribe(it, site)
    outlet.publish(300)
    kills = 0
    for hours in range(60, 90):  # each round an hour later
        process = start(folder, START + timedelta(hours=hours))
        target = len(site.asked) + random.randint(1, 40)
        while len(site.asked) < target and process.poll() is None:
            time.sleep(0.002)
        if process.poll() is None and kills < 12:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        _, complaint = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), complaint
        if kills == 12 and process.returncode == 0:
            break
    assert kills == 12
    with opened(folder, clock=SteppingClock(START + timedelta(days=9))) as it:
        walk(it)
        (gap,) = gaps(it)
        assert gap.filled_at is not None
        assert kept(it) == numbers(KNOWN - WINDOW, KNOWN + 300)
        assert one(it.archive.database, "PRAGMA integrity_check") == "ok"


def start(folder: Path, now: datetime) -> "subprocess.Popen[bytes]":
    """Start a round in a process of its own."""
    command = [sys.executable, "-c", ROUND, str(folder), now.isoformat()]
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(command, env=paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_polls_come_before_what_fills_gaps(site: Site, it: Opened) -> None:
    outlet = Outlet(site)
    subscribe(it, site)
    missed(it, outlet)
    long_ago = {"due": "2020-01-01T00:00:00.000000Z"}
    it.archive.database.run("UPDATE visits SET due = :due WHERE kind = 'part'", long_ago)
    it.sources.hasten(1, it.clock.now())
    found = it.archive.due(it.clock.now(), claimed=[], busy=[], only=None, limit=2)
    assert [visit.kind for visit in found] == [Kind.FEED, Kind.PART]
