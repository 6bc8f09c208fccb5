"""The Atom feed: well-formed, complete by RFC 4287, and read alike by others."""

import feedparser
import pytest
from lxml import etree

from dibao.model import Kept, Verdict
from dibao.publish.atom import NAMESPACE, atom
from tests import gazette

A = f"{{{NAMESPACE}}}"


def feed(articles: list[Kept], **more: str) -> etree._Element:
    return etree.fromstring(atom(articles, **{"title": "T", "language": "en", **more}).body)


def texts(entry: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in entry.iterfind(A + name)]


def test_a_feed_has_all_that_the_standard_asks() -> None:
    root = feed(gazette.press(), base_url="https://e.test/", subtitle="S")
    for part in (root, *root.iterfind(A + "entry")):
        for name in ("id", "title", "updated"):
            assert len(texts(part, name)) == 1, name
    ids = [entry.findtext(A + "id") for entry in root.iterfind(A + "entry")]
    assert len(set(ids)) == len(ids) == len(gazette.press())
    assert {link.get("rel"): link.get("href") for link in root.iterfind(A + "link")} == {
        "self": "https://e.test/feed.xml",
        "alternate": "https://e.test/",
    }
    assert root.findtext(A + "updated") == "2026-11-21T20:00:00Z"


def test_an_entry_carries_the_whole_text_its_people_its_outlet_and_its_words() -> None:
    entry = feed([gazette.marsh()]).find(A + "entry")
    assert entry is not None
    assert "Her logbook, begun in pencil" in (entry.findtext(A + "content") or "")
    assert [name.text for name in entry.iterfind(f"{A}author/{A}name")] == ["Ines Calloway", "Tom Rudd"]
    assert entry.findtext(f"{A}source/{A}title") == "The Saltmarsh Herald"
    assert [word.get("term") for word in entry.iterfind(A + "category")] == [
        "salt marsh",
        "tides",
        "Saltmarsh Trust",
    ]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    assert entry.findtext(A + "published") == "2026-11-20T09:00:00Z"


def test_the_id_of_an_article_outlives_its_edits() -> None:
    before, after = gazette.ferry(), gazette.later(gazette.ferry(), Verdict.CHANGED, title="x")
    ids = {feed([kept]).findtext(f"{A}entry/{A}id") for kept in (before, after)}
    assert ids == {f"urn:dibao:{gazette.key_of('ferry')}"}


def test_a_removed_article_says_so_and_stays() -> None:
    content = feed([gazette.books()]).findtext(f"{A}entry/{A}content") or ""
    assert content.startswith("<p><em>来源已撤下")
    assert "书最怕的不是水" in content


def test_another_reader_finds_the_same_articles() -> None:
    read = feedparser.parse(
        atom(gazette.press(), title="T", language="zh-Hant", base_url="https://e.test/").body
    )
    assert not read.bozo
    assert [entry.title for entry in read.entries] == [kept.latest.article.title for kept in gazette.press()]
    assert read.entries[1].link == f"https://e.test/a/{gazette.key_of('ferry')}.html"


@pytest.mark.parametrize("text", gazette.NASTY)
def test_any_text_leaves_the_feed_well_formed(text: str) -> None:
    kept = gazette.kept(gazette.article(text, f"<p>{text}</p>", authors=(text,), keywords=(text,)), why=text)
    assert len(list(feed([kept], title=text, subtitle=text).iterfind(A + "entry"))) == 1


def test_an_empty_feed_is_still_a_feed() -> None:
    assert feed([]).findtext(A + "updated") == "1970-01-01T00:00:00Z"
