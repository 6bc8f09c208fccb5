"""Clean HTML as Markdown: the shape stays, and the text is read back letter for letter."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from dibao.publish.markdown import markdown
from tests import gazette

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARD = st.text(st.sampled_from("*_`~[](){}<>#|\"'!&$^\\.-+=:;,@%/ \n中「」。aB1é\u3000\u00a0x"), max_size=40)


def shown(page: str) -> str:
    """Return the text of HTML without spaces."""
    body = LexborHTMLParser(page).body
    return re.sub(r"\s", "", body.text() if body else "")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<h1>One</h1><h3>Three</h3>", "## One\n\n### Three"),
        ("<p>a <b>b</b> <i>c</i> <s>d</s> <code>e</code></p>", "a **b** *c* ~~d~~ `e`"),
        ("<p>a<br>b</p>", "a  \nb"),
        ("<p>a<br><br>b</p>", "a\n\nb"),
        ("<ul><li>a</li><li>b<ol start=3><li>c</li></ol></li></ul>", "- a\n\n- b\n\n  3. c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre>  a\n\tb</pre>", "~~~\n  a\n\tb\n~~~"),
        ("<pre>~~~</pre>", "~~~~\n~~~\n~~~~"),
        ("<hr>", "* * *"),
        ('<p><a href="https://e.test/a b(c)">x</a></p>', "[x](https://e.test/a%20b%28c%29)"),
        ('<p><img src="https://e.test/p.jpg" alt="a [b]"></p>', "![a \\[b\\]](https://e.test/p.jpg)"),
        ("<p><ruby>漢<rt>かん</rt></ruby></p>", "漢（かん）"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>", "漢(かん)"),
        ("<p>10<sup>9</sup> H<sub>2</sub>O x<sup>a</sup></p>", "10⁹ H₂O xa"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "**a**\n\nb"),
        ("<figure><figcaption>Cap.</figcaption></figure>", "*Cap.*"),
        ('<video src="https://e.test/v.mp4"></video>', "[▶ v.mp4](https://e.test/v.mp4)"),
        ("<p>他說<b>「重要」</b>了</p>", "他說「**重要**」了"),
        ("<p><b>a</b><i>b</i></p>", "**a**b"),
        ("<p>Look!<a href='https://e.test/'>x</a></p>", "Look\\![x](https://e.test/)"),
        ("<div><div>a<p>b</p>c</div></div>", "a\n\nb\n\nc"),
        ("", ""),
    ],
)
def test_each_element_has_its_markdown(page: str, expected: str) -> None:
    assert markdown(page) == expected


def test_a_table_is_a_table_with_every_figure_in_its_column() -> None:
    page = (
        "<table><caption>Tides</caption><tr><th>day</th><th>high</th><th>low</th></tr>"
        '<tr><td rowspan="2">Monday</td><td>4.9</td><td>0.7</td></tr><tr><td>4.8</td><td>0.9</td></tr>'
        '<tr><td colspan="2">a | b</td><td>c</td></tr></table>'
    )
    assert markdown(page).split("\n") == [
        "*Tides*",
        "",
        "| day | high | low |",
        "| --- | --- | --- |",
        "| Monday | 4.9 | 0.7 |",
        "|  | 4.8 | 0.9 |",
        "| a \\| b |  | c |",
    ]


def test_a_table_that_only_lays_out_a_page_becomes_its_paragraphs() -> None:
    assert markdown("<table><tr><td><p>a</p><p>b</p></td></tr></table>") == "a\n\nb"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "/relative", "", " java\tscript:x"]
)
def test_a_link_nobody_should_follow_is_only_its_text(url: str) -> None:
    assert markdown(f'<p><a href="{html.escape(url)}">x</a></p>') == "x"


@pytest.mark.parametrize("text", ["{{ x }}", "{% x %}", "{{< x >}}", "{{% x %}}", "{{{x", "{", "{%-x-%}"])
def test_no_template_survives_in_text_code_or_links(text: str) -> None:
    said = html.escape(text)
    page = f'<p>{said}<b>{said}</b><code>{said}</code></p><pre>{said}</pre><a href="https://e.test/{said}">{said}</a>'
    assert not re.search(r"\{[{%]", markdown(page))
    assert shown(READER.render(markdown(page))) == shown(page)


@pytest.mark.parametrize("text", gazette.NASTY)
def test_nasty_text_is_read_back_as_it_is(text: str) -> None:
    page = f"<p>{html.escape(text)}</p>".encode("utf-8", "ignore").decode()
    assert shown(READER.render(markdown(page))) == re.sub("[\x00-\x08\x0b\x0e-\x1f]", "", shown(page))


@given(HARD)
def test_any_text_is_read_back_letter_for_letter(text: str) -> None:
    page = f"<p>{html.escape(text)}</p>"
    assert shown(READER.render(markdown(page))) == shown(page)


@given(HARD, HARD, HARD, st.sampled_from(["b", "i", "s", "code", "span"]), st.sampled_from(["b", "em", "a"]))
def test_marked_text_is_read_back_letter_for_letter(a: str, b: str, c: str, tag: str, other: str) -> None:
    one, two, three = map(html.escape, (a, b, c))
    page = (
        f"<p>{one}<{tag}>{two}</{tag}><{other}>{three}</{other}>{one}</p><ul><li>{two}<br>{three}</li></ul>"
    )
    assert shown(READER.render(markdown(page))) == shown(page)


def test_control_characters_are_gone_before_they_can_part_a_mark() -> None:
    assert markdown("<p>-\x07- {\x1b{</p>") == "-\\- &#123;&#123;"


def test_a_page_nested_without_end_keeps_its_text() -> None:
    deep = "<div>" * 300 + "<b><i>" * 100 + "bottom" + "</i></b>" * 100 + "</div>" * 300
    assert "bottom" in markdown(deep)
