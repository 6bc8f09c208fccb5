"""Whole pages and entries -> articles. All texts here are our own inventions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dibao.errors import ExtractError
from dibao.extract import better, extract, from_entry, read_page
from dibao.model import Article, Basis, Enclosure, Entry

URL = "https://news.example.tw/story/2024/77"

HANT = [
    "（海風社記者林小舟基隆12日電）基隆港務單位今天說明，新"
    "的渡輪碼頭將在明年春天開放，屆時往返離島的班次會增加一倍。",
    "港務單位指出，碼頭的設計由荷蘭工程師范德維（Jan van d"
    "er Vee）負責，施工期間共遇到三次颱風，工程因此延後半年。",
    "當地商家對此表示歡迎，但也擔心停車空間不足。市府回應"
    "說，會在碼頭旁邊設置兩百個車位，並開闢接駁公車路線。",
    "（編輯：陳一葉/黃二石）1130312",
]
HANS = [
    "海风社上海3月12日电（记者 王小河）上海一家面包店昨天宣"
    "布，将把每天卖剩的面包送给社区的老人，这个计划会持续一整年。",
    "店主说，这个想法来自一位常客。她发现许多老人住得离店很"
    "近，却因为腿脚不便很少出门，于是建议店里派人送上门去。",
    "社区负责人对记者表示，他们会帮助统计需要的人数，并安排志"
    "愿者参与。第一批面包将在下周一送出，预计有四十户人家收到。",
]
ENGLISH = [
    "The harbour bridge will close for two nights next week while "
    "engineers replace the cables that hold up its "
    "eastern span, the city said on Monday.",
    "Drivers are asked to use the tunnel instead, which will be free "
    "of charge from nine in the evening until six "
    "in the morning. Ferries will run as usual on both days.",
    "The work was planned for last autumn but was put off because "
    "of storms. It is expected to cost about four "
    "million, most of which comes from the regional fund.",
]

LAZY = """
<div class="top"><div><div style="--ratio:3/2"><picture>
  <source media="(max-width: 414px)" data-srcset="/img/600/pier.jpg">
  <source media="(min-width: 413px)" data-srcset="/img/1200/pier.jpg">
  <img class="lazyload" data-src="/img/600/pier.jpg" alt="渡輪碼頭一景。">
</picture></div><div>新的渡輪碼頭預計明年春天開放，圖為施工中的碼頭。（海風社）</div></div></div>
"""
BESIDE = """
<div class="tagGroup"><div><a href="/tag/?q=1">#渡輪</a></div><div><a href="/tag/?q=2">#碼頭</a></div></div>
<div class="moreArticle"><div class="title"><a href="/tag/?q=1">渡輪</a></div>
  <a href="/story/1">離島居民盼望增開夜間班次</a><a href="/story/2">港邊老街整修完成重新開張</a></div>
<div class="bottomBox"><div class="topTitle"><a href="/list">焦點新聞</a></div>
  <div class="owl-carousel" style="display: none">
  <a href="/story/3"><img data-src="/img/3.jpg"><span>熱門：夜市新攤位排隊兩小時</span></a>
  <a href="/story/4"><span>熱門：動物園小熊滿月首度亮相</span></a></div></div>
