"""Which blocks of a page are its article."""

import json
import random
from importlib.resources import files

import numpy as np
import pytest

from dibao.errors import ExtractError
from dibao.extract import read_page
from dibao.extract.blocks import Walk
from dibao.extract.measures import Told, measure
from dibao.extract.tree import parse
from dibao.extract.trees import Forest, weights

STORY = (
    "The ferry company will raise its fares by a tenth in spring, its director said on Monday.",
    "Passengers who cross each day asked for a monthly ticket; the council will vote on it in May.",
    "The last rise was nine years ago, when the old pier burned down and boats had to land further south.",
    "A study of the harbour found that two boats an hour would be enough outside of the season.",
)
MENU = "<ul class=menu>" + "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(12)) + "</ul>"
MORE = "<div class=more-stories><h3>More stories</h3>" + "".join(
    f"<div class=card><a href=/s{n}><h4>Another story of the day, number {n}</h4></a>"
    "<p>What it says, in short.</p></div>"
    for n in range(6)
)
COMMENTS = "<div id=comments><h3>3 comments</h3>" + "".join(
    f"<div class=comment><p>I think that number {n} is right, and that it always was. We shall see.</p></div>"
    for n in range(3)
)


def page(story: str, *, title: str = "Ferry fares rise", around: str = MORE + COMMENTS) -> bytes:
    head = f"<head><title>{title} - The Gazette</title></head>"
    notice = "<p>© 2024 The Gazette. All rights reserved.</p>"
    body = f"{MENU}<h1>{title}</h1><div class=post>{story}</div>{around}{notice}"
    return f"<html lang=en>{head}<body>{body}</body></html>".encode()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def text_of(body: bytes) -> list[str]:
    return read_page(body, url="https://gazette.example/a/ferry").text.split("\n\n")


def test_an_article_is_told_from_menu_teasers_and_comments() -> None:
    assert text_of(page(paragraphs(*STORY))) == list(STORY)


def test_paragraphs_by_line_breaks_are_read_too() -> None:
    assert text_of(page("<br><br>".join(STORY))) == list(STORY)


def test_a_subheading_stays_and_one_with_nothing_below_goes() -> None:
    story = f"{paragraphs(*STORY[:2])}<h3>A costly fire</h3>{paragraphs(*STORY[2:])}<h3>About this text</h3>"
    assert text_of(page(story)) == [*STORY[:2], "A costly fire", *STORY[2:]]


def test_a_headline_within_the_text_is_not_said_again() -> None:
    assert text_of(page(f"<h2>Ferry fares rise</h2>{paragraphs(*STORY)}")) == list(STORY)


def test_tables_lists_and_quotes_are_kept_in_order() -> None:
    table = "<table><tr><th>Year</th><th>Fare</th></tr><tr><td>2015</td><td>4.20</td></tr></table>"
    said = "We can't sail on hope alone, and we have tried to for nine long years."
    quote = f"<blockquote><p>{said}</p></blockquote>"
    found = read_page(
        page(paragraphs(*STORY[:2]) + quote + table + paragraphs(*STORY[2:])), url="https://gazette.example/a"
    )
    assert "<blockquote><p>We can" in found.html
    assert found.html.index("<blockquote>") < found.html.index("<table>") < found.html.index("The last rise")


def test_a_picture_in_the_text_is_kept_and_one_in_a_teaser_is_not() -> None:
    own = (
        "<figure><img src=/own.jpg width=800 height=600><figcaption>The pier in March.</figcaption></figure>"
    )
    others = MORE.replace("<h4>", "<img src=/other.jpg width=300 height=200><h4>")
    found = read_page(
        page(paragraphs(*STORY[:2]) + own + paragraphs(*STORY[2:]), around=others),
        url="https://gazette.example/a",
    )
    assert [media.url for media in found.media] == ["https://gazette.example/own.jpg"]
    assert found.html.count("The pier in March.") == 1


def test_confidence_is_high_for_a_plain_article_and_low_for_a_page_of_lists() -> None:
    plain = read_page(page(paragraphs(*STORY)), url="https://gazette.example/a")
    assert plain.confidence > 0.8
    front = page("", title="The Gazette", around=MORE * 3)
    try:
        listed = read_page(front, url="https://gazette.example/").confidence
    except ExtractError:
        listed = 0.0
    assert listed < plain.confidence


def test_a_page_without_text_is_told_to_have_no_article() -> None:
    with pytest.raises(ExtractError, match="no article"):
        read_page(b"<html><body><div></div></body></html>", url="https://gazette.example/")


# --- measures and weights -------------------------------------------------------------------------


def test_the_weights_are_for_the_measures_that_are_taken() -> None:
    body = parse(page(paragraphs(*STORY)).decode(), "").body
    assert body is not None
    measures = measure(Walk(body), Told.of("Ferry fares rise", None, None))
    assert measures.names == weights()[1]
    assert measures.rows.shape == (len(measures.blocks), len(measures.names))
    assert np.isfinite(measures.rows).all()


