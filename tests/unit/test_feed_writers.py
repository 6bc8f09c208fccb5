"""Written feeds: complete by their standards, alike in every format, and read back as they were meant."""

import json
import re
from calendar import timegm
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape, unescape
from time import struct_time
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dibao import parse_feed
from dibao.model import Enclosure, Entry, Feed, Kept, Media, Source, Verdict
from dibao.ports import Page
from dibao.publish.feeds import ATOM_SPACE, HISTORY_SPACE, Channel, Document, atom, json_feed, rss
from dibao.publish.items import Item, item
from tests import gazette

A, FH = f"{{{ATOM_SPACE}}}", f"{{{HISTORY_SPACE}}}"
BASE = "https://e.test/news/"
CHANNEL = Channel(
    title="海角 & Gazette",
    subtitle="All <b>that</b> is kept",
    language="en",
    base=BASE,
    icon="assets/icon.svg",
    hub="https://hub.test/?a=1&b=2",
)
Write = Callable[[Document], Page]
FORMATS = pytest.mark.parametrize("write", [atom, rss, json_feed], ids=["atom", "rss", "json"])
XML = pytest.mark.parametrize("write", [atom, rss], ids=["atom", "rss"])

NASTY_HTML = (
    "<p>a ]]> b ]]]]>> c <![CDATA[ d ]]></p>",
    "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2 &nbsp;&eacute;&#x1F600; &amp;lt;</p>",
    "<p>😀 👩‍👩‍👧 長文 עברית \u202eעברית\u202c العربية</p>",
    "<p>bell\x07, half a pair \ud83d, no character \ufffe\uffff, escape \x1b[31m</p>",
    "<p>one\r\ntwo\rthree\n\n\tfour</p>",
    "<p>" + "長" * 300_000 + "</p>",
    "",
    " \n ",
)


def document(*articles: Kept, channel: Channel = CHANNEL, **more: Any) -> Document:
    return Document(channel=channel, items=[item(kept, channel.base) for kept in articles], **more)


def read(page: Page) -> Feed:
    return parse_feed(page.body, url=BASE + page.path)


def xml(page: Page) -> etree._Element:
    return etree.fromstring(page.body)  # not lenient


def items_of(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page.body)["items"]
    return found


def rich() -> Kept:
    """Return an article that has everything a feed can say."""
    said = gazette.article(
        "Tom & Jerry: 1 < 2, “so” 😀",
        "<p>The <em>whole</em> text &amp; more.</p>",
        authors=("Ines Calloway", "Tom Rudd", "陳守拙"),
        keywords=("salt marsh", "R&D", "海"),
        section="Environment",
        dek="Two <hundred> acres & a tide.",
        language="en-GB",
        media=(
            Media(
                url="https://herald.test/marsh.jpg?w=1&h=2",
                caption="A “gate” & a tide",
                credit="Ada Penrose",
                width=1500,
                height=1000,
            ),
            Media(url="https://herald.test/second.jpg"),
        ),
    )
    announced = Entry(
        enclosures=(
            Enclosure(url="https://herald.test/marsh-small.jpg", type="image/jpeg", length=9),
            Enclosure(
                url="https://herald.test/marsh.mp3",
                type="audio/mpeg",
                length=123456,
                title="To hear",
                duration="1:02:03",
            ),
        )
    )
    source = replace(gazette.HERALD, rights="© The Saltmarsh Herald")
    first = gazette.kept(said, source, name="rich", entry=announced)
    return gazette.later(first, Verdict.CHANGED, html="<p>The <em>whole</em> text &amp; more, edited.</p>")


# --- what our own reader makes of them ------------------------------------------------------------


def told(feed: Feed) -> list[dict[str, Any]]:
    """Return what every format can say of its entries."""
    return [
        {
            "id": entry.guid,
            "title": entry.title,
            "link": entry.link,
            "published": entry.published,
            "updated": entry.updated,
            "authors": tuple(name for name in entry.authors if name != entry.via),  # a source is no person
            "categories": entry.categories,
            "content": entry.content,
            "summary": entry.summary,
            "language": entry.language,
        }
        for entry in feed.entries
    ]


