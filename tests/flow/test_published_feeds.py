"""Feeds as the archive publishes them: update by update, read by others over HTTP, and by ourselves again."""

import json
import os
import shutil
import sqlite3
import subprocess
from calendar import timegm
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import feedparser
import pytest
from lxml import etree

from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.publish.feeds import ATOM_SPACE, HISTORY_SPACE
from dibao.sync import publish
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.loopback import digests, make_archive, pass_time, titles, walk
from tests.flow.servers import Answer, Site, article, rss

START = datetime(2026, 3, 4, 8, tzinfo=UTC)
SPACES = {"a": ATOM_SPACE, "fh": HISTORY_SPACE}
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
KINDS = {".html": "text/html", ".json": "application/feed+json"}
pytestmark = pytest.mark.slow


@contextmanager
def archive(folder: Path, site: Site, hub: str = "") -> Iterator[Opened]:
    """Open an archive whose site stands on the test's server."""
    more = f'[site]\ntitle = "海角 & Co"\nbase_url = "{site.url}"\nhub = "{hub}"\n[publish]\nposts = false\n'
    make_archive(folder, site.port, more=more)
    with opened(folder, clock=SteppingClock(START)) as it:
        yield it


def notices(numbers: Iterable[int], said: str = "full text") -> Answer:
    """Return a feed of whole articles, each an hour older than the one of the number before."""
    items = "".join(
        f"<item><guid isPermaLink='false'>n{n}</guid><title>Notice {n} &amp;amp; ]]&gt;</title>"
        f"<pubDate>{format_datetime(START - timedelta(hours=n))}</pubDate>"
        f"<description>&lt;p&gt;Notice {n}: {said}.&lt;/p&gt;</description></item>"
        for n in numbers
    )
    whole = f'<rss version="2.0"><channel><title>Notices</title>{items}</channel></rss>'
    return 200, "application/rss+xml; charset=utf-8", whole.encode()


def follow(it: Opened, site: Site, **more: Any) -> None:
    it.sources.add(Source(name="Notices", url=f"{site.url}/notices", **more), it.clock.now())


def keep(it: Opened, site: Site, workers: Workers, feed: Answer) -> None:
    """Sync once more, with this as the feed."""
    site.pages["/notices"] = feed
    pass_time(it, 2)
    walk(it, workers)


def put_online(it: Opened, site: Site) -> None:
    """Serve what is published."""
    root = it.folder / "site"
    for path in filter(Path.is_file, root.rglob("*")):
        kind = KINDS.get(path.suffix, "application/xml")
        site.pages[f"/{path.relative_to(root).as_posix()}"] = (200, kind, path.read_bytes())


def numbered(it: Opened) -> set[str]:
    """Return the archive documents there are, with their bytes' digests."""
    found = digests(it.folder / "site").items()
    return {f"{path} {digest}" for path, digest in found if path.startswith(("feed/", "rss/"))}


def test_updates_give_the_files_that_publishing_everything_gives(
    site: Site, workers: Workers, tmp_path: Path
) -> None:
    with archive(tmp_path / "archive", site) as it:
        follow(it, site, feed_only=True)
        held: set[str] = set()
        for feed in (
            notices(range(100, 230)),
            notices(range(90, 100)),
            notices([*range(60, 90), *range(400, 425)]),  # some that are older than all others
            notices(range(25, 60)),
            notices(range(25)),
        ):
            keep(it, site, workers, feed)
            publish(it)
            assert publish(it, full=True) == {"site": 0}
            now = numbered(it)
            assert len(held - now) <= 3  # the last document, which names the next one since
            held = now
        assert {line.split()[0] for line in held} == {
            f"{stem}/{n}.{ending}"
            for n in range(1, 5)
            for stem, ending in (("feed", "xml"), ("rss", "xml"), ("feed", "json"))
        }


def test_an_edit_changes_its_own_archive_document_and_no_other(
    site: Site, workers: Workers, tmp_path: Path
) -> None:
    with archive(tmp_path / "archive", site) as it:
        follow(it, site, feed_only=True)
        keep(it, site, workers, notices(range(170)))
        publish(it)
        before = numbered(it)
        keep(it, site, workers, notices([120], "corrected text"))
        publish(it)
        changed = {line.split()[0] for line in numbered(it) - before}
        (stem,) = {path.partition("/")[2].partition(".")[0] for path in changed}
        assert changed == {f"feed/{stem}.xml", f"rss/{stem}.xml", f"feed/{stem}.json"}
        assert publish(it, full=True) == {"site": 0}


class KilledError(Exception):
    """Stands for the end of a process."""


