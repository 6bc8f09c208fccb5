"""Real feeds: what we keep of them next to feedparser, and the edge cases of feeds in the wild.

The scores are floors: they rise freely and fall only by hand.
"""

import importlib.util
import json
import os
import warnings
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import feedparser
import pytest

from dibao.errors import FeedError
from dibao.feeds import parse_feed
from dibao.model import Entry, Feed

pytestmark = pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
FEEDS = Path(os.environ.get("DIBAO_TEST_DATA", ".")) / "feeds"
URL = "https://feed.test/feed.xml"

REAL_WITHOUT_LOSS = 1.0  # share of real feeds of which we find at least feedparser's entries
EDGE_CASES = 67
# What the script expects and we decided otherwise: content is kept as written, a title is plain text,
# a half entry is no entry, and a Korean date without zone is Korea's.
BY_DECISION = {
    "unclosed item (truncated)",
    "date ko",
    "relative img in content + base header",
    "title escaped twice &amp;lt;b&amp;gt; kept once-decoded",
    "title &amp;amp;",
    "script stripped from content by default",
}


def _files(*kinds: str) -> list[Path]:
    lines = (FEEDS / "index.jsonl").read_text().splitlines()
    rows = map(json.loads, lines)
    return [FEEDS / row["file"] for row in rows if row["kind"] in kinds]


def _read(path: Path) -> Feed | None:
    try:
        return parse_feed(path.read_bytes(), url=URL)
    except FeedError:
        return None


def _entries_feedparser_finds(path: Path) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = BytesIO(path.read_bytes())
        return len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)


def test_no_real_feed_has_fewer_entries_than_feedparser_finds() -> None:
    files = _files("real")
    kept = [len(feed.entries) if (feed := _read(path)) else 0 for path in files]
    found = [_entries_feedparser_finds(path) for path in files]
    whole = sum(ours >= theirs for ours, theirs in zip(kept, found, strict=True))
    assert len(files) >= 100
    assert whole / len(files) >= REAL_WITHOUT_LOSS


def test_every_date_of_the_real_feeds_is_read() -> None:
    entries = [entry for path in _files("real") for entry in getattr(_read(path), "entries", ())]
    unread = [entry.published_raw for entry in entries if entry.published_raw and not entry.published]
    assert len(entries) > 2000
    assert unread == []


def test_no_file_of_any_suite_raises_anything_but_feed_error() -> None:
    feeds = [_read(path) for path in _files("suite", "validator", "expected", "fixture")]
    assert sum(feed is not None for feed in feeds) > 2000


def test_the_edge_cases_are_read() -> None:
    script = _edge_cases()
    missed = {
        name
        for name, data, field, expect, headers in script.cases
        if not _passes(data, field, expect, headers, name)
    }
    Path(script.SECRET.name).unlink()
    assert missed <= BY_DECISION
    assert len(script.cases) - len(missed) >= EDGE_CASES


def _passes(data: bytes, field: Any, expect: object, headers: dict[str, str] | None, name: str) -> bool:
    try:
        return bool(field(_view(data, headers or {})) == expect)
    except FeedError:
        return name.startswith(("HTML page", "empty"))


def _edge_cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("edge_cases", FEEDS / "edge_cases.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():  # the script silences warnings for good
        spec.loader.exec_module(module)
    return module


def _view(data: bytes, headers: dict[str, str]) -> dict[str, Any]:
    url = headers.get("content-location", URL)
    feed = parse_feed(data, url=url, content_type=headers.get("content-type"))
    return {"entries": [_entry(entry) for entry in feed.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    files = [{"url": file.url} for file in entry.enclosures]
    return {
        "title": entry.title,
        "link": entry.link,
        "id": entry.guid,
        "published": entry.published_raw,
        "published_parsed": entry.published and entry.published.timetuple(),
        "content": [{"value": entry.content}],
        "summary": entry.summary or entry.content,
        "author": ", ".join(entry.authors),
        "enclosures": files,
        "media_thumbnail": files,
    }