def meant(written: Document) -> list[dict[str, Any]]:
    """Return what a reader should find."""
    return [meaning(each, written.channel) for each in written.items]


def meaning(each: Item, channel: Channel) -> dict[str, Any]:
    short = escape(each.summary, quote=False) or None
    content = each.html or short
    return {
        "id": each.id,
        "title": each.title,
        "link": channel.base + each.page,
        "published": each.published,
        "updated": each.updated,
        "authors": each.authors,
        "categories": each.categories,
        "content": content,
        "summary": short if short != content else None,
        "language": each.language or None,
    }


@FORMATS
def test_what_is_written_is_read_back_equal(write: Write) -> None:
    written = document(rich(), *gazette.press())
    feed = read(write(written))
    assert told(feed) == meant(written)
    assert (feed.title, feed.link, feed.language) == (CHANNEL.title, BASE, "en")
    assert (feed.hub, feed.notes) == (CHANNEL.hub, ())


@FORMATS
@pytest.mark.parametrize("html", NASTY_HTML, ids=range(len(NASTY_HTML)))
def test_content_comes_back_whatever_stands_in_it(html: str, write: Write) -> None:
    written = document(gazette.kept(gazette.article("A", html)))
    assert told(read(write(written))) == meant(written)


@FORMATS
def test_a_wild_text_comes_back_without_what_no_text_may_hold(write: Write) -> None:
    said = gazette.article(
        None, "<p>\x00a\ud800b\ufffec</p>", authors=("A\x07 B", " ", "A B"), keywords=("\ufffe", " k\n1 ")
    )
    (entry,) = read(write(document(gazette.kept(said)))).entries
    assert (entry.title, entry.content) == ("(untitled)", "<p>abc</p>")
    assert (entry.authors, entry.categories) == (("A B",), ("k 1",))


# Readers make plain text of titles and subjects; what looks like markup is tested apart.
TEXT = st.text(st.characters(exclude_characters="<&"), max_size=20)
PEOPLE = st.sampled_from(["Ines Calloway", "陳守拙", "José Ångström", "محمد علي", "沈一苇"])
ANY = st.text(st.characters(exclude_categories=()), max_size=60)  # surrogates too
LIKE_MARKUP = st.text(st.sampled_from("<>&;/!#abix12 \"'\t"), max_size=12)


@FORMATS
@settings(max_examples=150, deadline=None)
@given(title=TEXT, html=ANY, words=st.lists(TEXT, max_size=4))
def test_any_text_comes_back(write: Write, title: str, html: str, words: list[str]) -> None:
    said = gazette.article(title, html, dek=title, keywords=tuple(words), section=title, language="zh-Hant")
    written = document(gazette.kept(said, replace(gazette.HERALD, rights=title)))
    assert told(read(write(written))) == meant(written)


@FORMATS
@settings(max_examples=30, deadline=None)
@given(st.lists(PEOPLE, max_size=5))
def test_any_number_of_people_comes_back(write: Write, people: list[str]) -> None:
    written = document(gazette.kept(gazette.article("A", authors=tuple(people))))
    assert read(write(written)).entries[0].authors == tuple(dict.fromkeys(people))


@XML
@settings(max_examples=150, deadline=None)
@given(st.one_of(st.sampled_from(gazette.NASTY), LIKE_MARKUP))
def test_a_title_that_looks_like_markup_comes_back_as_it_is(write: Write, title: str) -> None:
    written = document(gazette.kept(gazette.article(title)))
    assert read(write(written)).entries[0].title == written.items[0].title


@FORMATS
def test_files_come_back(write: Write) -> None:
    (entry,) = read(write(document(rich()))).entries
    found = {file.url: (file.type, file.length) for file in entry.enclosures}
    assert found == {
        "https://herald.test/marsh.jpg?w=1&h=2": (None, None),
        "https://herald.test/marsh.mp3": ("audio/mpeg", 123456),
    }


# --- what our own reader makes of the rest --------------------------------------------------------


