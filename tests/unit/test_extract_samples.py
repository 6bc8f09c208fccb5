"""Pages that were once read wrong, as small twins of them: the outlets and their texts are invented."""

import pytest

from dibao.extract import read_page

STORY = (
    "The lighthouse on Gull Point will be run by volunteers from May, the port authority said on Friday.",
    "Its last keeper, who retires after thirty-one years, will teach them to turn the lamp by hand.",
    "Forty people have signed up so far; the authority had hoped for ten, and will now draw lots in April.",
    "A museum in the keeper's house is to follow in autumn, paid for by the sale of the second boat shed.",
    "Boats will notice nothing: the automatic light, which was built in 1998, goes on as it always has.",
)


def page(inside: str) -> bytes:
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9))
    head = "<head><title>Volunteers for Gull Point - The Harbour Times</title></head>"
    foot = "<div class=footer-links><a href=/about>About us</a> <a href=/jobs>Jobs</a></div>"
    story = f"<article><h1>Volunteers for Gull Point</h1><div class=story-body>{inside}</div></article>"
    return f"<html lang=en>{head}<body><ul class=menu>{menu}</ul>{story}{foot}</body></html>".encode()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def text_of(inside: str) -> list[str]:
    return read_page(page(inside), url="https://harbour.example/a/gull-point").text.split("\n\n")


def test_an_introduction_that_is_there_for_wide_and_for_narrow_screens_is_read_once() -> None:
    """A page maker's template shows one of the two by its style sheet."""
    intro = "".join(
        f"<div class={name}>{paragraphs(STORY[0])}</div>" for name in ("desktop-intro", "mobile-intro")
    )
    assert text_of(intro + paragraphs(*STORY[1:])) == list(STORY)


def test_a_whole_article_that_is_there_twice_is_read_once() -> None:
    twice = "".join(
        f"<div class={name}>{paragraphs(*STORY)}</div>" for name in ("rich-text", "rich-text-copy")
    )
    assert text_of(twice) == list(STORY)


def test_a_refrain_in_one_text_stays() -> None:
    refrain = (
        "Turn the lamp, keeper, turn the lamp, for the fleet is out tonight and the wind is from the north."
    )
    assert text_of(paragraphs(STORY[0], refrain, STORY[1], refrain, STORY[2])).count(refrain) == 2


ROWS = (
    ("Jane Roe", "63", "85", "1 turn (1 in all), 1 lamp."),
    ("John Doe", "57", "77", "3 turns (3 in all), 1 lamp."),
    ("Mary Poe", "49", "66", "2 turns, 1 lamp (3 in all)."),
    ("Carl Moe", "29", "39", "No turns."),
)
LONG = paragraphs(*STORY, *(line.replace("Gull", "Seal") for line in STORY[1:]))


def cells_kept(inside: str) -> list[str]:
    html = read_page(page(inside), url="https://harbour.example/a/gull-point").html
    return [cell for row in ROWS for cell in row if f"<td>{cell}</td>" in html]


def table(*rows: tuple[str, ...]) -> str:
    written = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class=interactive-table><table class=data-table><tbody>{written}</tbody></table></div>"


def test_a_table_of_names_numbers_and_sentences_is_kept_in_whole_rows() -> None:
    """Of such cells the sentences look like text, and what stands beside them like a menu."""
    assert cells_kept(LONG + table(*ROWS)) == [cell for row in ROWS for cell in row]


def test_a_number_at_an_edge_of_the_text_is_no_date() -> None:
    assert cells_kept(table(*ROWS) + LONG) == [cell for row in ROWS for cell in row]


def test_a_caption_that_is_there_short_and_whole_stands_once_in_the_text() -> None:
    caption = "A keeper polishes the old lamp, in a picture of the port authority from last spring, by day."
    picture = (
        "<div class=lead-feature><div class=count-caption>"
        f"<div class=image-caption><div class=embed-caption>{caption}</div></div>"
        f"<div class=image-caption-wide><div class=embed-caption>{caption}</div></div></div></div>"
    )
    assert text_of(picture + paragraphs(*STORY)).count(caption) <= 1


def test_what_only_a_screen_reader_says_is_no_part_of_the_text() -> None:
    """A page maker cuts the text into pieces, and tells the blind where each begins."""
    pieces = (
        f"<section class=piece><div class=visually-hidden>Article content</div><p>{line}</p></section>"
        for line in STORY
    )
    assert text_of("".join(pieces)) == list(STORY)


@pytest.mark.parametrize(
    "how",
    [
        "hidden",
        "hidden=until-found",
        "style='display:none'",
        "style='color:red; DISPLAY : none !important'",
        "style='visibility: hidden'",
        "aria-hidden=true",
    ],
)
def test_a_hidden_paragraph_among_others_is_not_read(how: str) -> None:
    note = "Note to the desk: the keeper's name is spelled wrong in all of the pictures of this week."
    assert text_of(f"{paragraphs(*STORY[:3])}<p {how}>{note}</p>{paragraphs(*STORY[3:])}") == list(STORY)
    assert text_of(f"{paragraphs(*STORY[:3])}<div {how}><p>{note}</p></div>{paragraphs(*STORY[3:])}") == list(
        STORY
    )


@pytest.mark.parametrize("fold", ["<div id=x1 style='display:none'>", "<section hidden>"])
def test_an_article_that_is_mostly_folded_away_is_read_whole(fold: str) -> None:
    assert text_of(f"{paragraphs(*STORY[:2])}{fold}{paragraphs(*STORY[2:])}") == list(STORY)


@pytest.mark.parametrize("name", ["paywall", "read-more-text", "collapsed", "article-body__rest"])
def test_a_paragraph_in_what_is_named_a_fold_is_read(name: str) -> None:
    folded = f"<p class='{name}' aria-hidden=true>{STORY[3]}</p>"
    assert text_of(f"{paragraphs(*STORY[:3])}{folded}{paragraphs(STORY[4])}") == list(STORY)
