import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.errors import FeedError
from dibao.feeds import parse_feed
from dibao.model import Enclosure, Entry, Feed

URL = "https://outlet.test/feed.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(*items: str, channel: str = "", prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    head = f'{prolog}<rss version="2.0" {NAMESPACES}><channel><title>邸報</title>'
    return f"{head}{channel}{inner}</channel></rss>".encode()


def read(body: bytes) -> Feed:
    return parse_feed(body, url=URL)


def only(item: str) -> Entry:
    (entry,) = read(rss(item)).entries
    return entry


def test_an_rss_feed_is_read_whole() -> None:
    feed = read(
        rss(
            "<title>第一則</title><link>https://outlet.test/1</link><guid isPermaLink='false'>g1</guid>"
            "<pubDate>Tue, 05 Mar 2024 14:07:08 +0800</pubDate><dc:creator>王小明</dc:creator>"
            "<category>政治</category><category>政治</category><category>國際</category>"
            "<description>摘要</description><content:encoded><![CDATA[<p>全文</p>]]></content:encoded>",
            channel="<link>https://outlet.test/</link><language>zh-TW</language><ttl>30</ttl>"
            '<atom:link rel="hub" href="https://hub.test/"/>',
        )
    )
    assert (feed.format, feed.title, feed.link, feed.language) == (
        "rss2.0",
        "邸報",
        "https://outlet.test/",
        "zh-TW",
    )
    assert (feed.ttl, feed.hub, feed.notes) == (1800, "https://hub.test/", ())
    entry = feed.entries[0]
    assert (entry.title, entry.link, entry.guid) == ("第一則", "https://outlet.test/1", "g1")
    assert entry.published == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert entry.published_raw == "Tue, 05 Mar 2024 14:07:08 +0800"
    assert (entry.authors, entry.categories) == (("王小明",), ("政治", "國際"))
    assert (entry.content, entry.summary) == ("<p>全文</p>", "摘要")
    assert entry.raw.startswith("<item")
    assert "<![CDATA[<p>全文</p>]]>" in entry.raw


def test_what_is_read_is_frozen_and_like_what_is_built() -> None:
    entry = only("<title>a</title><media:content url='https://outlet.test/a.jpg' width='3'/>")
    (file,) = entry.enclosures
    assert (type(entry), type(file)) == (Entry, Enclosure)
    assert file == Enclosure(url="https://outlet.test/a.jpg", width=3)
    assert entry == Entry(title="a", enclosures=(file,), raw=entry.raw)
    assert hash(entry) == hash(pickle.loads(pickle.dumps(entry)))
    assert pickle.loads(pickle.dumps(entry)) == entry
    assert replace(entry, title="b").title == "b"
    with pytest.raises(FrozenInstanceError):
        entry.title = "b"  # type: ignore[misc]


def test_rdf_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://outlet.test/"><title>c</title></channel>'
        '<item rdf:about="https://outlet.test/1"><title>頭條</title><dc:creator>王</dc:creator>'
        "<dc:date>2024-03-05T14:07:08+08:00</dc:date></item></rdf:RDF>"
    )
    feed = read(body.encode())
    entry = feed.entries[0]
    assert (feed.format, feed.title) == ("rss1.0", "c")
    assert (entry.guid, entry.link) == ("https://outlet.test/1", "https://outlet.test/1")
    assert (entry.title, entry.authors, entry.published) == (
        "頭條",
        ("王",),
        datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC),
    )


def test_atom_is_read_with_its_bases_and_kinds_of_text() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://outlet.test/b/" xml:lang="zh-Hant">
    <title type="html">邸&amp;報</title><link href="/"/><link rel="hub" href="https://hub.test/"/>
    <entry><title type="text">a &lt;b&gt;</title><id>urn:1</id>
    <link rel="enclosure" href="a.mp3" type="audio/mpeg"/><link href="p/1"/>
    <updated>2024-03-05T06:07:08Z</updated><author><name>王</name></author><category term="t" label="標"/>
    <summary>short</summary><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml"><p>a <b>b</b><br/></p></div></content></entry></feed>"""
    feed = read(body.encode())
    entry = feed.entries[0]
    assert (feed.format, feed.title, feed.link, feed.hub, feed.language) == (
        "atom1.0",
        "邸&報",
        "https://outlet.test/",
        "https://hub.test/",
        "zh-Hant",
    )
    assert (entry.title, entry.guid, entry.link) == ("a <b>", "urn:1", "https://outlet.test/b/p/1")
    assert (entry.published, entry.updated) == (None, datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC))
    assert (entry.content, entry.summary) == ("<p>a <b>b</b><br></p>", "short")
    assert entry.enclosures == (Enclosure(url="https://outlet.test/b/a.mp3", type="audio/mpeg"),)
    assert (entry.authors, entry.categories) == (("王",), ("標",))