@FORMATS
def test_what_a_feed_says_of_itself_comes_back(write: Write) -> None:
    page = write(document(rich(), last=3))
    feed = read(page)
    stem, ending = page.path.split(".")
    assert (feed.subtitle, feed.self_url) == (CHANNEL.subtitle, BASE + page.path)
    assert feed.next_url == f"{BASE}{stem}/3.{ending}"


@XML
def test_what_is_said_of_files_and_of_the_outlet_comes_back(write: Write) -> None:
    nobodys = gazette.kept(gazette.article("A"), gazette.LANTERN)
    entry, of_nobody = read(write(document(rich(), nobodys))).entries
    files = {file.url: file for file in entry.enclosures}
    picture, sound = files["https://herald.test/marsh.jpg?w=1&h=2"], files["https://herald.test/marsh.mp3"]
    assert (picture.title, picture.credit) == ("A “gate” & a tide", "Ada Penrose")
    assert (picture.medium, picture.width, picture.height) == ("image", 1500, 1000)
    assert (sound.title, sound.type, sound.length) == ("To hear", "audio/mpeg", 123456)
    assert entry.rights == "© The Saltmarsh Herald"
    assert (entry.via, entry.via_url) == ("The Saltmarsh Herald", "https://herald.test/atom")
    assert (of_nobody.via, of_nobody.authors) == ("灯塔周报", ())


# --- what others make of them ---------------------------------------------------------------------


def words_of(detail: Any) -> str:
    """Return a title as text; feedparser says whether it took it for HTML."""
    return unescape(detail.value) if detail.type == "text/html" else str(detail.value)


@XML
def test_feedparser_finds_the_same(write: Write) -> None:
    written = document(rich(), *gazette.press(), last=2)
    parsed = feedparser.parse(write(written).body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    assert parsed.feed.title == CHANNEL.title
    links = {link.rel: link.href for link in parsed.feed.links}
    ending = "feed" if write is atom else "rss"
    assert links == {
        "alternate": BASE,
        "self": f"{BASE}{ending}.xml",
        "hub": CHANNEL.hub,
        "prev-archive": f"{BASE}{ending}/2.xml",
    }
    assert len(parsed.entries) == len(written.items)
    for entry, each in zip(parsed.entries, written.items, strict=True):
        assert (entry.id, entry.link) == (each.id, BASE + each.page)
        assert words_of(entry.title_detail) == each.title
        assert [author.name for author in entry.get("authors", [])] == list(each.authors)
        assert [tag.term for tag in entry.get("tags", [])] == list(each.categories)
        assert entry.content[0].value.strip() == each.html.strip()
        assert words_of(entry.summary_detail) == each.summary
        assert moment(entry.published_parsed) == each.published
        assert moment(entry.updated_parsed) == each.updated
        assert {link.href for link in entry.links if link.rel == "via"} == {each.via} - {None}


@XML
@pytest.mark.parametrize("text", gazette.NASTY)
def test_feedparser_takes_any_text_without_complaint(text: str, write: Write) -> None:
    said = gazette.article(text, f"<p>{escape(text)}</p>", authors=(text,), keywords=(text,), dek=text)
    source = Source(id=7, name=text, url="https://e.test/f", rights=text, category=text)
    written = document(gazette.kept(said, source, why=text))
    parsed = feedparser.parse(write(written).body)
    assert not parsed.bozo
    assert words_of(parsed.entries[0].title_detail) == written.items[0].title


# --- what the standards ask -----------------------------------------------------------------------


def texts(entry: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in entry.iterfind(name)]


def test_atom_has_all_that_the_standard_asks() -> None:
    root = xml(atom(document(*gazette.press())))
    for part in (root, *root.iterfind(A + "entry")):
        for name in ("id", "title", "updated"):
            assert len(texts(part, A + name)) == 1, name
    ids = [entry.findtext(A + "id") for entry in root.iterfind(A + "entry")]
    assert len(set(ids)) == len(ids) == len(gazette.press())
    assert root.findtext(A + "updated") == "2026-11-21T20:00:00Z"
    assert root.findtext(A + "icon") == f"{BASE}assets/icon.svg"
    assert root.findtext(A + "id") == BASE


def test_an_atom_entry_without_people_is_its_outlets() -> None:
    people, outlet = (
        xml(atom(document(kept))).find(A + "entry") for kept in (gazette.marsh(), gazette.ferry())
    )
    assert people is not None
    assert outlet is not None
    assert texts(people, f"{A}author/{A}name") == ["Ines Calloway", "Tom Rudd"]
    assert texts(outlet, f"{A}author/{A}name") == []
    assert texts(outlet, f"{A}source/{A}author/{A}name") == ["潮汐通訊社"]
    assert people.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"


def test_rss_has_all_that_the_standard_asks() -> None:
    root = xml(rss(document(rich(), *gazette.press())))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "language", "lastBuildDate", "generator"):
        assert len(texts(channel, name)) == 1, name
    for each in channel.iterfind("item"):
        for name in ("title", "link", "guid", "pubDate", "description", "source"):
            assert len(texts(each, name)) == 1, name
        assert parsedate_to_datetime(each.findtext("pubDate") or "").utcoffset() is not None
        assert [guid.get("isPermaLink") for guid in each.iterfind("guid")] == ["false"]
    (enclosure,) = channel.iterfind("item/enclosure")  # sound before pictures, and never two
    assert dict(enclosure.items()) == {
        "url": "https://herald.test/marsh.mp3",
        "length": "123456",
        "type": "audio/mpeg",
    }
    media = {"media": "http://search.yahoo.com/mrss/"}
    assert channel.xpath("item[1]/media:content/@duration", namespaces=media) == ["3723"]
    assert channel.xpath("item[1]/media:content/media:credit/text()", namespaces=media) == ["Ada Penrose"]