"""
PROMOTION = '<br><hr><div>获取更多RSS：<br><a href="https://relay.example">https://relay.example</a></div>'


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(content: str, head: str = "", lang: str = "") -> bytes:
    nav = "<nav><ul><li><a href=/>首頁</a></li><li><a href=/list>列表</a></li></ul></nav>"
    foot = "<footer><p>Copyright. About us. Contact. Jobs.</p></footer>"
    return (
        f"<!doctype html><html{f' lang={lang}' if lang else ''}><head><meta charset=utf-8>{head}</head>"
        f"<body>{nav}<main><article>{content}</article></main>{foot}<script>track()</script></body></html>"
    ).encode()


def entry(content: str, title: str = "基隆新渡輪碼頭明年春天開放") -> Entry:
    return Entry(link=URL, title=title, content=content, published=datetime(2024, 3, 12, 4, tzinfo=UTC))


FULL = entry(LAZY + f"<div>{paragraphs(HANT)}{BESIDE}</div>" + PROMOTION)


# --- the feed's own content -----------------------------------------------------------------------


def test_a_feeds_article_has_its_paragraphs_and_nothing_beside_them() -> None:
    article = from_entry(FULL)
    assert article.text.split("\n\n") == HANT
    assert article.basis is Basis.FEED


def test_the_lazy_lead_picture_is_kept_in_its_largest_form_with_the_caption_below_it() -> None:
    article = from_entry(FULL)
    (picture,) = article.media
    assert picture.url == "https://news.example.tw/img/1200/pier.jpg"
    assert picture.candidates == (picture.url, "https://news.example.tw/img/600/pier.jpg")
    assert picture.caption == "新的渡輪碼頭預計明年春天開放，圖為施工中的碼頭。（海風社）"
    assert picture.credit == "海風社"
    assert article.html.startswith('<figure><img src="https://news.example.tw/img/1200/pier.jpg"')
    assert article.html.count("施工中的碼頭") == 1


def test_what_stands_beside_is_kept_as_facts() -> None:
    article = from_entry(FULL)
    assert article.keywords == ("渡輪", "碼頭")
    assert [(link.role, link.title) for link in article.links] == [
        ("keyword", "渡輪"),
        ("keyword", "碼頭"),
        ("related", "離島居民盼望增開夜間班次"),
        ("related", "港邊老街整修完成重新開張"),
        ("promoted", "熱門：夜市新攤位排隊兩小時"),
        ("promoted", "熱門：動物園小熊滿月首度亮相"),
    ]
    assert article.links[2].url == "https://news.example.tw/story/1"


def test_a_wire_storys_credits_and_relay_are_read() -> None:
    made = from_entry(FULL).credits
    assert made is not None
    assert (made.agency, made.place, made.day) == ("海風社", "基隆", 12)
    assert made.reporters == ("林小舟",)
    assert made.editors == ("陳一葉", "黃二石")
    assert made.text_date == "2024-03-12"
    assert made.relay == "relay.example"


def test_an_entry_with_nothing_gives_an_empty_article() -> None:
    article = from_entry(Entry())
    assert (article.title, article.html, article.text, article.media) == (None, "", "", ())


def test_a_round_up_of_links_is_no_furniture() -> None:
    links = "".join(f'<li><a href="/story/{n}">第{n}個我們今天讀到的好故事</a></li>' for n in range(4))
    article = from_entry(
        entry(f"<p>今天讀到的四個故事：</p><ul>{links}</ul><p>祝大家有美好的一天，明天再見。</p>")
    )
    assert "第3個我們今天讀到的好故事" in article.text


def test_an_authors_note_after_a_rule_stays() -> None:
    article = from_entry(entry(paragraphs(HANT) + "<hr><p>作者是住在港邊的教師，著有兩本關於船的書。</p>"))
    assert article.text.endswith("著有兩本關於船的書。")


def test_the_feeds_dates_authors_and_categories_are_taken() -> None:
    told = replace(
        FULL,
        content=paragraphs(ENGLISH),
        authors=("By Mary Example", "The Example Times"),
        categories=("#bridge", "city"),
    )
    article = from_entry(told, outlet="The Example Times")
    assert article.authors == ("Mary Example",)
    assert article.keywords == ("bridge", "city")
    assert article.published_at == datetime(2024, 3, 12, 4, tzinfo=UTC)


def test_a_date_that_could_not_be_read_stays_as_written() -> None:
    article = from_entry(Entry(title="a title", published_raw="the day before yesterday"))
    assert article.published_at is None
    assert article.published_raw == "the day before yesterday"


def test_a_picture_enclosure_is_the_picture_of_an_entry_without_one() -> None:
    told = Entry(
        content=paragraphs(ENGLISH), enclosures=(Enclosure(url="https://x.example/a.jpg", type="image/jpeg"),)
    )
    assert [media.url for media in from_entry(told).media] == ["https://x.example/a.jpg"]


# --- pages ------------------------------------------------------------------------------------------


def test_a_traditional_chinese_page_gives_its_article() -> None:
    head = (
        "<title>基隆新渡輪碼頭明年春天開放 | 生活 | 海風社</title>"
        '<meta property="article:published_time" content="2024-03-12T12:00:00+08:00">'
    )
    article = extract(
        page("<h1>基隆新渡輪碼頭明年春天開放</h1>" + LAZY + paragraphs(HANT), head), url=URL, outlet="海風社"
    )
    assert article.title == "基隆新渡輪碼頭明年春天開放"
    assert article.text.split("\n\n") == HANT
    assert article.media[0].url.endswith("/img/1200/pier.jpg")
    assert article.media[0].caption == "新的渡輪碼頭預計明年春天開放，圖為施工中的碼頭。（海風社）"
    assert article.language == "zh-Hant"
    assert article.names == (("范德維", "Jan van der Vee"),)
    assert article.authors == ("林小舟",)
    assert article.published_at == datetime(2024, 3, 12, 4, tzinfo=UTC)
    assert article.basis is Basis.PAGE


def test_a_simplified_chinese_page_is_told_apart_by_its_characters() -> None:
    body = page(
        "<h1>面包店把剩下的面包送给老人</h1>" + paragraphs(HANS),
        "<title>面包店把剩下的面包送给老人_海风网</title>",
        lang="zh-TW",
    )
    article = extract(body, url=URL)
    assert article.title == "面包店把剩下的面包送给老人"
    assert article.text.split("\n\n") == HANS
    assert article.language == "zh-Hans"
    assert article.credits is not None
    assert (article.credits.agency, article.credits.place) == ("海风社", "上海")
    assert article.credits.reporters == ("王小河",)


def test_an_english_page_gives_its_article() -> None:
    said = (
        '<script type="application/ld+json">'
        '{"@graph":[{"@type":"WebSite","name":"Example Times"},{"@type":"NewsArticle",'
        '"headline":"Bridge to close for two nights","author":[{"@type":"Person","name":"Mary Example"},'
        '{"@type":"Organization","name":"Example Times"}],"datePublished":"2024-03-11T08:00:00Z",'
        '"dateModified":"2024-03-11T09:00:00Z",'
        '"articleSection":"City","keywords":"#bridge, traffic"}]}</script>'
        '<link rel=canonical href="/city/bridge">'
    )
    article = extract(
        page("<h1>Bridge to close for two nights</h1>" + paragraphs(ENGLISH), said, "en-GB"), url=URL
    )
    assert article.title == "Bridge to close for two nights"
    assert article.text.split("\n\n") == ENGLISH
    assert article.authors == ("Mary Example",)
    assert article.section == "City"
    assert article.keywords == ("bridge", "traffic")
    assert article.canonical_url == "https://news.example.tw/city/bridge"
    assert article.published_at == datetime(2024, 3, 11, 8, tzinfo=UTC)
    assert article.modified_at == datetime(2024, 3, 11, 9, tzinfo=UTC)
    assert article.language == "en-GB"


def test_links_in_the_text_are_absolute_and_the_site_around_it_is_gone() -> None:
    linked = ENGLISH[0] + ' See <a href="/map?a=1&amp;b=2">the map</a>.'
    article = extract(page(paragraphs([linked, *ENGLISH[1:]])), url=URL)
    assert 'href="https://news.example.tw/map?a=1&amp;b=2"' in article.html
    assert "Copyright" not in article.html
    assert "首頁" not in article.html


def test_a_picture_between_paragraphs_stays_between_them() -> None:
    middle = '<figure><img src="/span.jpg" width=800><figcaption>The eastern span.</figcaption></figure>'
    article = extract(page(f"<p>{ENGLISH[0]}</p>{middle}{paragraphs(ENGLISH[1:])}"), url=URL)
    before, _, after = article.html.partition("<figure>")
    assert "closed" not in after
    assert "harbour bridge" in before
    assert "Drivers are asked" in after
    assert article.text.split("\n\n") == ENGLISH  # captions live with the picture


def test_bylines_and_notices_at_the_edges_are_not_text() -> None:
    edges = ["記者李四海／基隆報導", *HANT[:3], "本網站之文字及圖片非經授權不得轉載。"]
    article = extract(page(paragraphs(edges)), url=URL)
    assert article.text.split("\n\n") == HANT[:3]
    assert article.byline == "記者李四海／基隆報導"


def test_the_same_bytes_give_the_same_article() -> None:
    body = page(LAZY + paragraphs(HANT) + BESIDE)
    assert extract(body, url=URL, entry=FULL) == extract(body, url=URL, entry=FULL)


# --- page or feed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html></html>",
        b"<html><body><nav><a href=/>home</a></nav></body></html>",
        b"\x00\xff\xfe" * 20,
    ],
)
def test_a_page_with_no_article_is_an_error_that_names_the_page(body: bytes) -> None:
    with pytest.raises(ExtractError) as error:
        extract(body, url=URL)
    assert error.value.url == URL


@pytest.mark.parametrize("body", [b"%PDF-1.7 ...", b"\x89PNG\r\n..."])
def test_a_file_that_is_no_page_is_an_error(body: bytes) -> None:
    with pytest.raises(ExtractError, match="not a page"):
        read_page(body, url=URL)


def test_another_content_type_is_no_page() -> None:
    with pytest.raises(ExtractError, match="application/json"):
        read_page(page(paragraphs(ENGLISH)), url=URL, content_type="application/json")


def test_an_empty_page_leaves_the_feeds_article() -> None:
    article = extract(b"<html><body></body></html>", url=URL, entry=FULL)
    assert article.basis is Basis.FEED
    assert article.text.split("\n\n") == HANT


def test_an_empty_page_and_an_entry_without_content_are_an_error() -> None:
    with pytest.raises(ExtractError):
        extract(b"<html></html>", url=URL, entry=Entry(link=URL, title="only a title"))


def test_a_teaser_page_loses_to_the_feeds_full_text() -> None:
    wall = page(f"<p>{ENGLISH[0]}</p><p>Subscribe to go on reading.</p>")
    long = entry(paragraphs(ENGLISH * 3), title="Bridge to close")
    assert extract(wall, url=URL, entry=long).basis is Basis.FEED


def test_a_page_about_something_else_loses() -> None:
    elsewhere = page(
        paragraphs(["Please accept our new terms of use before you go on to the rest of the site. " * 4])
    )
    assert extract(elsewhere, url=URL, entry=FULL).basis is Basis.FEED


def test_a_full_page_wins_over_a_summary_and_takes_what_only_the_feed_says() -> None:
    short = Entry(
        link=URL,
        title="Bridge to close",
        content=f"<p>{ENGLISH[0]}</p>",
        authors=("Mary Example",),
        published=datetime(2024, 3, 11, tzinfo=UTC),
    )
    article = extract(page(paragraphs(ENGLISH)), url=URL, entry=short)
    assert article.basis is Basis.PAGE
    assert article.title == "Bridge to close"
    assert article.authors == ("Mary Example",)
    assert article.published_at == datetime(2024, 3, 11, tzinfo=UTC)


def test_a_page_is_better_than_a_feed_that_has_only_a_title() -> None:
    full = Article(title=None, html="<p>x</p>", text="x" * 300, confidence=0.5)
    told = Article(title="A title", html="", text="", basis=Basis.FEED)
    assert better(full, told) == replace(full, title="A title")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ann Miller", ("Ann Miller",)),
        ("By Ann Miller and Tom O’Dea", ("Ann Miller", "Tom O’Dea")),
        ("By The Town Crier", ()),
    ],
)
def test_the_people_of_a_byline_that_only_the_text_holds_are_its_authors(
    line: str, authors: tuple[str, ...]
) -> None:
    text = "".join(
        f"<p>The bridge opened after {n} years of work, and the mayor crossed it.</p>" for n in range(9)
    )
    head = "<html lang=en><title>Bridge opens</title>"
    html = f"{head}<article><h1>Bridge opens</h1><p>{line}</p>{text}</article>"
    found = read_page(html.encode(), url="http://crier.test/1", outlet="The Town Crier")
    assert found.authors == authors
    assert line not in found.text


def test_a_feed_that_says_the_same_again_and_again_is_no_better_than_its_page() -> None:
    told = Entry(title="Ferry", content="<p>" + "We use cookies to make this site better. " * 40 + "</p>")
    found = extract(page("<h1>Ferry</h1>" + paragraphs(ENGLISH)), url=URL, entry=told)
    assert (found.basis, "cookies" in found.text) == (Basis.PAGE, False)


def test_half_a_character_in_json_ld_is_left_out() -> None:
    said = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"a\\ud800b headline"}</script>'
    )
    found = extract(page(paragraphs(ENGLISH), said), url=URL)
    assert (found.title or "").encode()
