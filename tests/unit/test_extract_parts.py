"""Where an article goes on: its own address numbered on, said by a link; and nothing else."""

from html import escape

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from, text

from dibao.extract import extract
from dibao.extract.parts import next_part
from dibao.extract.tree import parse
from dibao.urls import host

HOST = "https://press.test"
STORY = f"{HOST}/2026/ferry-fares-rise-in-april"


def found(url: str, *links: str, around: str = "") -> str | None:
    """Return what is found on a page with these links."""
    body = f"<article><h1>Ferry fares</h1><p>Text.</p></article><div class='{around}'>{' '.join(links)}</div>"
    return next_part(parse(f"<html><head></head><body>{body}</body></html>", url), url)


def a(href: str, text: str, more: str = "") -> str:
    return f"<a href='{href}' {more}>{text}</a>"


@pytest.mark.parametrize(
    ("url", "onward"),
    [
        (STORY, f"{STORY}?page=2"),
        (f"{STORY}?page=2", f"{STORY}?page=3"),
        (f"{STORY}?id=7&page=2", f"{STORY}?id=7&page=3"),
        (f"{HOST}/read.php?id=4711", f"{HOST}/read.php?id=4711&p=2"),
        (STORY, f"{STORY}/2"),
        (f"{STORY}/", f"{STORY}/2/"),
        (STORY, f"{STORY}/page/2"),
        (f"{STORY}/page/2/", f"{STORY}/page/3/"),
        (f"{STORY}/page/1", f"{STORY}/page/2"),
        (STORY, f"{STORY}/seite-2"),
        (f"{STORY}/seite-2", f"{STORY}/seite-3"),
        (f"{HOST}/c/content_4711.html", f"{HOST}/c/content_4711_2.html"),
        (f"{HOST}/n1/c1002-4017.html", f"{HOST}/n1/c1002-4017-2.html"),
        (f"{STORY}.html", f"{STORY}.html/2"),
        (f"{STORY}?utm_source=rss&utm_medium=feed", f"{STORY}?page=2"),
        (f"{STORY}?utm_source=rss", f"{STORY}/2"),
        ("https://www.press.test/2026/ferry-fares-rise-in-april", f"{STORY}/2"),
        ("https://press.test/新聞/渡輪票價調整", "https://press.test/新聞/渡輪票價調整?page=2"),
    ],
)
@pytest.mark.parametrize("text", ["number", "Next page", "下一頁", "Weiter »", "rel"])
def test_the_same_address_with_the_next_number_is_the_next_page(url: str, onward: str, text: str) -> None:
    if text == "rel":
        links = [f"<link rel='next' href='{onward}'>"]
    else:
        links = [a(onward, onward.rstrip("/").removesuffix(".html")[-1] if text == "number" else text)]
    assert found(url, *links) == onward


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("2", True),
        ("[2]", True),
        ("Page 2", True),
        ("Seite 2", True),
        ("第2页", True),
        ("2ページ", True),
        ("次へ", True),
        ("Suite", True),
        ("Página siguiente", True),
        ("›", False),
        ("17", False),
        ("Next story", False),
        ("Next article", False),
        ("下一篇", False),
        ("Read the comments", False),
        ("Ferry fares rise in April, says company", False),
    ],
)
def test_a_link_must_say_that_it_leads_on(text: str, leads: bool) -> None:
    assert (found(STORY, a(f"{STORY}/2", text)) is not None) is leads


def test_a_link_of_an_arrow_says_in_its_title_where_it_leads() -> None:
    assert found(STORY, a(f"{STORY}/2", "›", "title='Next page'")) == f"{STORY}/2"
    assert (
        found(STORY, a(f"{STORY}/2", "<img src='/arrow.png'>", "aria-label='Nächste Seite'")) == f"{STORY}/2"
    )