def test_trees_answer_as_they_are_written() -> None:
    trees = Forest(
        columns=np.array([[0, 1]]),
        limits=np.array([[0.5, 10.0]], np.float32),
        leaves=np.array([[-5.0, -1.0, 1.0, 5.0]], np.float32),
        bias=0.0,
    )
    rows = np.array([[0, 0], [1, 0], [0, 11], [1, 11]], np.float32)
    assert np.round(trees.likely(rows), 2).tolist() == pytest.approx([0.01, 0.27, 0.73, 0.99], abs=0.005)


def test_the_weights_hold_nothing_but_numbers_and_names() -> None:
    written = json.loads(files("dibao.extract").joinpath("weights.json").read_text(encoding="utf-8"))
    assert set(written) == {"names", "bias", "columns", "limits", "leaves"}
    assert len(written["columns"]) == len(written["limits"]) == len(written["leaves"])


def test_a_paragraph_that_a_page_has_for_phones_and_for_screens_is_read_once() -> None:
    twice = f"<div class=wide>{paragraphs(*STORY)}</div><div class=narrow>{paragraphs(STORY[0])}</div>"
    assert text_of(page(twice)).count(STORY[0]) == 1


def test_what_an_author_says_twice_in_one_place_stays() -> None:
    assert text_of(page(paragraphs(*STORY, STORY[0]))).count(STORY[0]) == 2


def test_empty_cells_stay_so_that_no_figure_moves_into_another_column() -> None:
    table = (
        "<table><tr><th></th><th>2023</th><th>2024</th></tr>"
        "<tr><td>Single fare to the island</td><td>20 crowns</td><td>25 crowns</td></tr>"
        "<tr><td>Return fare to the island</td><td></td><td>45 crowns</td></tr></table>"
    )
    body = page(paragraphs(*STORY[:2]) + table + paragraphs(*STORY[2:]))
    found = read_page(body, url="https://gazette.example/a").html
    assert "<th></th><th>2023</th><th>2024</th>" in found
    assert "<td>Return fare to the island</td><td></td><td>45 crowns</td>" in found


def test_a_table_that_is_the_article_stays_a_table() -> None:
    rows = "".join(
        f"<tr><td>{club} of the long quay</td><td>{points} points after thirty games</td></tr>"
        for club, points in (("Harbour Rovers", 58), ("Skerry United", 56), ("Mill Athletic", 51))
    )
    table = f"<table><tr><th>Club</th><th>Points</th></tr>{rows}</table>"
    found = read_page(page(table, title="League", around=""), url="https://gazette.example/a").html
    assert "<th>Club</th><th>Points</th>" in found
    assert found.count("<tr>") == 4


def test_the_picture_below_a_brief_of_one_paragraph_is_kept() -> None:
    picture = "<figure><img src=/i.jpg width=800 height=600><figcaption>The boat</figcaption></figure>"
    body = page(f"<article>{paragraphs(STORY[0])}{picture}</article>", around="")
    assert [media.caption for media in read_page(body, url="https://gazette.example/a").media] == ["The boat"]


def test_a_refrain_stays_wherever_it_stands() -> None:
    line = "Roll on, roll on, you grey and patient water, roll on until the lamps along the quay are out."
    story = "".join(f"<blockquote><p>{line}</p></blockquote><p>{said}</p>" for said in STORY)
    assert text_of(page(story)).count(line) == len(STORY)


TABLE = (
    "<table><tr><th>Ticket</th><th>2023</th><th>2024</th></tr>"
    "<tr><td>Single</td><td>20</td><td>25</td></tr><tr><td>Return</td><td>35</td><td>45</td></tr></table>"
)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (TABLE, "Return\t35\t45"),
        ("<h2>Results</h2><ul><li>Rovers 2-1 United</li><li>Mill 0-0 Quay</li></ul>", "Results"),
        ("<ul><li>Ann Reed, 80</li><li>John Mill, 77</li><li>Max Quay, 91</li></ul>", "Max Quay, 91"),
        (f"<h2>Men</h2>{TABLE}<h2>Women</h2>{TABLE}", "Men"),
    ],
)
def test_what_an_article_ends_with_is_kept_though_it_is_no_sentence(end: str, told: str) -> None:
    assert told in read_page(page(paragraphs(*STORY[:2]) + end), url="https://gazette.example/a").text


def test_a_list_that_shares_the_article_is_no_end_of_it() -> None:
    end = "<ul class=share><li>Facebook</li><li>Twitter</li><li>Mail</li></ul>"
    assert "Twitter" not in read_page(page(paragraphs(*STORY) + end), url="https://gazette.example/a").text


def test_bytes_that_are_no_text_are_no_page_and_text_in_any_encoding_is() -> None:
    noise = random.Random(1).randbytes(50_000)  # the same each time
    with pytest.raises(ExtractError, match="not a page"):
        read_page(noise, url="http://a.test/")
    paragraph = "<p>The council heard for hours what people have to say about the new ferry.</p>" * 5
    for encoding in ("utf-8", "utf-16", "utf-16-le", "iso2022_jp", "iso2022_kr"):
        head = f'<html><head><meta charset="{encoding.replace("iso2022_", "iso-2022-")}"></head><body>'
        text = f"{head}<article><h1>渡り</h1>{paragraph}</article>" if "jp" in encoding else head + paragraph
        assert "the new ferry" in read_page(text.encode(encoding), url="http://a.test/").text