def test_atom_03_is_read() -> None:
    body = (
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><entry><title>x</title>'
        b"<issued>2024-03-05T06:07:08Z</issued><modified>2024-03-06T06:07:08Z</modified></entry></feed>"
    )
    feed = read(body)
    assert feed.format == "atom0.3"
    assert feed.entries[0].published == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert feed.entries[0].updated == datetime(2024, 3, 6, 6, 7, 8, tzinfo=UTC)


def test_content_is_exactly_what_the_feed_wrote() -> None:
    written = "\n <P CLASS=x>A&nbsp;&amp;<br/><script>1</script> <img src='/a.jpg'>臺\u3000北</p> "
    assert only(f"<description><![CDATA[{written}]]></description>").content == written
    escaped = written.replace("&", "&amp;").replace("<", "&lt;")
    assert only(f"<description>{escaped}</description>").content == written


def test_unescaped_html_in_a_description_is_kept_as_html() -> None:
    assert only("<description>a <b>b</b> &lt;c</description>").content == "a <b>b</b> &lt;c"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A &amp; B", "A & B"),
        ("AT&amp;amp;T &amp;#8211; x", "AT&T – x"),
        ("a &amp;lt;b&amp;gt; c", "a <b> c"),
        ("&lt;b&gt;bold&lt;/b&gt;\n  move", "bold move"),
        ("<![CDATA[<em>x</em> y]]>", "x y"),
        ("vector&lt;int&gt; 與 &lt;獨家&gt;", "vector<int> 與 <獨家>"),
        (" \n ", None),
    ],
)
def test_a_title_is_plain_text(written: str, title: str | None) -> None:
    assert only(f"<title>{written}</title>").title == title


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<link>/news/1</link>", "https://outlet.test/news/1"),
        ("<link>http://[bad</link>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<guid>https://outlet.test/g</guid>", "https://outlet.test/g"),
        ('<guid isPermaLink="false">https://outlet.test/g</guid>', None),
        ("<guid>abc</guid>", None),
        ('<atom:link href="https://outlet.test/a"/>', "https://outlet.test/a"),
        ("<title>x</title>", None),
    ],
)
def test_a_link_is_absolute_or_missing(item: str, link: str | None) -> None:
    assert only(item).link == link


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("wang@outlet.test (王小明)", "王小明"),
        ("王小明 &lt;wang@outlet.test&gt;", "王小明"),
        ("王小明", "王小明"),
        ("wang@outlet.test", None),
    ],
)
def test_an_author_is_a_name(written: str, name: str | None) -> None:
    assert only(f"<author>{written}</author>").authors == ((name,) if name else ())


def test_pictures_and_sounds_are_enclosures_once_each() -> None:
    entry = only(
        '<enclosure url="/a.mp3" type="audio/mpeg" length="12"/>'
        '<media:group><media:content url="https://o.test/1.jpg"><media:title>圖說</media:title></media:content></media:group>'
        '<media:thumbnail url="https://o.test/1.jpg"/><media:description>描述</media:description><title>T</title>'
    )
    assert entry.enclosures == (
        Enclosure(url="https://outlet.test/a.mp3", type="audio/mpeg", length=12),
        Enclosure(url="https://o.test/1.jpg", title="圖說", medium="image"),
    )
    assert (entry.title, entry.content) == ("T", "描述")


def test_an_unreadable_date_is_none_and_its_words_are_kept() -> None:
    entry = only("<guid>1</guid><pubDate>Sat, 32 Foo 2023</pubDate>")
    assert (entry.published, entry.published_raw) == (None, "Sat, 32 Foo 2023")


def test_nothing_is_invented_where_an_entry_says_nothing() -> None:
    assert only("<guid isPermaLink='false'>1</guid>") == Entry(
        guid="1", raw=only("<guid isPermaLink='false'>1</guid>").raw
    )


def test_a_date_without_zone_is_local_in_a_language_of_one_zone() -> None:
    body = rss("<pubDate>2024-03-05 14:07:08</pubDate>", channel="<language>zh-tw</language>")
    assert read(body).entries[0].published == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)


