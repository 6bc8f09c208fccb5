"""Pages that would take a parser minutes are refused in no time, and any bytes are safe."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.errors import ExtractError
from dibao.extract import extract, from_entry
from dibao.hazards import objection
from dibao.model import Article, Entry

K = 100_000
BOMBS = {
    "nested divs": "<div>" * K,
    "nested spans, closed at the end": "<span>" * K + "</span>" * K,
    "divs hidden behind end tags that close nothing": "<div></b><div></i>" * K,
    "divs hidden behind objects": "<div><object></div>" * K,
    "divs inside what is a style only outside of svg": "<svg><style>" + "<div>" * K,
    "attributes": "<a " + " ".join(f"a{n}=1" for n in range(K)) + ">",
    "attributes behind a quoted <": '<p>x</p><a x="<" ' + " ".join(f"a{n}" for n in range(K)) + ">",
    "attributes apart by slashes": "<a" + "/b" * K + ">",
    "ampersands": "&" * 5_000_000,
    "entities without end": "&a" * 1_000_000,
    "tags": "<br>" * 400_000,
    "length": "word " * 2_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly(name: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExtractError, match="not parsed"):
        extract(BOMBS[name].encode(), url="https://x.example/")
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "tail", ["<!--" * K, "<a " * K, '<a ="' * K, "<a x='" * K, "<" * K, "<script>" * K, "<a" + " " * K]
)
def test_the_scan_itself_is_no_bomb(tail: str) -> None:
    started = time.perf_counter()
    objection(tail)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 5000,  # paragraphs that nobody closes do not nest
        "<ul>" + "<li>item" * 5000 + "</ul>",
        "<table>" + "<tr><td>cell" * 5000 + "</table>",
        "<script>" + "'<div>' + " * 5000 + "</script>",
        "<!-- " + "<div>" * 5000 + " -->",
        f"<div data-x='{'a=1 ' * 5000}'>",
    ],
)
def test_an_ordinary_sloppy_page_is_parsed(html: str) -> None:
    assert objection(html) is None


PIECES = (
    "<p>words here</p>,<article>,</article>,<script "
    'type="application/ld+json">{"@type":"NewsArticle","headline":,</script>,'
    "<img data-src=/a.jpg>,<picture>,</picture>,<noscript>,<figure>,<figcaption>"
    "cap,<hr>,<meta property=og:title content=,<title>,"
    "<time datetime=2024>,<table><tr>,<svg>,<template>,&#xD800;,\x00,<!--,-->,"
    "<h1>,（編輯：甲/乙）1120204,（中央社記者甲台北99日電）"
).split(",")


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda parts: "".join(parts).encode())
)
def test_any_bytes_are_an_article_or_an_extract_error(body: bytes) -> None:
    try:
        article = extract(body, url="https://x.example/a")
    except ExtractError:
        return
    assert isinstance(article, Article)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Entry,
        link=st.none() | st.text(max_size=20),
        title=st.none() | st.text(max_size=60),
        content=st.none() | st.text(max_size=200),
        summary=st.none() | st.text(max_size=50),
        authors=st.tuples(st.text(max_size=30)),
        categories=st.tuples(st.text(max_size=30)),
        language=st.none() | st.text(max_size=8),
    )
)
def test_any_entry_is_an_article(entry: Entry) -> None:
    assert isinstance(from_entry(entry), Article)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_any_entry_content_is_an_article(parts: list[str]) -> None:
    assert isinstance(from_entry(Entry(link="https://x.example/a", content="".join(parts))), Article)


@pytest.mark.parametrize(
    "tag", ["div", "span", "b", "a", "ul", "li", "table", "blockquote", "svg", "q", "figure"]
)
def test_a_page_nested_as_deep_as_is_let_through_is_read(tag: str) -> None:
    deep = (
        f"<{tag}>" * 3_900 + "The ferry company will raise its fares by a tenth in spring, it said on Monday."
    )
    assert objection(deep) is None
    from_entry(Entry(content=deep, link="https://x.example/a"))
    try:
        extract(deep.encode(), url="https://x.example/a")
    except ExtractError as error:
        assert "no article" in str(error)  # noqa: PT017 - either is right


def test_a_tag_of_as_many_attributes_as_are_let_through_is_read() -> None:
    full = "<p " + " ".join(f"a{n}" for n in range(15_000)) + ">A paragraph about the harbour of the city."
    assert objection(full) is None
    from_entry(Entry(content=full, link="https://x.example/a"))