TOP = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "next_url": str,
    "icon": str,
    "language": str,
    "hubs": list,
    "items": list,
    "_dibao": dict,
}
OF_ITEM = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "summary": str,
    "content_html": str,
    "image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "attachments": list,
    "_dibao": dict,
}
OF_ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}


def moment(given: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(given), UTC)


def assert_valid(said: dict[str, Any], known: Mapping[str, type], required: Sequence[str]) -> None:
    assert set(required) <= set(said)
    for name, value in said.items():
        assert isinstance(value, known[name]), name


def test_json_feed_has_the_keys_of_version_1_1_and_no_others() -> None:
    said = json.loads(json_feed(document(rich(), *gazette.press(), last=1)).body)
    assert_valid(said, TOP, ["version", "title", "items"])
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert said["hubs"] == [{"type": "WebSub", "url": CHANNEL.hub}]
    for each in said["items"]:
        assert_valid(each, OF_ITEM, ["id", "content_html"])
        for name in ("date_published", "date_modified"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each[name])
        for attachment in each.get("attachments", []):
            assert_valid(attachment, OF_ATTACHMENT, ["url", "mime_type"])
    assert said["items"][0]["attachments"][0]["duration_in_seconds"] == 3723
    assert said["items"][0]["_dibao"] == {
        "outlet": "The Saltmarsh Herald",
        "feed": "https://herald.test/atom",
        "rights": "© The Saltmarsh Herald",
    }


def test_an_empty_feed_is_still_a_feed() -> None:
    empty = document()
    assert xml(atom(empty)).findtext(A + "updated") == "1970-01-01T00:00:00Z"
    assert xml(rss(empty)).find("channel/lastBuildDate") is None
    assert items_of(json_feed(empty)) == []
    assert [len(read(write(empty)).entries) for write in (atom, rss, json_feed)] == [0, 0, 0]


# --- what an article says -------------------------------------------------------------------------


@FORMATS
def test_the_id_of_an_article_outlives_its_edits(write: Write) -> None:
    before = gazette.ferry()
    after = gazette.later(before, Verdict.CHANGED, title="x")
    found = {read(write(document(kept))).entries[0].guid for kept in (before, after)}
    assert found == {f"urn:dibao:{gazette.key_of('ferry')}"}


def test_an_article_is_filed_under_its_sections_and_its_keywords() -> None:
    assert item(gazette.books()).categories == ("文化", "城市", "旧书", "集市")
    filed = gazette.kept(gazette.article("A", section="海", keywords=("海", "潮")))
    assert item(filed).categories == ("海", "潮")