def test_how_often_to_ask_is_read_from_syndication() -> None:
    channel = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    assert read(rss(channel=channel)).ttl == 1800


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"<!doctype html><html><head><title>Sign in</title></head><body><p>Please sign in</p></body></html>",
        b"<html><body>not found</body></html>",
        b"Service unavailable",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"[1,2,3]",
        b'{"error": "no"}',
        b"<urlset><url><loc>http://a.test/</loc></url></urlset>",
    ],
)
def test_what_is_no_feed_is_an_error_with_a_reason(body: bytes) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.url == URL
    assert caught.value.why


# --- repair ---------------------------------------------------------------------------------------


def test_one_bad_byte_costs_one_character_not_the_feed() -> None:
    body = rss("<title>臺灣新聞@總統府</title>", "<title>第二則新聞</title>").replace(b"@", b"\xff")
    feed = read(body)
    assert [entry.title for entry in feed.entries] == ["臺灣新聞\ufffd總統府", "第二則新聞"]
    assert feed.notes


@pytest.mark.parametrize(
    ("damage", "title"),
    [
        ("A & B 公司", "A & B 公司"),
        ("A&nbsp;B &copy;", "A B ©"),
        ("A &unknown; B", "A &unknown; B"),
        ("A\x0bB", "AB"),
        ("A <x:y>1</x:y>B", "A 1B"),
        ("A &#x0; B", "A B"),
    ],
)
def test_small_damage_is_mended_in_its_place(damage: str, title: str) -> None:
    feed = read(rss(f"<title>{damage}</title><guid>1</guid>", "<title>後</title>"))
    assert [entry.title for entry in feed.entries] == [title, "後"]
    assert any("not well-formed" in note for note in feed.notes)


def test_mending_leaves_cdata_alone() -> None:
    entry = only(
        "<title>a & b</title><description><![CDATA[<a href='?a&nbsp;=1&b=2'>x=1</a>]]></description>"
    )
    assert entry.content == "<a href='?a&nbsp;=1&b=2'>x=1</a>"


@pytest.mark.parametrize(
    "before", ["\n\n ", "\ufeff\n", "<br />\n<b>Warning</b>: x in <b>/a.php</b><br />\n", "<!-- x -->"]
)
def test_junk_before_and_after_the_feed_is_left_out(before: str) -> None:
    assert read(before.encode() + rss("<title>新</title>") + b"<script>1</script>").entries[0].title == "新"


def test_an_undeclared_prefix_is_read_as_it_is_meant() -> None:
    item = b"<item><dc:creator>A B</dc:creator><content:encoded>x</content:encoded></item>"
    body = b"<rss><channel>" + item + b"</channel></rss>"
    assert (read(body).entries[0].authors, read(body).entries[0].content) == (("A B",), "x")


def test_unquoted_attributes_are_read() -> None:
    body = b"<rss version=2.0><channel><item><guid isPermaLink=false>http://a.test/</guid></item></channel></rss>"
    assert (read(body).entries[0].guid, read(body).entries[0].link) == ("http://a.test/", None)


def test_one_broken_item_does_not_cost_the_others() -> None:
    feed = read(
        rss(
            "<title>1</title>",
            "<title>2</b></title><i><description>x</item><item><title>3",
            "<title>4</title>",
        )
    )
    assert [entry.title for entry in feed.entries] == ["1", "2", "3", "4"]