@pytest.mark.parametrize("left", range(1, 14, 3))
def test_a_publish_that_was_cut_short_is_made_good_by_the_next(
    left: int, site: Site, workers: Workers, tmp_path: Path
) -> None:
    """`left` is how many files before the last one it ends: among the feeds, which are written last."""
    points: list[str] = []
    with archive(tmp_path / "archive", site) as it:
        follow(it, site, feed_only=True)
        keep(it, site, workers, notices(range(100, 230)))
        publish(it)
        keep(it, site, workers, notices(range(100)))
    shutil.copytree(tmp_path / "archive", tmp_path / "twin")
    with opened(tmp_path / "twin", at=points.append) as it:
        publish(it)
    last = points.count("before-rename") - left

    def at(point: str) -> None:
        nonlocal last
        last -= point == "before-rename"
        if last < 0:
            raise KilledError

    with opened(tmp_path / "archive", at=at) as it, pytest.raises(KilledError):
        publish(it)
    with opened(tmp_path / "archive") as it:
        publish(it)
        assert digests(it.folder / "site") == digests(tmp_path / "twin" / "site")


# --- over HTTP ------------------------------------------------------------------------------------


def links(root: etree._Element) -> dict[str, str]:
    """Return what a document in Atom names, by relation."""
    return {link.get("rel", ""): link.get("href", "") for link in root.iterfind(f"{{{ATOM_SPACE}}}link")}


def test_whoever_goes_back_through_the_archive_meets_every_article_once(
    site: Site, workers: Workers, tmp_path: Path
) -> None:
    with archive(tmp_path / "archive", site, hub="https://hub.test/") as it:
        follow(it, site, feed_only=True)
        keep(it, site, workers, notices(range(100, 230)))
        keep(it, site, workers, notices(range(40)))
        publish(it)
        put_online(it, site)
        kept = titles(it)
        address, seen, visited = f"{site.url}/feed.xml", [], 0
        while address:
            parsed, root = feedparser.parse(address), etree.fromstring(urlopen(address, timeout=5).read())
            assert not parsed.bozo
            seen += [entry.title for entry in parsed.entries]
            said, is_archive = links(root), bool(root.xpath("/*/fh:archive", namespaces=SPACES))
            assert said["self"] == address
            assert is_archive == (visited > 0) == ("current" in said) == ("hub" not in said)
            visited, address = visited + 1, said.get("prev-archive", "")
        assert sorted(seen) == kept
        assert visited == 3


def test_a_picture_that_is_kept_is_enclosed_from_the_site(
    site: Site, workers: Workers, tmp_path: Path
) -> None:
    status, kind, page = article("渡輪票價四月調整", "青港渡輪公司宣布四月起調整票價。")
    picture = "<img src='/p.gif' width='800' height='600'>"
    figure = f"<figure>{picture}<figcaption>碼頭的早晨。</figcaption></figure>"
    site.pages["/1"] = status, kind, page.replace(b"</h1>", f"</h1>{figure}".encode())
    site.pages["/p.gif"] = 200, "image/gif", GIF
    with archive(tmp_path / "archive", site) as it:
        follow(it, site)
        keep(it, site, workers, rss(("渡輪票價四月調整", f"{site.url}/1", "短")))
        publish(it)
        root = etree.parse(it.folder / "site" / "rss.xml")
        (enclosure,) = root.iter("enclosure")
        place = (enclosure.get("url") or "").removeprefix(f"{site.url}/")
        assert (it.folder / "site" / place).read_bytes() == GIF
        assert (enclosure.get("type"), enclosure.get("length")) == ("image/gif", str(len(GIF)))
        (item,) = json.loads((it.folder / "site" / "feed.json").read_bytes())["items"]
        assert item["image"] == enclosure.get("url")
        assert f'<img src="{item["image"]}"' in item["content_html"]
        assert f"{site.url}/p.gif" not in item["content_html"]
        assert publish(it, full=True) == {"site": 0}


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
@pytest.mark.parametrize("path", ["feed.xml", "rss.xml", "feed/1.xml", "rss/1.xml"])
def test_newsboat_reads_every_article(path: str, site: Site, workers: Workers, tmp_path: Path) -> None:
    with archive(tmp_path / "archive", site) as it:
        follow(it, site, feed_only=True)
        keep(it, site, workers, notices(range(120)))
        publish(it)
        put_online(it, site)
        wanted = feedparser.parse(it.folder / "site" / path)
    home = tmp_path / "home"
    home.mkdir()
    (home / "urls").write_text(f"{site.url}/{path}\n", encoding="utf-8")
    (home / "config").touch()
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload", "print-unread"]
    clean = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=home, env=clean, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == str(len(wanted.entries))
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        read = cache.execute("SELECT guid, title, url, pubDate, content FROM rss_item").fetchall()
    assert {(guid, title, url, at) for guid, title, url, at, _ in read} == {
        (entry.id, entry.title, entry.link, timegm(entry.published_parsed)) for entry in wanted.entries
    }
    assert all("full text" in content for *_, content in read)
