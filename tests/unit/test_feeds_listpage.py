"""Pages of headlines -> Feed: which links are headlines, and what stands around them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.errors import FeedError
from dibao.feeds import blocks, outline, read_list_page
from dibao.feeds.headlines import address_worth, form, units
from dibao.feeds.outline import Node
from dibao.model import Entry, Feed
from tests import listpages as pages

K = 100_000


def read(html: str | bytes, url: str = "https://ledger.test/list", **more: str) -> Feed:
    return read_list_page(html.encode() if isinstance(html, str) else html, url=url, **more)


def rows(*titles: str, tag: str = "li", **more: str) -> str:
    return "".join(f'<{tag}><a href="/2026/{n}.html">{title}</a></{tag}>' for n, title in enumerate(titles))


def titles(feed: Feed) -> list[str | None]:
    return [entry.title for entry in feed.entries]


# --- learnt ---------------------------------------------------------------------------------------


def test_all_headlines_of_a_portal_are_found_and_none_of_its_menus_rankings_and_footers() -> None:
    feed = read(pages.portal(), "http://www.qingfeng.test/")
    links = [entry.link or "" for entry in feed.entries]
    assert (len(links), len(set(links))) == (41, 41)
    assert all("/20260304/" in link for link in links)
    assert links[0] == "http://www.qingfeng.test/20260304/8888.shtml"
    assert links[1].startswith("http://politics.qingfeng.test/")
    assert links[-1] == "http://tech.qingfeng.test/20260304/3009.shtml"
    assert (feed.format, feed.title, feed.language) == ("page", "青楓網 - 首頁", "zh-Hant")


def test_the_lead_story_has_its_summary_and_its_late_picture() -> None:
    lead = read(pages.portal(), "http://www.qingfeng.test/").entries[0]
    assert lead.title == "頭條：渡輪票價調整案今日上路 通勤族怎麼看"
    assert lead.summary == "票價調整案在三次公聽會之後定案，通勤月票維持原價，單程票則增加五元。"
    (picture,) = lead.enclosures
    assert (picture.url, picture.title, picture.medium) == (
        "http://www.qingfeng.test/img/8888.jpg",
        "渡輪",
        "image",
    )
    assert lead.published_raw is None


def test_posts_of_an_archive_have_date_summary_and_the_largest_picture() -> None:
    feed = read(pages.wordpress(), "https://ledger.test/category/harbour/")
    assert titles(feed) == [title for title, _ in pages.STORIES]
    assert [entry.summary for entry in feed.entries] == [summary for _, summary in pages.STORIES]
    assert [entry.published for entry in feed.entries] == [
        datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in range(1, 6)
    ]
    assert feed.entries[0].enclosures[0].url == "https://ledger.test/up/100-1280.jpg"
    assert feed.next_url == "https://ledger.test/category/harbour/page/2/"


def test_a_table_in_a_table_in_big5_is_read_with_dates_of_the_republic_and_titles_in_full() -> None:
    feed = read(pages.table().encode("big5"), "https://gov.test/News.aspx?n=1A2B")
    assert titles(feed) == [f"{topic}，詳如附件" for topic in pages.TOPICS]
    assert feed.entries[0].link == "https://gov.test/News_Content.aspx?n=1A2B&sms=77&s=9001"
    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert [entry.published for entry in feed.entries] == [midnight + timedelta(days=n) for n in range(12)]
    assert feed.entries[3].published_raw == "115-03-04"
    assert feed.next_url == "https://gov.test/News.aspx?n=1A2B&page=2&PageSize=12"


def test_a_card_that_is_one_link_has_the_title_of_its_heading_and_keeps_a_date_it_can_t_read() -> None:
    feed = read(pages.cards(), "https://seawind.test/all")
    assert titles(feed) == list(pages.TOPICS[1:10])
    first = feed.entries[0]
    assert (first.link, first.published, first.published_raw) == (
        "https://seawind.test/story/7001",
        None,
        "1 小時前",
    )
    assert first.summary == "記者實地走訪，整理出居民最關心的五個問題，逐一說明。第1篇。"
    assert first.enclosures[0].url == "https://seawind.test/media/1.webp"
    assert first.raw.startswith('<div class="grid__item">')


def test_a_read_more_is_called_as_the_heading_above_it() -> None:
    feed = read(pages.read_more())
    assert titles(feed) == [title for title, _ in pages.STORIES]
    assert [entry.link for entry in feed.entries][:2] == [
        "https://ledger.test/news/40",
        "https://ledger.test/news/41",
    ]


def test_links_parted_by_line_breaks_have_each_its_own_date() -> None:
    feed = read(pages.lines(), "https://school.test/")
    assert titles(feed) == list(pages.TOPICS[:6])
    assert [entry.published_raw for entry in feed.entries] == [f"2026/03/{day:02d}" for day in range(1, 7)]


def test_what_follows_a_headline_in_no_block_is_its_own_up_to_the_next_one() -> None:
    feed = read(pages.definitions())
    assert [(entry.title, entry.summary) for entry in feed.entries] == list(pages.STORIES)
    assert feed.entries[2].published == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_page_of_navigation_alone_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(FeedError, match="no list of headlines found; give a CSS selector"):
        read(pages.navigation(), "https://qingfeng.test/")


@pytest.mark.parametrize(
    "html", ["", "plain text", "<p>One paragraph.", "<a href=/2026/1.html>A single headline here</a>"]
)
def test_where_there_is_no_list_nothing_is_made_up(html: str) -> None:
    with pytest.raises(FeedError):
        read(html)


def test_links_within_running_text_are_no_headlines() -> None:
    prose = "".join(
        f'<p>It was said before, <a href="/2025/{n}.html">as told in number {n}</a>, that fares would rise, '
        "and nobody in the hall found a word to say against it, not even those who always do.</p>"
        for n in range(6)
    )
    with pytest.raises(FeedError, match="no list"):
        read(prose)


def test_a_headline_that_stands_twice_is_one_entry() -> None:
    story = "<li><a href='/2026/1.html'>海豹數量比去年多三成</a></li>"
    feed = read(f"<ul>{rows(*pages.TOPICS[:3])}{story}</ul><h2><a href='/2026/0.html'>渡輪票價</a></h2>")
    assert [entry.link for entry in feed.entries] == [f"https://ledger.test/2026/{n}.html" for n in range(3)]


def test_a_short_headline_among_long_ones_counts_if_its_address_is_an_article_s() -> None:
    feed = read(f"<ul>{rows(*pages.TOPICS[:4], '颱風來了')}<li><a href='/more/'>更多新聞</a></li></ul>")
    assert titles(feed) == [*pages.TOPICS[:4], "颱風來了"]


def test_a_title_cut_short_gives_way_to_the_same_words_in_full() -> None:
    short = "".join(
        f"<li><a href='/2026/{n}.html'>{topic[:8]}…</a></li>" for n, topic in enumerate(pages.TOPICS[:4])
    )
    full = f"<p><a href='/2026/2.html'>{pages.TOPICS[2]}</a></p>"
    assert titles(read(f"<ul>{short}</ul>{full}"))[2] == pages.TOPICS[2]


def test_a_base_element_is_what_links_are_relative_to() -> None:
    feed = read(
        f"<base href='https://cdn.test/zh/'><ul>{rows(*pages.TOPICS[:3]).replace('/2026', '2026')}</ul>"
    )
    assert feed.entries[0].link == "https://cdn.test/zh/2026/0.html"


def test_a_date_without_a_zone_is_read_in_the_source_s_zone() -> None:
    listed = "".join(
        f"<li><a href='/n/{n}00.html'>{topic}</a><span>2026-03-0{n} 10:20</span></li>"
        for n, topic in enumerate(pages.TOPICS[:4], 1)
    )
    assert read(listed, timezone="Asia/Taipei").entries[0].published == datetime(
        2026, 3, 1, 2, 20, tzinfo=UTC
    )
    in_words = read(f"<html lang=zh-TW>{listed}")
    assert in_words.entries[0].published == datetime(2026, 3, 1, 2, 20, tzinfo=UTC)


def test_a_placeholder_an_icon_and_a_logo_are_no_pictures() -> None:
    listed = "".join(
        f'<li><img src="/i/logo.png"><img src="/dot.gif" width="1"><img src="data:image/png;base64,xx">'
        f"<a href='/n/{n}00.html'>{topic}</a></li>"
        for n, topic in enumerate(pages.TOPICS[:4])
    )
    assert [entry.enclosures for entry in read(listed).entries] == [()] * 4


def test_a_picture_in_the_background_is_one() -> None:
    listed = "".join(
        f"<li><i style=\"background-image:url('/img/{n}.jpg')\"></i><a href='/n/{n}00.html'>{topic}</a></li>"
        for n, topic in enumerate(pages.TOPICS[:4])
    )
    assert read(listed).entries[1].enclosures[0].url == "https://ledger.test/img/1.jpg"


@pytest.mark.parametrize("word", ["下一頁", "下一页", "Next", "Older posts", "Next »", "次へ"])
def test_the_pager_s_next_page_is_known_by_its_word(word: str) -> None:
    feed = read(f"<ul>{rows(*pages.TOPICS[:4])}</ul><div><a href='?page=2'>{word}</a></div>")
    assert feed.next_url == "https://ledger.test/list?page=2"


def test_a_next_page_elsewhere_is_not_believed() -> None:
    feed = read(f"<link rel=next href='https://evil.test/2'><ul>{rows(*pages.TOPICS[:4])}</ul>")
    assert feed.next_url is None


# --- chosen ---------------------------------------------------------------------------------------


def test_a_selector_may_match_links_or_what_holds_them_or_what_they_hold() -> None:
    html = "".join(
        f"<div class=c><a href=/i{n}><img></a><a href=/n{n}><b>短{n}</b></a></div>" for n in range(2)
    )
    for selector in (".c a:last-child", ".c", "b"):
        assert [(entry.link, entry.title) for entry in read(html, selector=selector).entries] == [
            ("https://ledger.test/n0", "短0"),
            ("https://ledger.test/n1", "短1"),
        ]


def test_a_selector_may_mean_what_would_never_be_learnt() -> None:
    feed = read("<nav><a href=/doc.pdf>公告</a></nav>", selector="nav a")
    assert [(entry.link, entry.title) for entry in feed.entries] == [("https://ledger.test/doc.pdf", "公告")]


def test_a_selector_that_can_t_be_read_is_an_error_in_words() -> None:
    with pytest.raises(FeedError, match="'a >' is not a CSS selector"):
        read("<a href=/1>x</a>", selector="a >")


def test_a_selector_that_finds_nothing_is_an_error_in_words() -> None:
    with pytest.raises(FeedError, match="the selector 'h3' finds no link"):
        read("<h2><a href=/1>x</a></h2>", selector="h3")


# --- what speaks for a link -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "worth"),
    [
        ("https://x.test/2026/03/04/a", 1.0),
        ("https://x.test/news/a1234567.shtml", 1.0),
        ("https://x.test/ferry-fares-to-change-in-april", 1.0),
        ("https://x.test/view.php?id=7", 1.0),
        ("https://x.test/%E6%B8%A1%E8%BC%AA%E7%A5%A8", 1.0),
        ("https://x.test/news/story.html", 0.6),
        ("https://x.test/tag/12345", 0.0),
        ("https://x.test/author/mara-lind", 0.0),
        ("https://x.test/category/politics", 0.0),
        ("https://x.test/login", 0.0),
        ("https://x.test/2026/report.pdf", 0.0),
        ("https://x.test/", 0.0),
        ("https://x.test/politics", 0.1),
    ],
)
def test_an_address_speaks_for_an_article_or_against_it(url: str, worth: float) -> None:
    assert address_worth(url) == worth


def test_addresses_of_one_form_are_of_one_form() -> None:
    assert (
        form("https://a.test/news/2026/123.html") == form("https://b.test/sport/2025/9.html") == "w/0/0.html?"
    )
    assert form("https://a.test/v.aspx?s=1&n=2") == form("https://a.test/v.aspx?n=x&s=y")
    assert form("https://a.test/news/1.html") != form("https://a.test/news/about.html")


@pytest.mark.parametrize(
    "label", ["更多", "更多新聞", "閱讀全文", "下一頁", "Read more »", "View all stories", "2026-03-04", "»"]
)
def test_words_that_lead_on_say_nothing(label: str) -> None:
    assert units(label) < 8


@pytest.mark.parametrize(
    "label", ["更多國家加入氣候聯盟", "More than twenty ferries cancelled", "全部七名礦工平安獲救"]
)
def test_a_headline_may_begin_like_one_of_them(label: str) -> None:
    assert units(label) >= 8


# --- safety ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * K,
        "<ul>" + "<li><a href=/2026/1.html>海豹數量比去年多三成</a>" * 400_000,
        "<a " + " ".join(f"a{n}=1" for n in range(K)) + ">",
    ],
)
def test_a_page_that_would_take_a_parser_long_is_refused(html: str) -> None:
    with pytest.raises(FeedError, match="not parsed"):
        read(html)


@pytest.mark.slow
@pytest.mark.parametrize("around", [("<div>", "</div>"), ("<p>", ""), ("", "<br>")])
def test_seventy_thousand_links_are_read_and_two_thousand_kept(around: tuple[str, str]) -> None:
    start, end = around
    links = "".join(f"{start}<a href=/n/{n}.html>海豹數量比去年多{n}成</a>{end}" for n in range(70_000))
    feed = read(f"<div class=main>{links}</div>")
    assert [entry.link for entry in feed.entries][::1999] == [
        "https://ledger.test/n/0.html",
        "https://ledger.test/n/1999.html",
    ]


def letters_read(links: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how much text is read to find the blocks of that many links in one huge block."""
    read_so_far = 0

    def counted(node: Node) -> str:
        nonlocal read_so_far
        said = words(node)
        read_so_far += len(said)
        return said

    words = outline.words
    link = '<p>海豹數量在三年之內多了三成<a href="/n/1.html">more</a></p>'
    with monkeypatch.context() as patched:
        patched.setattr(blocks, "words", counted)
        with pytest.raises(FeedError, match="no list of headlines"):
            read(f"<div>{link * links}</div>")
    return read_so_far


def test_a_huge_block_is_read_once_and_not_once_for_each_of_its_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some, more = letters_read(500, monkeypatch), letters_read(4_000, monkeypatch)
    assert some > 500 * len("海豹數量在三年之內多了三成")  # it was read at all
    assert more < 10 * some


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "a", "li a", "[", "p:nth-child(2)"]))
def test_any_bytes_are_a_feed_or_a_feed_error(body: bytes, selector: str | None) -> None:
    try:
        feed = read_list_page(
            b"<ul><li><a href='/2026/1.html'>" + body, url="https://x.test/", selector=selector
        )
    except FeedError:
        return
    assert all(isinstance(entry, Entry) and entry.link for entry in feed.entries)
