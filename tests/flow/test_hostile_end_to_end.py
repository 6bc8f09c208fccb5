"""Hostile feeds through the whole chain: what is published runs nothing and breaks no rule."""

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dibao import sync
from dibao.archive.folder import walking
from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import Names, hostile_server, make_archive, walk
from tests.unit.test_site_hostile import tool

DATA = os.environ.get("DIBAO_TEST_DATA")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA, reason="DIBAO_TEST_DATA is not set"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the checkers' open files
]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_hostile_feeds_are_published_harmless(tmp_path: Path, workers: Workers) -> None:
    with hostile_server(Path(DATA or "") / "hostile" / "tools") as server:
        feeds = server["xss_feeds"]
        archive = make_archive(tmp_path / "archive", urlsplit(feeds[0]).port or 0)
        with walking(archive), opened(archive, clock=SteppingClock(NOW), resolver=Names()) as it:
            for url in feeds:
                it.sources.add(Source(name=url.rsplit("/", 1)[1], url=url, feed_only=True), NOW)
            walk(it, workers)
            articles = it.library.totals()["articles"]
            sync.publish(it)
    assert articles > 1_300
    html, post = tool("check_html"), tool("check_post")
    pages = sorted((archive / "site" / "a").glob("*.html"))
    assert len(pages) == articles
    for page in pages:
        assert html.violations(page.read_text(encoding="utf-8"), content=".text") == [], page
    lists = [path for path in (archive / "site").rglob("*.html") if path.parent.name != "a"]
    for page in sorted(lists)[::10]:
        assert html.violations(page.read_text(encoding="utf-8"), content=".colophon") == [], page
    posts = sorted((archive / "posts").rglob("*.md"))
    for path in posts:
        assert post.violations_post(str(path), str(archive / "posts")) == [], path
    assert post.violations_names([path.name for path in posts]) == []