def test_a_removed_article_says_so_and_stays() -> None:
    html = item(gazette.books()).html
    assert html.startswith("<p><em>来源已撤下")
    assert "书最怕的不是水" in html


def test_an_excerpt_says_so() -> None:
    assert item(gazette.excerpt()).html.startswith("<p><em>這裡只保存了來源摘要。</em></p>")


def test_a_picture_that_is_kept_is_named_on_our_site_where_its_address_is_known() -> None:
    def copy(url: str) -> Enclosure | None:
        kept = Enclosure(url="media/ab/a b.jpg", type="image/jpeg", length=77)
        return kept if url == "https://e.test/p.jpg?a=1&b=2" else None

    said = gazette.article(
        "A",
        '<p><img alt="x" src="https://e.test/p.jpg?a=1&amp;b=2"> <img src="https://e.test/q.jpg"></p>',
        media=(Media(url="https://e.test/p.jpg?a=1&b=2"),),
    )
    ours, theirs = item(gazette.kept(said), BASE, copy), item(gazette.kept(said), "", copy)
    assert [replace(file, medium=None) for file in ours.files] == [
        Enclosure(url=f"{BASE}media/ab/a%20b.jpg", type="image/jpeg", length=77)
    ]
    assert ours.html == (
        f'<p><img alt="x" src="{BASE}media/ab/a%20b.jpg"> <img src="https://e.test/q.jpg"></p>'
    )
    assert [(file.url, file.length) for file in theirs.files] == [("https://e.test/p.jpg?a=1&b=2", 77)]
    assert theirs.html == said.html


def test_a_picture_of_unknown_type_is_shown_but_not_enclosed() -> None:
    written = document(gazette.ferry())
    assert xml(rss(written)).find("channel/item/enclosure") is None
    assert [each.get("image") for each in items_of(json_feed(written))] == ["https://tide.test/pic/ferry.jpg"]
    assert "attachments" not in items_of(json_feed(written))[0]


def test_the_name_in_a_feeds_address_stays_private() -> None:
    secret = replace(gazette.HERALD, url="https://me:DIBAO-SECRET-1@herald.test/atom")
    assert item(gazette.kept(gazette.article("A"), secret)).feed == "https://herald.test/atom"


# --- where it stands ------------------------------------------------------------------------------


def test_without_an_address_links_are_relative_and_nothing_is_said_of_archives() -> None:
    channel = replace(CHANNEL, base="", folder="tag/tides/", home="tag/tides.html")
    for write in (atom, rss, json_feed):
        page = write(document(gazette.marsh(), channel=channel))
        assert page.path.startswith("tag/tides/")
        feed = parse_feed(page.body, url=BASE + page.path)
        assert feed.link == f"{BASE}tag/tides.html"
        assert feed.entries[0].link == f"{BASE}a/{gazette.key_of('marsh')}.html"
        assert feed.hub is None
        assert b"https://e.test" not in page.body
        assert b"archive" not in page.body.replace(b"ns/archive", b"")


@pytest.mark.parametrize(("number", "named"), [(1, "next-archive"), (2, "both"), (3, "prev-archive")])
def test_an_archive_document_names_its_neighbours_and_the_current_one(number: int, named: str) -> None:
    written = document(gazette.marsh(), number=number, last=3)
    for write, stem in ((atom, "feed"), (rss, "rss")):
        root = xml(write(written))
        channel = root if write is atom else root[0]
        links = {link.get("rel"): link.get("href") for link in channel.iterfind(A + "link")}
        links.pop("alternate", None)
        wanted = {"self": f"{stem}/{number}.xml", "current": f"{stem}.xml"}
        wanted |= {"prev-archive": f"{stem}/{number - 1}.xml"} if named != "next-archive" else {}
        wanted |= {"next-archive": f"{stem}/{number + 1}.xml"} if named != "prev-archive" else {}
        assert links == {rel: BASE + path for rel, path in wanted.items()}
        assert len(channel.findall(FH + "archive")) == 1
        assert xml(write(replace(written, number=None))).find(f".//{FH}archive") is None
    older = json.loads(json_feed(written).body).get("next_url")
    assert older == (f"{BASE}feed/{number - 1}.json" if number > 1 else None)
