"""Sitemaps -> Feed: addresses, news, pictures, indexes; broken, packed, huge and hostile ones."""

import gzip
import random
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.errors import FeedError
from dibao.feeds import is_sitemap, parse_feed, read_sitemap
from dibao.feeds.packed import LARGEST, Packed
from dibao.model import Enclosure, Entry, Feed, Part

URL = "https://news.test/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
 xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
 xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>
  https://news.test/a/1?x=1&amp;y=2
</loc>
<lastmod>2026-03-04T10:00:00+08:00</lastmod><changefreq>never</changefreq><priority>0.9</priority>
<xhtml:link rel="alternate" hreflang="en" href="https://news.test/en/a/1"/>
<news:news><news:publication><news:name>青楓社</news:name><news:language>zh-tw</news:language></news:publication>
<news:publication_date>2026-03-04</news:publication_date><news:title>渡輪 &amp;amp; 調價</news:title>
<news:keywords>渡輪, 票價，公聽會</news:keywords><news:genres>PressRelease</news:genres></news:news>
<image:image><image:loc>/img/1.jpg</image:loc><image:title>渡輪</image:title><image:license>https://cc.test/by</image:license></image:image>
<image:image><image:loc>https://img.test/2.jpg</image:loc><image:caption>碼頭</image:caption></image:image>
<video:video><video:thumbnail_loc>https://img.test/v.jpg</video:thumbnail_loc><video:title>片</video:title></video:video>
</url>
<url><loc><![CDATA[https://news.test/a/2?x=1&y=2]]></loc><lastmod>someday</lastmod></url>
</urlset>"""


def read(body: str | bytes, **more: str) -> Feed:
    return read_sitemap(body.encode() if isinstance(body, str) else body, url=URL, **more)


def urlset(*urls: str, root: str = "urlset") -> str:
    return f"<{root}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</{root}>"


def links(feed: Feed) -> list[str | None]:
    return [entry.link for entry in feed.entries]


def numbered(count: int, more: str = "") -> bytes:
    rows = (f"<url><loc>https://news.test/a/{n}</loc>{more}</url>" for n in range(count))
    return f"<urlset>{''.join(rows)}</urlset>".encode()


# --- what it says ---------------------------------------------------------------------------------


def test_a_news_sitemap_tells_title_dates_language_outlet_keywords_and_pictures() -> None:
    feed = read(NEWS)
    first, second = feed.entries
    assert (feed.format, feed.title, feed.language, feed.notes) == ("sitemap", "青楓社", "zh-tw", ())
    assert (first.link, first.guid) == ("https://news.test/a/1?x=1&y=2", None)
    assert first.title == "渡輪 & 調價"
    assert first.published == datetime(2026, 3, 3, 16, tzinfo=UTC)  # a day of Taiwan, as its language says
    assert first.published_raw == "2026-03-04"
    assert first.updated == datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert first.updated_raw == "2026-03-04T10:00:00+08:00"
    assert (first.language, first.outlets, first.authors) == ("zh-tw", ("青楓社",), ())
    assert first.categories == ("渡輪", "票價", "公聽會")
    assert first.enclosures == (
        Enclosure(url="https://news.test/img/1.jpg", title="渡輪", medium="image"),
        Enclosure(url="https://img.test/2.jpg", title="碼頭", medium="image"),
        Enclosure(url="https://img.test/v.jpg", title="片", medium="image"),
    )
    assert first.rights == "https://cc.test/by"
    assert "<news:genres>PressRelease</news:genres>" in first.raw
    assert second == Entry(link="https://news.test/a/2?x=1&y=2", updated_raw="someday", raw=second.raw)


def test_an_index_names_its_parts_each_once_with_their_dates() -> None:
    feed = read(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://news.test/1.xml</loc><lastmod>2026-03-04T08:00:00Z</lastmod></sitemap>"
        "<sitemap><loc> /2.xml.gz </loc></sitemap><sitemap><loc>ftp://news.test/3.xml</loc></sitemap>"
        "<sitemap><loc>/2.xml.gz</loc></sitemap></sitemapindex>"
    )
    assert (feed.format, feed.entries) == ("sitemap-index", ())
    assert feed.parts == (
        Part(
            url="https://news.test/1.xml",
            updated=datetime(2026, 3, 4, 8, tzinfo=UTC),
            updated_raw="2026-03-04T08:00:00Z",
        ),
        Part(url="https://news.test/2.xml.gz"),
    )


@pytest.mark.parametrize(
    "root",
    [
        '<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">',
        '<urlset xmlns="https://wrong.test/">',
        '<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9">',
        "<URLSET>",
        "<urlset >",
    ],
)
def test_namespaces_that_are_wrong_or_missing_do_not_matter(root: str) -> None:
    name = root[1:].split()[0].rstrip(">")
    body = f"{root}<url><loc>/a</loc><news:news><news:title>題</news:title></news:news></url></{name}>"
    (entry,) = read(body).entries
    assert (entry.link, entry.title) == ("https://news.test/a", "題")


def test_elements_with_a_prefix_or_in_capitals_are_read() -> None:
    body = '<s:urlset xmlns:s="x"><s:url><s:loc>/a</s:loc></s:url><s:URL><s:LOC>/b</s:LOC></s:URL></s:urlset>'
    assert links(read(body)) == ["https://news.test/a", "https://news.test/b"]


def test_a_sitemap_with_nothing_in_it_is_a_feed_without_entries() -> None:
    assert read("<urlset></urlset>") == read("<urlset/>") == Feed(format="sitemap")
    assert read("<sitemapindex/>").format == "sitemap-index"


def test_a_url_without_an_address_is_left_out_and_noted() -> None:
    feed = read(
        "<urlset><url><lastmod>2026</lastmod></url><url><loc>javascript:x</loc></url><url><loc>/a</loc></url></urlset>"
    )
    assert links(feed) == ["https://news.test/a"]
    assert feed.notes == ("entries without an address left out",)


def test_what_was_escaped_once_too_often_is_put_right() -> None:
    assert links(read(urlset("/a?x=1&amp;amp;y=2", "<![CDATA[/b?x=1&amp;y=2]]>"))) == [
        "https://news.test/a?x=1&y=2",
        "https://news.test/b?x=1&y=2",
    ]


def test_outlets_that_differ_give_the_feed_no_title() -> None:
    one, two = (
        f"<url><loc>/{n}</loc><news><publication><name>{n}</name></publication></news></url>" for n in "ab"
    )
    assert read(f"<urlset>{one}{two}</urlset>").title is None


# --- what is broken -------------------------------------------------------------------------------


def test_a_bare_ampersand_costs_no_letter_of_the_address() -> None:
    feed = read(urlset("/a?x=1&y=2&copy=3", "/b"))
    assert links(feed) == ["https://news.test/a?x=1&y=2&copy=3", "https://news.test/b"]
    assert feed.notes == ("not well-formed: characters mended",)


def test_damage_costs_no_other_address() -> None:
    body = urlset("/a", "/b").replace(
        "</urlset>", "<url><loc>/c</lock></url><url><loc>/d</loc></url></urlset>"
    )
    assert {"https://news.test/a", "https://news.test/b", "https://news.test/d"} <= set(links(read(body)))


def test_a_file_that_was_cut_off_keeps_what_was_whole() -> None:
    whole = NEWS[: NEWS.index("<url><loc><![CDATA[") + 30]
    feed = read(whole)
    assert links(feed) == ["https://news.test/a/1?x=1&y=2"]
    assert feed.notes == ("cut off: only what was whole is kept",)


def test_a_file_cut_off_in_its_first_entry_is_an_error() -> None:
    with pytest.raises(FeedError, match="cut off before the end of its first entry"):
        read("<urlset><url><loc>https://news.test/a/1")


def test_addresses_in_comments_are_none() -> None:
    hidden = urlset("/hidden").removeprefix("<urlset>").removesuffix("</urlset>")
    padding = "<!-- " + "x" * 70_000 + hidden * 3000 + " -->"
    body = f"<!-- {urlset('/x')} --><urlset>{padding}<url><loc>/a</loc></url></urlset>"
    assert links(read(body)) == ["https://news.test/a"]


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16", "utf-8-sig"])
def test_any_encoding_is_read(encoding: str) -> None:
    said = encoding.removesuffix("-sig")
    news = "<news><title>渡輪調價今日上路</title></news>"
    body = f'<?xml version="1.0" encoding="{said}"?><urlset><url><loc>/a</loc>{news}</url></urlset>'
    (entry,) = read(body.encode(encoding)).entries
    assert entry.title == "渡輪調價今日上路"


# --- what it is not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "<rss><channel><item><description><![CDATA[<urlset>]]></description></item></channel></rss>",
        "<!doctype html><html><body><pre><urlset></pre></body></html>",
        "<html>https://news.test/a</html>",
        '{"urlset": []}',
        "see https://news.test/a\nand https://news.test/b\n",
        "<urlsets><url><loc>/a</loc></url></urlsets>",
    ],
)
def test_what_is_no_sitemap_is_an_error(body: str) -> None:
    with pytest.raises(FeedError, match="neither a sitemap nor a list of addresses"):
        read(body)
    assert not is_sitemap(body.encode())


def test_a_sitemap_is_known_by_its_beginning_and_is_no_feed() -> None:
    assert is_sitemap(NEWS.encode())
    assert is_sitemap(gzip.compress(NEWS.encode())[:-20])
    with pytest.raises(FeedError):
        parse_feed(NEWS.encode(), url=URL)


# --- plain text -----------------------------------------------------------------------------------


def test_a_text_of_one_address_a_line_is_a_sitemap() -> None:
    feed = read(
        "\ufeffhttps://news.test/a\r\n\r\n  https://news.test/b  \nHTTP://news.test/c\nhttps://news.test/a\n"
    )
    assert feed.format == "sitemap-text"
    assert links(feed) == ["https://news.test/a", "https://news.test/b", "HTTP://news.test/c"]


def test_a_line_in_ten_may_be_something_else() -> None:
    lines = [f"https://news.test/{n}" for n in range(18)]
    assert len(read("\n".join([*lines, "# end"])).entries) == 18
    with pytest.raises(FeedError):
        read("\n".join([*lines, "# one", "# two", "# three"]))


def test_a_packed_list_that_was_cut_off_keeps_its_whole_lines() -> None:
    lines = [f"https://news.test/{random.Random(n).getrandbits(200):x}" for n in range(2000)]
    body = gzip.compress("\n".join(lines).encode())
    found = links(read(body[: len(body) // 2]))
    assert 500 < len(found) < 1500
    assert found == lines[: len(found)]


# --- packed, huge, hostile ------------------------------------------------------------------------


def test_a_gzip_file_is_unpacked_whatever_it_is_served_as() -> None:
    assert read(gzip.compress(NEWS.encode())) == read(NEWS)
    halves = NEWS.encode()[:500], NEWS.encode()[500:]
    assert read(b"".join(map(gzip.compress, halves)) + b"\0" * 512) == read(NEWS)


def test_a_gzip_file_that_was_cut_off_keeps_what_was_whole() -> None:
    body = gzip.compress(numbered(20_000))
    feed = read(body[: len(body) // 2])
    assert 5_000 < len(feed.entries) < 15_000
    assert feed.notes == ("cut off: only what was whole is kept",)


def test_a_damaged_gzip_file_is_an_error() -> None:
    body = bytearray(gzip.compress(NEWS.encode()))
    body[-6] ^= 255
    with pytest.raises(FeedError, match="a damaged gzip file"):
        read(bytes(body))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (gzip.compress(bytes(LARGEST + 1)), "larger than|times smaller"),
        (gzip.compress(gzip.compress(NEWS.encode())), "neither a sitemap"),
        (gzip.compress(b"") * 10_001, "more than 10000 parts"),
        (b" " * (LARGEST + 1), "larger than"),
    ],
)
def test_a_bomb_is_an_error(body: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        read(body)


@pytest.mark.slow
def test_no_more_of_a_bomb_is_unpacked_than_is_allowed() -> None:
    pieces: list[int] = []
    packed = Packed(gzip.compress(random.Random(1).randbytes(2**16) * 1200), URL)
    with pytest.raises(FeedError, match="larger than"):
        pieces.extend(map(len, packed))
    assert sum(pieces) <= LARGEST
    assert max(pieces) <= 2**16


@pytest.mark.slow
def test_reading_a_sitemap_takes_less_memory_than_the_sitemap_is_long() -> None:
    body = numbered(16_000, f"<image><loc>https://img.test/{'x' * 100}.jpg</loc></image>" * 6)
    tracemalloc.start()
    feed = read(body)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(feed.entries) == 16_000
    assert most < len(body)


@pytest.mark.slow
def test_fifty_thousand_addresses_are_read_and_the_others_noted() -> None:
    feed = read(numbered(50_010))
    assert (len(feed.entries), feed.entries[-1].link) == (50_000, "https://news.test/a/49999")
    assert feed.notes == ("only the first 50000 addresses read",)
    text = "".join(f"https://news.test/{n}\n" for n in range(50_010))
    assert len(read(text).entries) == 50_000
    assert read(text).notes == feed.notes


def test_of_a_huge_sitemap_the_elements_and_further_pictures_are_left_to_the_capture() -> None:
    picture = f"<image><loc>https://img.test/{'x' * 100}.jpg</loc></image>"
    feed = read(numbered(12_000, picture * 3))
    assert {(len(entry.enclosures), entry.raw) for entry in feed.entries} == {(1, "")}
    assert feed.notes == ("so large that only the first picture of each address is read",)


@pytest.mark.slow
def test_the_encoding_of_a_huge_sitemap_is_found_too() -> None:
    news = f"<news><title>渡輪調價今日上路</title></news>{'<x/>' * 80}"
    for encoding in ("utf-8", "big5", "utf-16"):
        body = numbered(12_000, news).decode().encode(encoding)
        assert {entry.title for entry in read(body).entries} == {"渡輪調價今日上路"}


BOMBS = {
    "entities": '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + urlset("/&c;"),
    "external": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset><url><loc>/a</loc></url></urlset>',
    "depth": f"<urlset><url><loc>/a</loc>{'<x>' * 50_000}{'</x>' * 50_000}</url></urlset>",
    "nested": "<urlset>" + "<url>" * 100_000,
    "one element": f"<urlset><url><loc>/{'a' * 3_000_000}</loc></url></urlset>",
    "comment": "<urlset><!-- " + "<!-- " * 200_000,
    "comments": "<!--" * 16_000 + "<urlset>",
    "root": "<urlset " + "a='b' " * 50_000 + ">",
    "attributes": f"<urlset><url {' '.join(f'a{n}=1' for n in range(20_000))}><loc>/a</loc></url></urlset>",
    "line": "https://news.test/" + "a" * 5_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_sitemap_is_a_feed_or_an_error(name: str) -> None:
    try:
        feed = read(BOMBS[name])
    except FeedError:
        return
    assert all("passwd" not in (link or "") and "bb" not in (link or "") for link in links(feed))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda raw: b"<urlset><url><loc>/a</loc></url>" + raw),
        st.binary(max_size=60).map(lambda raw: gzip.compress(NEWS.encode()) + raw),
        st.integers(0, 400).map(lambda cut: gzip.compress(NEWS.encode())[:cut]),
        st.text(max_size=100).map(lambda text: f"https://news.test/a\n{text}".encode("utf-8", "replace")),
    )
)
def test_any_bytes_are_a_feed_or_a_feed_error(body: bytes) -> None:
    try:
        feed = read(body)
    except FeedError:
        return
    assert all(entry.link for entry in feed.entries)
