"""What a page says of its article: JSON-LD and meta elements, titles, people, dates."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dibao.extract.meta import Meta, keywords, read
from dibao.extract.titles import headline
from dibao.extract.tree import parse
from dibao.people import people

URL = "https://www.example-times.test/city/1"


def said(head: str, body: str = "", outlet: str | None = "Example Times") -> Meta:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>", URL)
    return read(tree, url=URL, outlet=outlet, language=None, timezone=None)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


# --- JSON-LD ----------------------------------------------------------------------------------------

ARTICLE = '{"@type":"NewsArticle","headline":"A bridge closes","datePublished":"2024-03-11T08:00:00Z"}'


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"Example '
        f'Times"}},{ARTICLE}]}}',
        f'{{"@type":"WebPage","name":"x","mainEntity":{ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
        ARTICLE.replace("}", ",}"),
        ARTICLE.replace("A bridge", "A\tbridge"),
        f"{ARTICLE}{ARTICLE}",
        ARTICLE.replace('"NewsArticle"', '["ReportageNewsArticle","Thing"]'),
        ARTICLE.replace('"@type"', '"broken": "a "quoted" word", "@type"'),
        ARTICLE.removesuffix("}"),
    ],
)
def test_json_ld_is_read_however_it_is_wrapped_or_broken(text: str) -> None:
    meta = said(ld(text))
    assert meta.title == "A bridge closes"
    assert meta.published_at == datetime(2024, 3, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[1,2]", '"x"', "[" * 100_000, '{"@type":{"a":[]},"headline":7}']
)
def test_json_ld_that_says_nothing_leaves_the_page_to_speak(text: str) -> None:
    assert said(ld(text) + "<title>A bridge closes - Example Times</title>").title == "A bridge closes"


def test_a_reference_by_id_is_followed() -> None:
    author = '{"@id":"#m","@type":"Person","name":"Mary Example"}'
    graph = f'{{"@graph":[{{"@type":"Article","headline":"x","author":{{"@id":"#m"}}}},{author}]}}'
    assert said(ld(graph)).authors == ("Mary Example",)


def test_the_articles_own_json_ld_outranks_the_pages() -> None:
    meta = said(ld('{"@type":"WebPage","headline":"The page"}') + ld(ARTICLE))
    assert meta.title == "A bridge closes"


# --- people -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bylines", "wanted"),
    [
        (["By Mary Example"], ("Mary Example",)),
        (["Mary Example and John Sample"], ("Mary Example", "John Sample")),
        (["Mary Example, John Sample"], ("Mary Example", "John Sample")),
        (["By Staff | Reuters"], ()),
        (["Example Times"], ()),
        (["Example Times Staff"], ()),
        (["Reuters"], ()),
        (["The Associated Press"], ()),
        (["Newsroom"], ()),
        (["編輯部"], ()),
        (["體育中心"], ()),
        (["海風新聞網"], ()),
        (["記者王小明／台北報導"], ("王小明",)),
        (["王小明、李小華"], ("王小明", "李小華")),
        (["文／王小明"], ("王小明",)),
        (["文在寅"], ("文在寅",)),
        (["记者 王小明"], ("王小明",)),
        (["Von Anna Beispiel"], ("Anna Beispiel",)),
        (["Anna von Beispiel"], ("Anna von Beispiel",)),
        (["https://social.example/mary"], ()),
        (["mary@example.test"], ()),
        (["Mary Example", "mary  example"], ("Mary Example",)),
        (["", " ", "—"], ()),
    ],
)
def test_bylines_name_people_and_nobody_else(bylines: list[str], wanted: tuple[str, ...]) -> None:
    assert people(bylines, ["Example Times"]) == wanted


def test_an_outlet_as_author_is_no_author() -> None:
    text = (
        '{"@type":"NewsArticle","headline":"x y '
        'z","author":{"@type":"Person","name":"Example Times"},"publisher":{"name":"Example Times Ltd"}}'
    )
    assert said(ld(text)).authors == ()


def test_an_organisation_as_author_leaves_it_to_the_byline() -> None:
    text = (
        '{"@type":"NewsArticle","headline":"x y z","author":{"@type":"Organization","name":"Harbour Group"}}'
    )
    meta = said(ld(text), '<p class="byline">By Mary Example</p>')
    assert meta.authors == ("Mary Example",)
    assert meta.byline == "By Mary Example"


# --- titles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("A bridge closes | Example Times", "A bridge closes"),
        ("A bridge closes - City - Example Times", "A bridge closes"),
        ("新碼頭明年春天開放 | 生活 | 海風社", "新碼頭明年春天開放"),
        ("新碼頭明年春天開放｜海風社", "新碼頭明年春天開放"),
        ("新码头明年春天开放_海风网", "新码头明年春天开放"),
        ("Trains, planes - and boats", "Trains, planes - and boats"),
        (
            "Who pays? – The long answer to a short question",
            "Who pays? – The long answer to a short question",
        ),
        ("快訊／新碼頭今天開放", "快訊／新碼頭今天開放"),
    ],
)
def test_a_title_loses_the_sites_name_and_nothing_else(title: str, wanted: str) -> None:
    assert headline([title], [], ["Example Times", "海風社"]) == wanted


def test_a_heading_that_begins_the_title_is_the_headline() -> None:
    assert headline(["A bridge - closes — Daily Sample"], ["A bridge - closes"], []) == "A bridge - closes"


def test_a_page_titled_like_its_site_is_named_by_its_heading() -> None:
    assert headline(["Example Times"], ["A bridge closes"], ["Example Times"]) == "A bridge closes"


# --- the rest ---------------------------------------------------------------------------------------


def test_keywords_lose_their_hash_and_come_once() -> None:
    assert keywords(["#渡輪, 碼頭", "＃渡輪", "Example Times"], ["Example Times"]) == ("渡輪", "碼頭")


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("/city/1", "https://www.example-times.test/city/1"),
        ("https://m.example-times.test/x", "https://m.example-times.test/x"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_canonical_url_is_absolute_and_of_the_web(link: str, wanted: str | None) -> None:
    assert said(f'<link rel="canonical" href="{link}">').canonical_url == wanted


def test_a_date_in_the_markup_is_found() -> None:
    body = (
        '<article><time datetime="2024-03-11T08:00:00Z">Monday</time></article>'
        '<aside><time datetime="2020-01-01">old</time></aside>'
    )
    assert said("", body).published_at == datetime(2024, 3, 11, 8, tzinfo=UTC)


def test_a_date_that_makes_no_sense_is_kept_as_written() -> None:
    meta = said('<meta property="article:published_time" content="some day soon">')
    assert meta.published_at is None
    assert meta.published_raw == "some day soon"


def test_a_silent_page_is_searched_for_its_day() -> None:
    meta = said("", "<p>Published on 11 March 2024</p><p>Text.</p>")
    assert meta.published_at is not None
    assert meta.published_at.date().isoformat() == "2024-03-11"


def test_a_page_that_says_nothing_is_nothing() -> None:
    told = said("", outlet=None)
    assert replace(told, section=None, origins=()) == Meta()
    assert told.section == "city"  # as its address has it
