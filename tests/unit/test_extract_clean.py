"""The allow-list, and clean HTML as text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.extract.clean import ATTRIBUTES, TAGS, clean, to_text

BASE = "https://news.example/a/b"
_ANY_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][\w-]*)([^>]*)>")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("one<br><br>two<br>three", "<p>one</p><p>two<br>three</p>"),
        ("<h1>head</h1><h6>low</h6>", "<h2>head</h2><h4>low</h4>"),
        ("<b>bold</b> and <i>slanted</i>", "<p><strong>bold</strong> and <em>slanted</em></p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li><p>item</p></li>loose</ul>", "<ul><li>item</li><li><p>loose</p></li></ul>"),
        ("<pre>x = 1\n  y &lt; 2</pre>", "<pre>x = 1\n  y &lt; 2</pre>"),
        (
            "<p>x<sup>2</sup> <ruby>漢<rt>han</rt></ruby></p>",
            "<p>x<sup>2</sup> <ruby>漢<rt>han</rt></ruby></p>",
        ),
        ("<span>kept <font color=red>words</font></span>", "<p>kept words</p>"),
        ("<figure><p>no picture</p></figure>", "<p>no picture</p>"),
        ("<p></p><div> </div>", ""),
        ("<p>5 &lt; 6 &amp; 7</p>", "<p>5 &lt; 6 &amp; 7</p>"),
    ],
)
def test_html_is_rewritten_in_the_allow_list(written: str, wanted: str) -> None:
    assert clean(written) == wanted


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>*{background:url(javascript:alert(1))}</style>",
        "<math><mtext><table><mglyph><style><!--</style>"
        "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form action=/><input onfocus=alert(1) autofocus></form>",
        "<p style='position:fixed' class=x id=y onclick=alert(1)>hello</p>",
        "<base href='//evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
    ],
)
def test_nothing_that_acts_survives(hostile: str) -> None:
    written = clean(hostile, BASE)
    assert "javascript" not in written
    assert "alert" not in re.sub(r">[^<]*<", "><", f">{written}<")  # no tag or attribute says it
    assert not re.search(
        r"<(script|style|iframe|svg|math|form|input|base|meta)|\son\w+=|style=|class=", written
    )


def test_links_and_pictures_become_absolute_and_stay_on_the_web() -> None:
    written = clean(
        '<a href="../c?x=1&y=2">c</a> <a href="mailto:a@b.c">mail</a><img '
        'src="/p.jpg" alt="A &quot;b&quot;" width=10 height=x>',
        BASE,
    )
    assert 'href="https://news.example/c?x=1&amp;y=2"' in written
    assert 'rel="noopener noreferrer nofollow"' in written
    assert "mailto" not in written
    assert '<img src="https://news.example/p.jpg" alt="A &quot;b&quot;" width="10">' in written


def test_a_figure_holds_a_picture_and_its_caption() -> None:
    written = clean("<figure><div><img src=/a.jpg></div><figcaption><p>Seen.</p></figcaption></figure>", BASE)
    assert (
        written
        == '<figure><img src="https://news.example/a.jpg" alt=""><figcaption>Seen.</figcaption></figure>'
    )


def test_a_table_keeps_its_cells() -> None:
    written = clean("<table><tr><th>a<td>b<tr><td colspan=2 style=x>c</table>")
    assert written == "<table><tbody><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></tbody></table>"
    assert to_text(written) == "a\tb\nc"


def test_what_would_take_a_parser_too_long_comes_back_empty() -> None:
    assert clean("<div>" * 100_000) == ""
    assert clean("&" * 3_000_000) == ""


def test_text_has_paragraphs_apart_by_a_blank_line() -> None:
    assert to_text("<h2>A</h2><p>b<br>c</p><ul><li>d</li><li>e</li></ul><p>f</p>") == "A\n\nb\nc\n\nd\ne\n\nf"


def test_text_has_no_captions_readings_or_escapes() -> None:
    html = (
        '<figure><img src="https://x.example/a.jpg" alt="alt"><figcaption>cap</figcaption></figure>'
        "<p><ruby>漢<rp>(</rp><rt>han</rt><rp>)</rp></ruby> &lt;b&gt;</p>"
    )
    assert to_text(html) == "漢 <b>"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/=\"' abpi&;#!-[]\n\x00漢") | st.characters(), max_size=200))
def test_any_text_comes_out_within_the_allow_list(text: str) -> None:
    for name, rest in _ANY_TAG.findall(clean(text, BASE)):
        assert name in TAGS
        assert set(re.findall(r"\s([a-z]+)=", re.sub(r'"[^"]*"', '""', rest))) <= ATTRIBUTES.get(
            name, set()
        ) | {"rel"}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<p>,</p>,<div>,</div>,<b>,</b>,<ul>,<li>,</ul>,<table>,<td>,<img "
            "src=/a.jpg>,<a href=/x>,</a>,text,<figure>,<br>,<blockquote>".split(",")
        ),
        max_size=25,
    )
)
def test_cleaning_twice_changes_no_word(parts: list[str]) -> None:
    once = clean("".join(parts), BASE)
    assert to_text(clean(once, BASE)).split() == to_text(once).split()