@pytest.mark.parametrize(
    "link",
    [
        f"{HOST}/2026/ferry-fares-rise-in-may",  # the newer post of a blog
        f"{HOST}/2026/ferry-fares-rise-in-april-2",  # another post of the same name
        f"{HOST}/2026/ferry-fares-rise-in-april/gallery/2",
        f"{HOST}/2026/other-story-of-the-day/2",
        "https://elsewhere.test/2026/ferry-fares-rise-in-april/2",
        f"{STORY}/3",
        f"{STORY}/1999",
        f"{STORY}?page=2#comments",
        f"{STORY}/comment-page-2",
        f"{STORY}?replytocom=2",
        "javascript:next(2)",
        "#page-2",
        "http://[broken/2",
    ],
)
def test_what_is_not_this_address_numbered_on_is_not_its_next_page(link: str) -> None:
    assert (
        found(STORY, f"<link rel='next' href='{link}'>", a(link, "2", "rel='next'"), a(link, "Next page"))
        is None
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (f"{HOST}/news", f"{HOST}/news/page/2"),
        (f"{HOST}/tag/new-york-city-hall", f"{HOST}/tag/new-york-city-hall/page/2"),
        (f"{HOST}/author/maud-ferrier-the-elder", f"{HOST}/author/maud-ferrier-the-elder?page=2"),
        (f"{HOST}/", f"{HOST}/?p=2"),
        (f"{HOST}/news/2", f"{HOST}/news/3"),
        (f"{HOST}/stories/ferry-fares-part-1", f"{HOST}/stories/ferry-fares-part-2"),
        (f"{HOST}/c/content_11.html", f"{HOST}/c/content_12.html"),
    ],
)
def test_lists_and_articles_that_are_numbered_themselves_are_left_alone(url: str, link: str) -> None:
    number = link.rstrip("/").removesuffix(".html")[-1]
    assert found(url, a(link, number), a(link, "Next", "rel='next'"), a(f"{HOST}/news", "News")) is None


def test_pages_may_be_counted_from_nought() -> None:
    first, second, third = (f"{HOST}/c/t2026_4711{n}.html" for n in ("", "_1", "_2"))
    assert found(first, a(first, "1"), a(second, "2"), a(third, "3")) == second
    assert found(second, a(first, "1"), a(second, "2"), a(third, "3")) == third
    assert found(STORY, a(f"{STORY}?page=1", "1"), a(f"{STORY}?page=2", "2")) == f"{STORY}?page=2"


def test_a_number_that_follows_a_bare_number_needs_a_way_back_to_the_first_page() -> None:
    assert found(f"{STORY}/2", a(f"{STORY}/3", "3")) is None
    assert found(f"{STORY}/2", a(STORY, "1"), a(f"{STORY}/3", "3")) == f"{STORY}/3"


@pytest.mark.parametrize(
    "around", ["comments", "comment-list", "related-posts", "post-navigation", "views-pager view-id-x"]
)
def test_links_among_comments_and_other_articles_lead_elsewhere(around: str) -> None:
    assert found(STORY, a(f"{STORY}?page=2", "2"), around=around) is None
    assert found(STORY, a(f"{STORY}?page=2", "2"), around="page-links") == f"{STORY}?page=2"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (f"{STORY}?page=all", "View as a single page"),
        (f"{STORY}?view=all", "View all"),
        (f"{STORY}/komplettansicht", "Auf einer Seite lesen"),
        (f"{STORY}?all=1", "阅读全文"),
        (f"{STORY}/all", "All on one page"),
    ],
)
def test_all_of_it_on_one_page_comes_before_the_second_page(link: str, text: str) -> None:
    pages = [a(f"{STORY}/2", "2"), a(link, text)]
    assert found(STORY, *pages) == link
    assert found(STORY, pages[1]) is None  # of what stands on one page there is no more


def test_a_whole_article_elsewhere_is_not_this_one() -> None:
    assert found(STORY, a(f"{STORY}/2", "2"), a("/all", "View all")) == f"{STORY}/2"
    assert found(STORY, a(f"{STORY}/2", "2"), a(f"{HOST}/2026/treaty-text?all=1", "全文")) == f"{STORY}/2"


def test_an_article_says_where_it_goes_on() -> None:
    text = "".join(
        f"<p>Paragraph {n} of a story that is long enough to be one, as all can see.</p>" for n in range(9)
    )
    page = f"<title>Ferry</title><article><h1>Ferry</h1>{text}</article><a href='{STORY}/2'>2</a>"
    assert extract(page.encode(), url=STORY).next_part == f"{STORY}/2"


@given(
    path=text(min_size=1, max_size=30),
    links=lists(text(max_size=30), max_size=4),
    number=sampled_from(["/2", "?page=2", "_2.html", "%0A/2", '"/2', "\\/2", "]/2"]),
)
def test_whatever_an_address_holds_only_one_of_the_same_host_is_found(
    path: str, links: list[str], number: str
) -> None:
    url = f"{HOST}/2026/{path}"
    onward = next_part(parse("".join(a(escape(each), "2") for each in (*links, url + number)), url), url)
    assert onward is None or host(onward).removeprefix("www.") == "press.test"
