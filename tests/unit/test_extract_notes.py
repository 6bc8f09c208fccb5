"""Notes that an article's text points to are a part of it, wherever its page stands them."""

import pytest

from dibao.extract import read_page
from tests.unit.test_extract_samples import STORY

NOTES = (
    "Port authority, minutes of 3 May.",
    "Interview with the keeper.",
    "See the annual report.",
    "Ibid., p. 12.",
    "Rovers' archive, box 4.",
)
LISTED = "".join(f"<li id='fn-{n}'>{note}</li>" for n, note in enumerate(NOTES))
SHAPES = {
    "a list": f"<h2>Notes</h2><ol>{LISTED}</ol>",
    "a section": f"<section class=footnotes role=doc-endnotes><hr><ol>{LISTED}</ol></section>",
    "a footer": f"<footer><ul class=references>{LISTED}</ul></footer>",
    "paragraphs": "".join(
        f"<p class=small><a id='fn-{n}' href='#r{n}'>[{n + 1}]</a> {note}</p>" for n, note in enumerate(NOTES)
    ),
    "old anchors": "<ul>"
    + "".join(f"<li><a name='fn-{n}'></a>{note}</li>" for n, note in enumerate(NOTES))
    + "</ul>",
}


def text_of(notes: str, marks: tuple[str, ...] = ("1", "2", "3", "4", "5"), *, outside: bool = False) -> str:
    told = "".join(
        f"<p>{text}<sup><a id=r{n} href='#fn-{n}'>{mark}</a></sup></p>"
        for n, (text, mark) in enumerate(zip(STORY, marks, strict=True))
    )
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9))
    within, after = ("", f"<div class=more>{notes}</div>") if outside else (notes, "")
    article = f"<article><h1>Volunteers for Gull Point</h1>{told}{within}</article>{after}"
    page = f"<title>Volunteers for Gull Point</title><ul class=menu>{menu}</ul>{article}"
    return read_page(page.encode(), url="https://harbour.example/a/1").text


@pytest.mark.parametrize("shape", SHAPES)
def test_notes_below_an_article_are_kept(shape: str) -> None:
    text = text_of(SHAPES[shape])
    assert [note for note in NOTES if note not in text] == []


@pytest.mark.parametrize("shape", ["a list", "a section", "paragraphs", "old anchors"])
def test_notes_that_stand_outside_of_the_article_are_kept(shape: str) -> None:
    text = text_of(SHAPES[shape], outside=True)
    assert [note for note in NOTES if note not in text] == []


@pytest.mark.parametrize(
    "place",
    [
        "<h2>Comments</h2><div id=fn-0><p>Sell the whole thing, nobody wants it.</p><p>Agreed.</p></div>",
        "<div id=fn-0 class=promo><p>Buy our amazing book of lighthouses now.</p></div>",
        "<div id=fn-0><a href=/book>Buy our amazing book of lighthouses now.</a></div>",
    ],
)
def test_a_number_that_leads_to_comments_or_offers_is_no_mark(place: str) -> None:
    kept = text_of(place.replace("<div id=fn-0><p>", "<div id=fn-0 class=comments><p>"), outside=True)
    assert "nobody wants it" not in kept
    assert "amazing book" not in kept


def test_marks_of_notes_are_of_many_kinds() -> None:
    text = text_of(SHAPES["a section"], ("[1]", "*", "註3", "iv", "⑤"))
    assert [note for note in NOTES if note not in text] == []


def test_the_heading_above_the_notes_stays() -> None:
    assert "\n\nNotes\n\n" in text_of(SHAPES["a list"], outside=True)


def test_lists_that_the_text_does_not_point_to_are_no_notes() -> None:
    more = "".join(f"<li id=more-{n}><a href=/m/{n}>{note}</a></li>" for n, note in enumerate(NOTES))
    assert not any(note in text_of(f"<ul>{more}</ul>", outside=True) for note in NOTES)


def test_what_a_number_leads_to_that_is_no_note_is_left_out() -> None:
    """As the count of comments does, which leads to them all."""
    talk = "".join(f"<div><b>Reader {n}</b><p>A cook would do it better.</p></div>" for n in range(9))
    assert "cook" not in text_of(f"<h3>9 comments</h3><div id=fn-0 class=comments>{talk}</div>", outside=True)


def test_a_long_list_of_works_is_no_part_of_the_text() -> None:
    """As encyclopedias have: a text is not what it was written from."""
    works = "".join(
        f"<li id='fn-{n}'>Works: {note[:9]} 1998; 12, 14, 16</li>" for n, note in enumerate(NOTES)
    )
    works = works.replace("12,", "12, " * 14)
    section = f"<section class=footnotes role=doc-endnotes><hr><ol>{works}</ol></section>"
    assert "Works" not in text_of(section, outside=True)
