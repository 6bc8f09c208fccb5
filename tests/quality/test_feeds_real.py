"""Real feeds and other parsers' own tests, read without the help of feedparser.

The scores are floors: they rise freely and fall only by hand.
"""

import importlib.util
import json
import os
import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import feedparser
import pytest

from dibao.charset import decode
from dibao.errors import FeedError
from dibao.feeds import parse_feed
from dibao.feeds.markup import resolved
from dibao.feeds.plain import plain
from dibao.model import Entry, Feed
from tests.quality.feedparser_view import parse

pytestmark = pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
FEEDS = Path(os.environ.get("DIBAO_TEST_DATA", ".")) / "feeds"
URL = "https://feed.test/feed.xml"

SUITE = 0.98  # of feedparser's own suite outside sanitize/
EDGE_CASES = 73
GOFEED = 0.97
# What feedparser's suite expects and we don't do, by file.
BY_DECISION = {
    "bozo_http_i18n.xml": "asks for an exception class of feedparser's",
    "lang.xml": "HTML5 reads &lang; as U+27E8; the suite has HTML 4's U+2329",
    "rang.xml": "the same for &rang;",
    "rdf_channel_empty_textinput.xml": "an empty textinput is no trouble worth a note",
    "entity_in_doctype.xml": "entities that a document declares are never expanded",
    "rss_version_091_netscape.xml": "the DOCTYPE that tells Netscape's 0.91 from Userland's is cut away",
    "atommathml.xml": "expects the attributes of MathML in alphabetical order",
    "atomsvgdesc.xml": "the same for SVG",
    "atomsvgtitle.xml": "the same for SVG",
    "rss2.0svg5.xml": "the same for SVG",
}


def _rows(*kinds: str, source: str = "") -> list[dict[str, Any]]:
    rows = map(json.loads, (FEEDS / "index.jsonl").read_text().splitlines())
    return [row for row in rows if row["kind"] in kinds and source in row["source"]]


def _files(*kinds: str) -> list[Path]:
    return [FEEDS / row["file"] for row in _rows(*kinds)]


def _read(path: Path) -> Feed | None:
    try:
        return parse_feed(path.read_bytes(), url=URL, fallback=False)
    except FeedError:
        return None


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FEEDS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():  # the scripts silence warnings for good
        spec.loader.exec_module(module)
    return module


# --- feedparser's suite, and the edge cases ----------------------------------------------------------


def test_feedparsers_own_suite_is_passed_without_feedparser() -> None:
    runner = _script("run_feedparser_suite")
    passed, missed = 0, list[str]()
    for name, expect, data, headers in _expectations(runner):
        if _holds(expect, parse(data, headers)):
            passed += 1
        else:
            missed.append(name)
    assert passed + len(missed) > 650
    assert passed / (passed + len(missed)) >= SUITE
    assert {Path(name).name for name in missed} <= BY_DECISION.keys()


def _expectations(runner: ModuleType) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    for row in _rows("suite"):
        name, data = row["path_in_suite"], (FEEDS / row["file"]).read_bytes()
        text = runner.decode(data)
        told, skip = runner.desc_re.search(text), runner.skip_re.search(text)
        if told and _has(skip[1] if skip else "True") and "sanitize" not in name:
            yield name, told[2].strip(), data, runner.headers_for(name, data, text)


def _has(needed: str) -> bool:
    """Say whether the codec or module is there that a test asks for."""
    try:
        return bool(eval(needed.strip()))
    except (ImportError, LookupError, AttributeError):
        return False


def _holds(expect: str, view: dict[str, Any]) -> bool:
    import datetime

    try:
        return bool(eval(expect, {"datetime": datetime, "feedparser": feedparser}, view))
    except (KeyError, IndexError, AttributeError, NameError, TypeError):
        return False


def test_every_edge_case_is_read() -> None:
    script = _script("edge_cases")
    missed = [name for name, *case in script.cases if not _passes(name, *case)]
    Path(script.SECRET.name).unlink()
    assert missed == []
    assert len(script.cases) >= EDGE_CASES


