"""Which article stands in which document of a feed, and which documents are written again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dibao.model import Headline, Kept, Verdict
from dibao.publish.feeds import ATOM_SPACE, Channel
from dibao.publish.volumes import SIZE, bind, feeds
from tests import gazette

SPACES = {"a": ATOM_SPACE}
BASE = "https://e.test/"
CHANNEL = Channel(title="T", language="en", base=BASE)
ARTICLES = {kept.key: kept for kept in gazette.many(260)}
LINES = [gazette.headline(kept) for kept in ARTICLES.values()]


def written(lines: Sequence[Headline], known: int = 0, changed: Sequence[Kept] = ()) -> dict[str, bytes]:
    """Return the pages that an update writes."""
    now = ARTICLES | {kept.key: kept for kept in changed}
    pages = feeds(
        CHANNEL,
        lines,
        lambda keys: map(now.__getitem__, keys),
        known=known,
        changed=[kept.key for kept in changed],
    )
    return {page.path: page.body for page in pages}


def paths(*numbers: int) -> set[str]:
    """Return the paths of the current documents and of these archive documents."""
    kinds = (("feed", "xml"), ("rss", "xml"), ("feed", "json"))
    parts = ("", *(f"/{number}" for number in numbers))
    return {f"{stem}{part}.{ending}" for stem, ending in kinds for part in parts}


def at(hours: Sequence[int]) -> list[Headline]:
    """Return lines that came in this order, dated so."""
    return [
        replace(line, at=gazette.NOON + timedelta(hours=hour))
        for line, hour in zip(LINES, hours, strict=False)
    ]


ORDERS = st.lists(st.integers(0, 300), min_size=0, max_size=260).map(at)


@settings(max_examples=150, deadline=None)
@given(ORDERS)
def test_every_article_stands_once_and_the_latest_are_current(lines: list[Headline]) -> None:
    current, volumes = bind(lines)
    everywhere = [*current, *(key for keys in volumes for key in keys)]
    assert sorted(everywhere) == sorted(line.key for line in lines)
    assert all(len(keys) == SIZE for keys in volumes)
    assert len(current) < 2 * SIZE
    latest = sorted(lines, key=lambda line: (line.at, line.key))[-SIZE:]
    assert {line.key for line in latest} <= set(current)


@settings(max_examples=150, deadline=None)
@given(ORDERS, st.integers(0, 260))
def test_a_full_document_keeps_its_articles_however_old_the_ones_that_come(
    lines: list[Headline], count: int
) -> None:
    before, after = bind(lines[:count])[1], bind(lines)[1]
    assert after[: len(before)] == before


def test_articles_stand_newest_first() -> None:
    current, volumes = bind(LINES)
    newest = [line.key for line in reversed(LINES)]
    assert current == newest[: len(current)]
    assert [key for keys in reversed(volumes) for key in keys] == newest[len(current) :]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=101, max_size=205).map(at), st.integers(0, 205))
def test_an_update_writes_what_writing_everything_would(lines: list[Headline], known: int) -> None:
    known = min(known, len(lines))
    assert written(lines[:known]) | written(lines, known) == written(lines)


@pytest.mark.parametrize(
    ("known", "now", "again"),
    [
        (0, 99, ()),
        (99, 100, (1,)),
        (148, 149, ()),
        (149, 150, (1, 2)),
        (199, 200, (2, 3)),
        (149, 250, (1, 2, 3, 4)),
    ],
)
def test_new_articles_write_new_documents_and_the_one_before_them(
    known: int, now: int, again: tuple[int, ...]
) -> None:
    assert set(written(LINES[:now], known)) == paths(*again)


def test_a_changed_article_writes_its_own_document_and_no_other() -> None:
    lines = LINES[:249]
    edited = gazette.later(ARTICLES[bind(lines)[1][1][7]], Verdict.CHANGED, title="Edited")
    update = written(lines, len(lines), [edited])
    assert set(update) == paths(2)
    assert b"Edited" in update["feed/2.xml"]
    assert written(lines) | update == written(lines, 0, [edited])


def test_without_an_address_there_is_only_a_current_document() -> None:
    pages = feeds(replace(CHANNEL, base=""), LINES[:200], lambda keys: map(ARTICLES.__getitem__, keys))
    assert {page.path for page in pages} == paths()


@pytest.mark.parametrize("count", [0, 1, 50, 99, 100, 149, 150, 260])
@pytest.mark.parametrize("start", ["feed.xml", "rss.xml", "feed.json"])
def test_going_back_from_the_current_document_finds_every_article_once(start: str, count: int) -> None:
    pages, found, path = written(LINES[:count]), [], start
    while path:
        ids, older = walked(pages[path])
        found += ids
        path = older.removeprefix(BASE)
    assert found == [f"urn:dibao:{line.key}" for line in reversed(LINES[:count])]


def walked(body: bytes) -> tuple[list[str], str]:
    """Return the ids in a document and the address of the one before, or nothing."""
    if body.startswith(b"{"):
        said = json.loads(body)
        return [each["id"] for each in said["items"]], said.get("next_url", "")
    root = etree.fromstring(body)
    ids: Any = root.xpath("//a:entry/a:id/text() | //item/guid/text()", namespaces=SPACES)
    older: Any = root.xpath("//a:link[@rel='prev-archive']/@href", namespaces=SPACES)
    return ids, older[0] if older else ""
