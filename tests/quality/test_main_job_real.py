"""The main job on real feeds and pages, served on loopback: all that is announced is kept and published."""

import gzip
import json
import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dibao import sync
from dibao.archive.folder import walking
from dibao.clock import SteppingClock
from dibao.decide import by_url
from dibao.errors import FeedError
from dibao.feeds import parse_feed
from dibao.model import Basis, Source
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import Names, digests, make_archive, walk
from tests.flow.servers import Site, rss

DATA = os.environ.get("DIBAO_TEST_DATA")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA, reason="DIBAO_TEST_DATA is not set")]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGES = 80
READ_FROM_THE_PAGE = 0.9  # of them; the rest have no article that we find, and are kept from the feed


def real_feeds() -> list[bytes]:
    folder = Path(DATA or "") / "feeds"
    lines = map(json.loads, (folder / "index.jsonl").read_text(encoding="utf-8").splitlines())
    return [(folder / line["file"]).read_bytes() for line in lines if line["kind"] == "real"]


def test_every_entry_of_a_hundred_real_feeds_is_kept(tmp_path: Path, site: Site, workers: Workers) -> None:
    bodies = real_feeds()
    assert len(bodies) == 100
    site.pages = {f"/{n}": (200, "application/xml", body) for n, body in enumerate(bodies)}
    archive = make_archive(tmp_path / "archive", site.port)
    announced: set[str] = set()
    for n, body in enumerate(bodies):
        try:
            entries = parse_feed(body, url=f"{site.url}/{n}").entries
        except FeedError:
            continue
        announced |= {by_url(entry.link) or f"{n} {entry.guid} {entry.title}" for entry in entries}
    clock = SteppingClock(NOW)
    with walking(archive), opened(archive, clock=clock, resolver=Names()) as it:
        for n in range(len(bodies)):
            it.sources.add(Source(name=f"feed {n}", url=f"{site.url}/{n}", feed_only=True), NOW)
        walk(it, workers)
        kept = it.library.totals()["articles"]
        assert kept >= len(announced)
        undated = [line for line in it.library.headlines() if line.at > NOW + timedelta(days=1)]
        assert undated == []
        written = sync.publish(it)
        assert written["posts"] == kept
        before = digests(archive)
        clock.sleep(60)
        walk(it, workers)
        assert set(sync.publish(it).values()) == {0}
    after = digests(archive)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if not re.match(r"archive\.db", path)} == set()


def test_real_pages_become_whole_articles_and_posts(tmp_path: Path, site: Site, workers: Workers) -> None:
    folder = Path(DATA or "") / "pages"
    rows = list(map(json.loads, (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()))
    chosen = rows[:: len(rows) // PAGES][:PAGES]
    for row in chosen:
        body = gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())
        site.pages[f"/{row['id']}"] = 200, "text/html", body
    site.pages["/feed"] = rss(
        *((f"headline {n}", f"{site.url}/{row['id']}", "") for n, row in enumerate(chosen))
    )
    archive = make_archive(tmp_path / "archive", site.port)
    with walking(archive), opened(archive, clock=SteppingClock(NOW), resolver=Names()) as it:
        it.sources.add(Source(name="real pages", url=f"{site.url}/feed"), NOW)
        walk(it, workers)
        revisions = [kept.latest for kept in it.library.kept(it.library.keys())]
        sync.publish(it)
    assert len(revisions) == len(chosen)
    bases = Counter(revision.article.basis for revision in revisions)
    assert bases[Basis.PAGE] >= READ_FROM_THE_PAGE * len(chosen)
    assert all(revision.why for revision in revisions if revision.article.basis is Basis.FEED)
    assert len(list((archive / "posts").rglob("*.md"))) == len(chosen)
    for page in (archive / "site" / "a").glob("*.html"):
        assert "<script>" not in page.read_text(encoding="utf-8")