def _passes(name: str, data: bytes, field: Any, expect: object, headers: dict[str, str] | None) -> bool:
    return bool(field(parse(data, headers or {})) == expect)


# --- real feeds ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_real_feed_has_fewer_entries_than_feedparser_finds() -> None:
    files = _files("real")
    kept = [len(feed.entries) if (feed := _read(path)) else 0 for path in files]
    found = [_entries_feedparser_finds(path) for path in files]
    assert len(files) >= 100
    assert [path.name for path, ours, theirs in zip(files, kept, found, strict=True) if ours < theirs] == []


def _entries_feedparser_finds(path: Path) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = BytesIO(path.read_bytes())
        return len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)


def test_every_date_of_the_real_feeds_is_read_and_none_is_invented() -> None:
    entries = [entry for path in _files("real") for entry in getattr(_read(path), "entries", ())]
    dates = [(entry.published_raw, entry.published) for entry in entries]
    dates += [(entry.updated_raw, entry.updated) for entry in entries]
    assert len(entries) > 2000
    assert [raw for raw, date in dates if raw and not date] == []
    assert [date for raw, date in dates if date and not raw] == []
    known = [(date, _as_the_standard_library_reads(raw)) for raw, date in dates if raw and date]
    assert [date for date, same in known if same and same != date.replace(microsecond=0)] == []


def _as_the_standard_library_reads(raw: str) -> datetime | None:
    if " 0001 " in raw:  # which it takes for 2001
        return None
    try:
        date = datetime.fromisoformat(raw)
    except ValueError:
        date = parsedate_to_datetime(raw)
    date = date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    return date.replace(microsecond=0)


def test_the_raw_entries_of_the_real_feeds_are_parts_of_them() -> None:
    for path in _files("real"):
        feed = _read(path)
        if feed and not feed.notes and not feed.format.startswith("json"):
            text, _ = decode(path.read_bytes())
            assert all(entry.raw in text for entry in feed.entries)


# --- other parsers' cases ----------------------------------------------------------------------------


def test_no_file_of_any_suite_raises_anything_but_feed_error() -> None:
    feeds = [_read(path) for path in _files("suite", "validator", "expected", "fixture")]
    assert sum(feed is not None for feed in feeds) > 2000


def test_gofeeds_expectations_are_met() -> None:
    agreed, missed = 0, list[tuple[str, str]]()
    for row in _rows("expected", source="gofeed"):
        expected = FEEDS / row["file"]
        if expected.suffix == ".json" and expected.with_suffix(".xml").exists():
            for field, agrees in _agreement(expected):
                agreed += agrees
                missed += [] if agrees else [(expected.stem, field)]
    assert agreed > 300
    assert agreed / (agreed + len(missed)) >= GOFEED


def _agreement(expected: Path) -> Iterator[tuple[str, bool]]:
    """Yield title, link, date, author and content of each entry, and whether ours is what gofeed expects."""
    document = json.loads(expected.read_text())
    items = document.get("items") or document.get("entries") or []
    try:
        entries = parse_feed(expected.with_suffix(".xml").read_bytes(), url="", fallback=False).entries
    except FeedError:
        entries = ()
    yield "entries", len(entries) == len(items)
    for item, entry in zip(items, entries, strict=False):
        yield from _agreement_on(item, entry)


def _agreement_on(item: dict[str, Any], entry: Entry) -> Iterator[tuple[str, bool]]:
    if item.get("title"):
        yield "title", entry.title in (plain(item["title"]), item["title"])
    if isinstance(item.get("link"), str):
        yield "link", entry.link == item["link"]
    for name in ("publishedParsed", "updatedParsed", "pubDateParsed"):
        if item.get(name):
            yield name, datetime.fromisoformat(item[name]) in (entry.published, entry.updated)
    names = [person["name"] for person in item.get("authors", ()) if person.get("name")]
    if names:
        yield "author", names == [name for name in names if name in (*entry.authors, *entry.outlets)]
    content = item.get("content") or item.get("description")
    content = content.get("value") if isinstance(content, dict) else content
    if content:
        yield "content", _squeezed(content) == _squeezed(resolved(entry.content or "", entry.base or ""))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
