"""Feeds as they are in the wild: each case is a feed, what is asked of it, and what a reader would expect."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dibao.feeds import parse_feed
from dibao.model import Feed

URL = "https://outlet.test/feeds/all.xml"
MOMENT = datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"
Ask = Callable[[Feed], object]
CASES: dict[str, tuple[bytes, Ask, object]] = {}


def case(name: str, body: str | bytes, ask: Ask, expected: object) -> None:
    assert name not in CASES, name
    CASES[name] = (body if isinstance(body, bytes) else body.encode(), ask, expected)


def rss(item: str, *, channel: str = "", attributes: str = 'version="2.0"') -> str:
    return f"<rss {attributes}><channel><title>邸報</title>{channel}<item>{item}</item></channel></rss>"


def atom(entry: str, *, feed: str = "", attributes: str = f'xmlns="{ATOM}"') -> str:
    return f"<feed {attributes}><title>邸報</title>{feed}<entry>{entry}</entry></feed>"


def titles(feed: Feed) -> list[str | None]:
    return [entry.title for entry in feed.entries]


def of_first(field: str) -> Ask:
    return lambda feed: getattr(feed.entries[0], field)


title, link, content, published = map(of_first, ("title", "link", "content", "published"))

# --- names and vocabularies ---------------------------------------------------------------------------
case(
    "capital letters",
    "<RSS><CHANNEL><TITLE>c</TITLE><ITEM><TITLE>頭條</TITLE></ITEM></CHANNEL></RSS>",
    titles,
    ["頭條"],
)
case(
    "mixed capitals",
    "<rss><Channel><Item><Title>頭條</Title><PubDate>2024-03-05T06:07:08Z</PubDate></Item></Channel></rss>",
    published,
    MOMENT,
)
case(
    "entries that are not all written alike",
    "<rss><channel><item><title>一</title></item><Item><Title>二</Title></Item><ITEM><TITLE>三</TITLE></ITEM>"
    "<iTem><title>四</title></iTem><item><title>五</title></item></channel></rss>",
    titles,
    ["一", "二", "三", "四", "五"],
)
case(
    "an Atom entry in capitals among others",
    atom("<title>一</title></entry><ENTRY><title>二</title></ENTRY><Entry><title>三</title>").replace(
        "三</title></entry>", "三</title></Entry>"
    ),
    titles,
    ["一", "二", "三"],
)
case(
    "entries that are not all written alike in a broken feed",
    "<rss><channel><item><title>一 & 二</b></title></item><Item><Title>三</Title></Item>"
    "<ITEM><title>四</title></item></channel></rss>",
    titles,
    ["一 & 二", "三", "四"],
)
case(
    "what each of them says of itself",
    "<rss><channel><item><title>一</title></item><Item><title>二</title></Item></channel></rss>",
    lambda feed: [entry.raw for entry in feed.entries],
    ["<item><title>一</title></item>", "<Item><title>二</title></Item>"],
)
case(
    "a default namespace for RSS",
    rss("<title>頭條</title>", attributes='xmlns="http://backend.userland.com/RSS2"'),
    titles,
    ["頭條"],
)
case(
    "prefixed RSS",
    '<r:rss xmlns:r="http://purl.org/rss/1.0/"><r:channel><r:item><r:title>頭條</r:title></r:item></r:channel></r:rss>',
    titles,
    ["頭條"],
)
case(
    "prefixed Atom",
    f'<a:feed xmlns:a="{ATOM}"><a:entry><a:title>頭條</a:title><a:link href="/1"/></a:entry></a:feed>',
    link,
    "https://outlet.test/1",
)
case(
    "Atom without a namespace",
    atom('<title>頭條</title><link href="/1"/>', attributes=""),
    link,
    "https://outlet.test/1",
)
case(
    "Atom elements in RSS",
    rss(
        '<a:title xmlns:a="http://www.w3.org/2005/Atom">x</a:title>'
        '<a10:updated xmlns:a10="http://www.w3.org/2005/Atom">2024-03-05T06:07:08Z</a10:updated>'
    ),
    of_first("updated"),
    MOMENT,
)
case(
    "items after the channel",
    "<rss><channel><title>c</title></channel><item><title>頭條</title></item></rss>",
    titles,
    ["頭條"],
)
case(
    "items in a list of items",
    "<rss><channel><items><item><title>1</title></item><item><title>2</title></item></items></channel></rss>",
    titles,
    ["1", "2"],
)
case(
    "RSS 1.1",
    '<Channel xmlns="http://purl.org/net/rss1.1#"><title>c</title><items><item><title>頭條</title></item></items></Channel>',
    titles,
    ["頭條"],
)
case(
    "an Atom entry by itself",
    f'<entry xmlns="{ATOM}"><title>頭條</title><id>urn:1</id></entry>',
    titles,
    ["頭條"],
)
case(
    "the content in an element of that name",
    rss("<title>x</title><content>&lt;p&gt;全文&lt;/p&gt;</content><description>短</description>"),
    content,
    "<p>全文</p>",
)
case(
    "the full text of Yandex",
    rss('<y:full-text xmlns:y="http://news.yandex.ru">全文</y:full-text><description>短</description>'),
    content,
    "全文",
)
case(
    "an author with parts, in RSS",
    rss("<author><name>王小明</name><email>a@outlet.test</email></author>"),
    of_first("authors"),
    ("王小明",),
)
case(
    "a language with an underscore",
    rss("<pubDate>2024-03-05 14:07:08</pubDate>", channel="<language>zh_TW</language>"),
    published,
    MOMENT,
)

# --- links ------------------------------------------------------------------------------------------
case(
    "a link escaped twice",
    rss("<link>https://outlet.test/?a=1&amp;amp;b=2</link>"),
    link,
    "https://outlet.test/?a=1&b=2",
)
case(
    "a link over several lines",
    rss("<link>\n  https://outlet.test/1\n  </link>"),
    link,
    "https://outlet.test/1",
)
case("a link without its scheme", rss("<link>//outlet.test/1</link>"), link, "https://outlet.test/1")
case(
    "a link with spaces and Chinese in it",
    rss("<link>https://outlet.test/新 聞</link>"),
    link,
    "https://outlet.test/新%20聞",
)
case(
    "a link that is empty and another that isn't",
    rss("<link/><link>https://outlet.test/1</link>"),
    link,
    "https://outlet.test/1",
)
case(
    "a guid that is no permalink, in capitals",
    rss('<guid isPermaLink="FALSE">https://outlet.test/1</guid>'),
    link,
    None,
)
case(
    "a counted link of a relay",
    rss(
        "<link>https://relay.test/~r/1</link>"
        '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://outlet.test/1</f:origLink>'
    ),
    link,
    "https://outlet.test/1",
)
case(
    "an alternate that is no page before one that is",
    atom(
        '<link rel="alternate" type="application/json" href="/1.json"/>'
        '<link rel="alternate" type="text/html" href="/1"/>'
    ),
    link,
    "https://outlet.test/1",
)
case(
    "a link to the comments is no link to the article",
    atom('<link rel="replies" href="/1#c"/><link href="/1"/>'),
    link,
    "https://outlet.test/1",
)

# --- damage -----------------------------------------------------------------------------------------
case("a bare less-than sign", rss("<title>3 < 5 且 a <b</title>"), title, "3 < 5 且 a <b")
case("a surrogate pair written as references", rss("<title>笑 &#55357;&#56832;</title>"), title, "笑 😀")
case("a reference to no character", rss("<title>a&#11;b&#xFFFF;c</title>"), title, "abc")
case(
    "a surrogate pair in UTF-8",
    b"<rss><channel><item><title>"
    + "笑".encode()
    + b"\xed\xa0\xbd\xed\xb8\x80</title></item></channel></rss>",
    title,
    "笑😀",
)
case(
    "UTF-8 encoded twice",
    rss("<title>臺灣新聞</title>").encode().decode("latin-1").encode(),
    title,
    "臺灣新聞",
)
case(
    "UTF-8 encoded twice by way of windows-1252",
    rss("<title>It’s “so – café</title>").encode().decode("cp1252").encode(),
    title,
    "It’s “so – café",
)
case(
    "accented text that only looks so",
    rss("<title>São Paulo, Ísland, naïve Ärger</title>"),
    title,
    "São Paulo, Ísland, naïve Ärger",
)
case(
    "two XML declarations",
    '<?xml version="1.0"?>\n<?xml version="1.0" encoding="utf-8"?>' + rss("<title>頭條</title>"),
    titles,
    ["頭條"],
)
case("XML 1.1", '<?xml version="1.1"?>' + rss("<title>頭條</title>"), titles, ["頭條"])
case(
    "an attribute twice",
    rss('<title>頭條</title><guid isPermaLink="false" isPermaLink="false">1</guid>'),
    of_first("guid"),
    "1",
)
case(
    "tags that cross",
    rss("<title>頭條</title><description>a <b>b <i>c</b> d</i></description>"),
    titles,
    ["頭條"],
)
case(
    "the end of CDATA in CDATA",
    rss("<title>頭條</title><description><![CDATA[a ]]]]><![CDATA[> b]]></description>"),
    content,
    "a ]]> b",
)
case(
    "an item in CDATA",
    rss("<title>頭條</title><description><![CDATA[<item><title>x</title></item>]]></description>"),
    lambda feed: (titles(feed), feed.entries[0].content),
    (["頭條"], "<item><title>x</title></item>"),
)
case(
    "an entity in an attribute",
    rss('<title>頭條</title><enclosure url="https://outlet.test/a.mp3?a&nbsp;b&c" type="audio/mpeg"/>'),
    lambda feed: len(feed.entries[0].enclosures),
    1,
)
case("the last bracket is missing", rss("<title>頭條</title>")[:-1], titles, ["頭條"])
case(
    "cut in the middle of a character",
    rss("<title>頭條</title>").encode()[: -len("</item></channel></rss>")]
    + b"<description>"
    + "字".encode()[:2],
    titles,
    ["頭條"],
)
case(
    "a document type with entities",
    '<!DOCTYPE rss [<!ENTITY copy "&#169;"> ]>' + rss("<title>a &copy; b</title>"),
    title,
    "a © b",
)
case(
    "a comment with a feed in it before the feed",
    f"<!-- {rss('<title>x</title>')} -->" + rss("<title>頭條</title>"),
    titles,
    ["頭條"],
)
case(
    "a comment between entries",
    "<rss><channel><item><title>1</title></item><!-- <item><title>x</title></item> -->"
    "<item><title>2</title></item></channel></rss>",
    titles,
    ["1", "2"],
)

# --- dates, people, files ------------------------------------------------------------------------------
case(
    "a date in CDATA, over lines",
    rss("<pubDate><![CDATA[\n Tue, 05 Mar 2024 06:07:08 GMT\n]]></pubDate>"),
    published,
    MOMENT,
)
case(
    "an unreadable date and then a good one",
    rss(
        '<pubDate>soon</pubDate><d:date xmlns:d="http://purl.org/dc/elements/1.1/">2024-03-05T06:07:08Z</d:date>'
    ),
    published,
    MOMENT,
)
case(
    "an empty date",
    rss("<pubDate></pubDate>"),
    lambda feed: (feed.entries[0].published, feed.entries[0].published_raw),
    (None, None),
)
case(
    "several people in one name",
    rss("<author>By Ann Lee and Bo Ek</author>"),
    of_first("authors"),
    ("Ann Lee", "Bo Ek"),
)
case(
    "Chinese names in a row",
    rss("<author>記者王小明、李大華／台北報導</author>"),
    of_first("authors"),
    ("王小明", "李大華"),
)
case(
    "an outlet is no person",
    rss("<author>Ann Lee | Reuters</author>"),
    lambda feed: (feed.entries[0].authors, feed.entries[0].outlets),
    (("Ann Lee",), ("Reuters",)),
)
case(
    "the feed's own name is no person",
    rss("<author>邸報</author>"),
    lambda feed: (feed.entries[0].authors, feed.entries[0].outlets),
    ((), ("邸報",)),
)
case(
    "a length that is none",
    rss('<enclosure url="/a.mp3" length="unknown" type="audio/mpeg"/>'),
    lambda feed: feed.entries[0].enclosures[0].length,
    None,
)
case(
    "a picture's address as text",
    rss("<image>/a.jpg</image>"),
    lambda feed: [file.url for file in feed.entries[0].enclosures],
    ["https://outlet.test/a.jpg"],
)
case(
    "the credit of a picture",
    rss(
        '<m:content xmlns:m="http://search.yahoo.com/mrss/" url="/a.jpg" medium="image" width="800">'
        "<m:credit>王小明攝</m:credit><m:description>圖說</m:description></m:content>"
    ),
    lambda feed: [(f.credit, f.title, f.medium, f.width) for f in feed.entries[0].enclosures],
    [("王小明攝", "圖說", "image", 800)],
)

# --- what a feed says of itself --------------------------------------------------------------------------
case(
    "hours and days to skip",
    rss(
        "",
        channel="<skipHours><hour>0</hour><hour>24</hour><hour>13</hour><hour>x</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>monday</day></skipDays>",
    ),
    lambda feed: (feed.skip_hours, feed.skip_days),
    ((0, 13), (0, 6)),
)
case(
    "WebSub in RSS",
    rss(
        "",
        channel=f'<l:link xmlns:l="{ATOM}" rel="hub" href="https://hub.test/"/>'
        f'<l:link xmlns:l="{ATOM}" rel="self" href="https://outlet.test/rss"/>',
    ),
    lambda feed: (feed.hub, feed.self_url),
    ("https://hub.test/", "https://outlet.test/rss"),
)
case(
    "older entries",
    atom("", feed='<link rel="prev-archive" href="/2024/02.xml"/>'),
    lambda feed: feed.next_url,
    "https://outlet.test/2024/02.xml",
)
case(
    "the next page",
    atom("", feed='<link rel="next" href="?page=2"/>'),
    lambda feed: feed.next_url,
    "https://outlet.test/feeds/all.xml?page=2",
)
case(
    "the entry's source",
    atom('<source><title>通訊社</title><link rel="self" href="https://wire.test/f"/></source>'),
    lambda feed: (feed.entries[0].via, feed.entries[0].via_url),
    ("通訊社", "https://wire.test/f"),
)
case(
    "the number of comments",
    rss(
        '<s:comments xmlns:s="http://purl.org/rss/1.0/modules/slash/">12</s:comments><comments>/1#c</comments>'
    ),
    lambda feed: (feed.entries[0].comment_count, feed.entries[0].comments),
    (12, "https://outlet.test/1#c"),
)
case(
    "the base of the content",
    atom(
        '<content type="html" xml:base="/b/">&lt;img src="a.jpg"&gt;</content>',
        attributes=f'xmlns="{ATOM}" xml:base="https://cdn.test/"',
    ),
    of_first("base"),
    "https://cdn.test/b/",
)
case("base64", atom('<content type="application/octet-stream">5YWo5paH</content>'), content, "全文")


@pytest.mark.parametrize("name", CASES)
def test_a_feed_of_the_wild_is_read_as_it_is_meant(name: str) -> None:
    body, ask, expected = CASES[name]
    assert ask(parse_feed(body, url=URL, fallback=False)) == expected
