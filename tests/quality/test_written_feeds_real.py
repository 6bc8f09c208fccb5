"""What we write of a hundred real feeds is read back alike from every format, and by others."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from dibao import parse_feed, sync
from dibao.archive.folder import walking
from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import Names, make_archive, walk
from tests.flow.servers import serving
from tests.quality.test_main_job_real import NOW, real_feeds
from tests.unit.test_feed_writers import told

DATA = os.environ.get("DIBAO_TEST_DATA")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA, reason="DIBAO_TEST_DATA is not set")]
BASE = "https://news.test/"


@dataclass(frozen=True)
class Published:
    """A published site and how many articles it has."""

    site: Path
    articles: int

    def parts(self) -> list[str]:
        """Return the names of its feed documents without folder and ending."""
        archived = sorted((self.site / "feed").glob("*.xml"), key=lambda path: int(path.stem))
        return ["", *(f"/{path.stem}" for path in archived)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Iterator[Published]:
    bodies = real_feeds()
    with serving() as site:
        site.pages = {f"/{n}": (200, "application/xml", body) for n, body in enumerate(bodies)}
        more = f'[site]\nbase_url = "{BASE}"\n[publish]\nposts = false\n'
        archive = make_archive(tmp_path_factory.mktemp("real") / "archive", site.port, more=more)
        with walking(archive), opened(archive, clock=SteppingClock(NOW), resolver=Names()) as it:
            for n in range(len(bodies)):
                it.sources.add(Source(name=f"feed {n}", url=f"{site.url}/{n}", feed_only=True), NOW)
            walk(it, workers)
            sync.publish(it)
            yield Published(archive / "site", it.library.totals()["articles"])


def entries(published: Published, path: str) -> list[dict[str, Any]]:
    """Return what our own reader finds in a document."""
    feed = parse_feed((published.site / path).read_bytes(), url=BASE + path)
    assert feed.notes == ()
    return told(feed)


def test_every_article_stands_once_in_the_documents_of_each_format(published: Published) -> None:
    for stem, ending in (("feed", "xml"), ("rss", "xml"), ("feed", "json")):
        paths = [f"{stem}{part}.{ending}" for part in published.parts()]
        found = [entry["id"] for path in paths for entry in entries(published, path)]
        assert len(found) == len(set(found)) == published.articles > 1_000


def test_every_format_says_the_same(published: Published) -> None:
    for part in published.parts():
        atom = entries(published, f"feed{part}.xml")
        assert entries(published, f"rss{part}.xml") == atom
        assert entries(published, f"feed{part}.json") == atom


def test_other_readers_have_no_complaint(published: Published) -> None:
    for part in published.parts():
        for path in (f"feed{part}.xml", f"rss{part}.xml"):
            body = (published.site / path).read_bytes()
            etree.fromstring(body)  # not lenient
            parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
            assert not parsed.bozo
            assert [entry.id for entry in parsed.entries] == [
                entry["id"] for entry in entries(published, path)
            ]