def test_a_cut_feed_keeps_whole_entries_and_marks_the_half_one() -> None:
    body = rss(*(f"<title>{n}</title><description>{'字' * 50}</description>" for n in range(9)))
    feed = read(body[: len(body) * 2 // 3])
    *whole, half = feed.entries
    assert [entry.title for entry in feed.entries] == [str(n) for n in range(len(feed.entries))]
    assert 0 < len(whole) < 8
    assert all(entry.content == "字" * 50 and not entry.cut for entry in whole)
    assert (half.cut, half.content, feed.cut) == (True, None, True)
    assert any("cut off" in note for note in feed.notes)


def test_nothing_half_is_taken_from_a_cut_entry() -> None:
    item = "<title>1</title><link>https://a.test/one</link><description>all"
    for length in range(len("<item><title>1</title>"), len(item)):
        body = b"<rss><channel><item>" + item.encode()[:length]
        for entry in read(body).entries:
            assert (entry.title, entry.link, entry.content) in (
                ("1", None, None),
                ("1", "https://a.test/one", None),
            )


def test_a_feed_cut_before_its_first_entry_can_be_told_is_an_error() -> None:
    with pytest.raises(FeedError, match="cut off"):
        read(rss("<title>1</title>")[:-38])


def test_a_cut_json_feed_keeps_whole_entries() -> None:
    body = b'{"title":"t","items":[{"id":"1","title":"a"},{"id":"2","ti'
    feed = read(body)
    assert (feed.title, [entry.title for entry in feed.entries], feed.cut) == ("t", ["a"], True)


def test_feedparser_is_the_last_resort_and_its_dates_are_not_believed() -> None:
    body = "<x><title>c</title><item><title>x</title><pubDate>2024年十月</pubDate></item></x>"
    feed = read(body.encode())
    assert "read by feedparser" in feed.notes
    assert (feed.entries[0].title, feed.entries[0].published) == ("x", None)
    assert feed.entries[0].published_raw == "2024年十月"


# --- hostility ------------------------------------------------------------------------------------


def test_no_external_entity_is_read(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret"
    with open(secret, "w") as file:
        file.write("TOPSECRET")
    prolog = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>'
    feed = read(rss("<title>a&x;b</title><description>&x;</description>", prolog=prolog))
    assert "TOPSECRET" not in repr(feed)
    assert feed.entries[0].title == "a&x;b"


def test_billion_laughs_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]>'
    assert len(repr(read(rss("<title>&l9;</title>", prolog=prolog)))) < 2000


_TAGS = "<rss><channel>"
HOSTILE = {
    "deep": rss("<title>T</title><description>" + "<a>" * 50_000 + "</a>" * 50_000 + "</description>"),
    "attributes": rss("<title>T</title><guid " + " ".join(f'a{n}="1"' for n in range(30_000)) + ">1</guid>"),
    "namespaces": rss("<title>T</title><x " + " ".join(f'xmlns:n{n}="u:{n}"' for n in range(10_000)) + "/>"),
    "unclosed items": _TAGS.encode() + b"<item>" * 300_000,
    "unclosed CDATA": _TAGS.encode() + b"<item><![CDATA[" * 200_000,
    "comments": b"<!--" * 500_000 + b"<rss",
    "instructions": b"<?xml ?>" * 200_000 + b"<feed",
    "ampersands": rss("<title>" + "&" * 500_000 + "</title>"),
    "prefixes": rss("".join(f"<p{n}:x/>" for n in range(30_000))),
    "ends without an end": rss("<title>T</title>") + b"<item>" + b"</item" * 300_000,
    "json": b"[" * 500_000,
    "json objects": b'{"a":' * 300_000,
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=pytest.mark.slow if each == "unclosed items" else ()) for each in HOSTILE],
)
def test_hostile_input_ends_soon(name: str) -> None:
    started = process_time()
    try:
        feed = read(HOSTILE[name])
    except FeedError:
        feed = None
    assert process_time() - started < 5
    if name in ("deep", "attributes", "namespaces", "ends without an end"):
        assert feed is not None
        assert feed.entries[0].title == "T"


def test_a_feed_larger_than_allowed_is_an_error() -> None:
    with pytest.raises(FeedError, match="larger"):
        parse_feed(rss(), url=URL, largest=10)


_PIECES = st.sampled_from(
    (
        "<rss> <channel> <item> </item> </channel> </rss> <title> </title> <![CDATA[ ]]> <entry> </entry> "
        "</feed> <link/> "
        "& &nbsp; &#0; <!-- --> <?x ?> <!DOCTYPE ]> { { ]} < > ' 字 <pubDate>2024-01-01</pubDate> "
        '<feed\txmlns=\'http://www.w3.org/2005/Atom\'> <a:b\tc=d> {"items":[ {"id":1}'
    )
    .encode()
    .split(b" ")
    + [b"\xff", b"\x00", b"\xff\xfe", "字".encode("gbk")]
)


@settings(max_examples=400, deadline=5000)
@given(st.one_of(st.binary(max_size=400), st.lists(_PIECES, max_size=30).map(b"".join)))
def test_any_bytes_are_a_feed_or_a_feed_error(body: bytes) -> None:
    try:
        feed = read(body)
    except FeedError:
        return
    assert isinstance(feed, Feed)
    repr(feed).encode("utf-8")
