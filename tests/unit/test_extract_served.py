"""Pages that are no plain HTML: text alone, bytes that are none, and articles under wraps."""

import random
import zlib

import pytest

from dibao.errors import ExtractError
from dibao.extract import read_page

STORY = (
    "The lighthouse on Gull Point will be run by volunteers from May, the port authority said on Friday.",
    "Its last keeper, who retires after thirty-one years, will teach them to turn the lamp by hand.",
    "Forty people have signed up so far; the authority had hoped for ten, and will now draw lots in April.",
)
TEXT = "\n\n".join(STORY)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
HEAD = "<title>Volunteers for Gull Point</title>"
URL = "https://harbour.example/a/gull-point"


def text_of(body: str, content_type: str = "text/html") -> str:
    return read_page(body.encode(), url=URL, content_type=content_type).text


# --- under wraps ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<div id=root></div><template><article>{}</article></template>",
        "<news-page><template shadowrootmode=open><main>{}</main></template></news-page>",
        "<div id=root></div><noscript><div class=article>{}</div></noscript>",
        "<div id=root></div><noscript>Please enable JavaScript.</noscript><template>{}</template>",
    ],
)
def test_an_article_that_only_scripts_would_show_is_read(page: str) -> None:
    assert text_of(HEAD + f"<h1>Volunteers for Gull Point</h1>{page.format(PARAGRAPHS)}").endswith(TEXT)


def test_short_news_about_scripts_are_an_article() -> None:
    news = (
        "The makers of JavaScript, which is thirty years old this week, will meet in the harbour on Friday."
    )
    assert text_of(f"{HEAD}<article><h1>Thirty years of scripts</h1><p>{news}</p></article>") == news


def test_what_is_under_wraps_is_not_read_where_the_page_shows_an_article() -> None:
    other = "<template><p>A card that a script fills in with headlines, pictures and dates.</p></template>"
    assert text_of(f"{HEAD}<article>{PARAGRAPHS}</article>{other * 9}") == TEXT


@pytest.mark.parametrize(
    "notice",
    [
        "You need to enable JavaScript to run this app.",
        "We're sorry but this site doesn't work properly without JavaScript. Please enable it to continue. "
        * 3,
        "This site needs a modern browser. Please enable JavaScript in its settings to go on reading here. "
        * 6,
        "請開啟 JavaScript 以瀏覽本網站的完整內容，謝謝您的合作與支持。",
    ],
)
def test_the_wish_that_scripts_be_allowed_is_no_article(notice: str) -> None:
    with pytest.raises(ExtractError, match="no article"):
        text_of(f"{HEAD}<noscript><p>{notice}</p></noscript><div id=root></div>")


@pytest.mark.parametrize(
    "closed",
    [
        "<script type='text/javascript' src='/site.js' />",
        "<script src='/a.js'/><script src='/b.js'/>",
        "<style type='text/css'/>",
        "<iframe src='/advert'/>",
        "<textarea name='note' />",
    ],
)
@pytest.mark.parametrize("served_as", ["text/html", "application/xhtml+xml"])
def test_an_element_that_is_closed_in_itself_hides_nothing(closed: str, served_as: str) -> None:
    page = f"<html xmlns='http://www.w3.org/1999/xhtml'><head>{HEAD}</head><body>{closed}{PARAGRAPHS}</body></html>"
    assert text_of(page, served_as) == TEXT


def test_xhtml_is_read_whole_where_html_would_be_hidden_in_part() -> None:
    hidden = f"<p>{STORY[0]}</p><script src='/a.js'/><p>{STORY[1]}</p><script>go()</script><p>{STORY[2]}</p>"
    assert text_of(f"<html><head>{HEAD}</head><body>{hidden}</body></html>", "application/xhtml+xml") == TEXT


# --- plain text -----------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_paragraphs_of_plain_text_stay_apart(line_end: str) -> None:
    assert text_of(TEXT.replace("\n", line_end), "text/plain; charset=utf-8") == TEXT


def test_lines_of_plain_text_that_were_broken_by_hand_are_joined() -> None:
    broken = "\n\n".join(
        "\n".join((text[:50].rsplit(" ", 1)[0], text[len(text[:50].rsplit(" ", 1)[0]) + 1 :]))
        for text in STORY
    )
    assert text_of(broken, "text/plain") == TEXT
    assert text_of("港務局今天宣布，往返離島的渡輪\n全部停航，預計明天上午恢復行駛。", "text/plain") == (
        "港務局今天宣布，往返離島的渡輪全部停航，預計明天上午恢復行駛。"
    )


def test_long_lines_without_blank_ones_between_are_paragraphs() -> None:
    long = [f"{text} {text}" for text in STORY]
    assert text_of("\n".join(long), "text/plain") == "\n\n".join(long)


def test_signs_of_markup_in_plain_text_are_text() -> None:
    said = f"{STORY[0]} The lamp turns if x < y & y > 2.\n\n{STORY[1]}"
    assert text_of(said, "text/plain") == said


def test_a_text_about_tags_is_text() -> None:
    said = f"{STORY[0]}\n\nThe <title> element names a page, and <br> ends a line.\n\n{STORY[1]}"
    assert text_of(said, "text/plain") == said


def test_markup_that_is_served_as_text_is_markup() -> None:
    assert text_of(f"<html><head>{HEAD}</head><body>{PARAGRAPHS}</body></html>", "text/plain") == TEXT


# --- no text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [200, 5_000, 200_000])
def test_random_bytes_are_no_page(size: int) -> None:
    noise = random.Random(size).randbytes(size)
    with pytest.raises(ExtractError, match="not a page: its bytes are no text"):
        read_page(noise, url=URL, content_type="text/html")


def test_packed_bytes_without_their_header_are_no_page() -> None:
    packed = zlib.compress(random.Random(1).randbytes(3_000))
    with pytest.raises(ExtractError, match="not a page"):
        read_page(packed, url=URL, content_type="text/html; charset=utf-8")


def test_a_few_damaged_bytes_do_no_harm() -> None:
    page = f"{HEAD}<article>{PARAGRAPHS}</article>".encode()
    damaged = page.replace(b"lamp", b"l\xffmp").replace(b"keeper", b"kee\x00per")
    assert "will teach them to turn" in read_page(damaged, url=URL, content_type="text/html").text
