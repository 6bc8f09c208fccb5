"""Clean HTML as plain text."""

import pytest

from dibao.extract.clean import clean, to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>A</h2><p>b<br>c</p><ul><li>d</li><li>e</li></ul><p>f</p>", "A\n\nb\nc\n\nd\ne\n\nf"),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "a\nb\nc\nd"),
        ("<ul><li><p>a</p><p>b</p></li></ul><p>c</p>", "a\nb\n\nc"),
        ("<dl><dt>word</dt><dd>what it means</dd></dl>", "word\nwhat it means"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "a\n\nb"),
        (
            "<table><caption>Cap</caption><thead><tr><th>a</th><th>b</th></tr></thead>"
            '<tbody><tr><td colspan="2"><p>c</p><p>d<br>e</p></td></tr></tbody></table><p>f</p>',
            "Cap\na\tb\nc d e\n\nf",
        ),
        ("<pre>if x:\n    y\n\nz</pre>", "if x:\n    y\n\nz"),
        ("<p>中<strong>文</strong>字</p><p>，不加空格</p>", "中文字\n\n，不加空格"),
        ("<p>&lt;b&gt; &amp;amp; 10&nbsp;km</p>", "<b> &amp; 10\xa0km"),
        ("<p>a</p><hr><p>b</p>", "a\n\nb"),
        ("", ""),
    ],
)
def test_paragraphs_are_apart_by_a_blank_line_and_items_by_a_line(html: str, text: str) -> None:
    assert to_text(html) == text


def test_text_has_no_captions_readings_or_escapes() -> None:
    html = (
        '<figure><img src="https://x.example/a.jpg" alt="alt"><figcaption>cap</figcaption></figure>'
        "<p><ruby>漢<rp>(</rp><rt>han</rt><rp>)</rp></ruby> &lt;b&gt;</p>"
    )
    assert to_text(html) == "漢 <b>"


def test_empty_cells_without_end_take_no_time() -> None:
    assert to_text(clean("<table><tr><td>a" + "<td>" * 100_000 + "</table>")) == "a"
