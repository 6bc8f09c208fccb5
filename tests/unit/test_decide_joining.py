"""The pages of an article, made one again: in order, each thing once, and each page to be exchanged."""

from dataclasses import replace

import pytest

from dibao.decide import joined
from dibao.decide.joining import belongs, blocks, split, with_page
from dibao.model import Article, Credits, Media

LINE = "The ferry company explained at length what the new fares mean for those who live on the islands"
IMAGE = '<img src="https://press.test/a.jpg?w=1&amp;h=2" alt="">'
PICTURE = f"<figure>{IMAGE}<figcaption>The ferry.</figcaption></figure>"
SHOWN = Media(url="https://press.test/a.jpg?w=1&h=2", caption="The ferry.")


def page(*lines: str, before: str = "", after: str = "", **facts: object) -> Article:
    """Return what one page says; `before` and `after` are clean HTML around its lines."""
    html = before + "".join(f"<p>{line}</p>" for line in lines) + after
    text = [block for block in map(plain, blocks(html)) if block]
    return Article(**({"title": "Ferry fares", "html": html, "text": "\n\n".join(text)} | facts))  # type: ignore[arg-type]


def plain(block: str) -> str:
    """Return the words of a block that is no figure."""
    tags = ("<p>", "</p>", "<h2>", "</h2>", "<ul>", "</ul>", "<li>", "<blockquote>", "</blockquote>")
    if block.startswith("<figure>"):
        return ""
    words = block.replace("</p><p>", "\n\n").replace("</li><li>", "\n").replace("</li>", "")
    for tag in tags:
        words = words.replace(tag, "")
    return words


ONE, TWO, THREE = (page(f"{LINE} ({n} a).", f"{LINE} ({n} b).") for n in (1, 2, 3))


def test_pages_follow_each_other() -> None:
    whole = joined([ONE, TWO, THREE])
    assert whole.text == "\n\n".join([ONE.text, TWO.text, THREE.text])
    assert whole.html == ONE.html + TWO.html + THREE.html
    assert [piece.text for piece in split(whole)] == [ONE.text, TWO.text, THREE.text]
    assert [piece.html for piece in split(whole)] == [ONE.html, TWO.html, THREE.html]


def test_one_page_is_itself() -> None:
    assert joined([ONE]) == ONE


def test_what_a_page_repeats_before_its_text_is_left_out() -> None:
    head = f"<h2>Ferry fares</h2><p>By Maud Ferrier</p>{PICTURE}"
    first = page(f"{LINE} (1).", before=head, media=(SHOWN,))
    second = page(f"{LINE} (2).", before=f"{head}<p>Page 2 of 3</p>", media=(SHOWN,))
    whole = joined([first, second])
    assert whole.text == f"Ferry fares\n\nBy Maud Ferrier\n\n{LINE} (1).\n\n{LINE} (2)."
    assert whole.html == f"{head}<p>{LINE} (1).</p><p>{LINE} (2).</p>"
    assert whole.media == (SHOWN,)


@pytest.mark.parametrize("byline", ["Maud Ferrier", "By Maud Ferrier"])
def test_the_headline_and_the_people_are_known_where_the_text_did_not_name_them(byline: str) -> None:
    first = replace(ONE, authors=("Maud Ferrier",), byline="By Maud Ferrier")
    second = page(f"{LINE} (2).", before=f"<h2>Ferry fares</h2><p>{byline}</p>")
    assert joined([first, second]).text == f"{ONE.text}\n\n{LINE} (2)."


def test_what_stands_below_each_page_stands_at_the_end_alone() -> None:
    words = "Follow us wherever you like, and do write to the editor about it."
    foot = f"<p>{words}</p><ul><li>Mail</li><li>Post</li></ul>"
    whole = joined([page(f"{LINE} ({n}).", after=foot) for n in (1, 2, 3)])
    lines = [f"{LINE} ({n})." for n in (1, 2, 3)]
    end = f"{words}\n\nMail\nPost"
    assert whole.text == "\n\n".join([*lines, end])
    assert whole.html == "".join(f"<p>{line}</p>" for line in lines) + foot


def test_words_that_come_again_in_the_midst_of_a_text_stay() -> None:
    second = page(f"{LINE} (2).", "* * *", f"{LINE} (1 a).", "* * *", f"{LINE} (3).")
    whole = joined([page(f"{LINE} (1 a).", "* * *", f"{LINE} (1 b)."), second])
    assert whole.text.endswith(second.text)


def test_a_quote_that_is_repeated_is_left_out_of_the_text_too() -> None:
    quote = "<blockquote><p>One.</p><p>Two.</p></blockquote>"
    whole = joined([page(f"{LINE} (1).", before=quote), page(f"{LINE} (2).", before=quote)])
    assert whole.text == f"One.\n\nTwo.\n\n{LINE} (1).\n\n{LINE} (2)."
    assert whole.html.count("<blockquote>") == 1


@pytest.mark.parametrize("again", [ONE, page("Page 2 of 2"), page(), page(f"{LINE} (1 a).")])
def test_a_page_that_says_nothing_new_adds_nothing(again: Article) -> None:
    assert with_page(ONE, 1, again) is None
    assert joined([ONE, again]) == ONE


def test_all_of_it_on_one_page_stands_once() -> None:
    whole = page(*ONE.text.split("\n\n"), *TWO.text.split("\n\n"))
    assert joined([ONE, whole]).text == whole.text
    assert joined([ONE, whole]).html == whole.html


def test_a_page_is_exchanged_and_the_others_stay() -> None:
    whole = joined([ONE, TWO, THREE])
    for number, before in enumerate((ONE, TWO, THREE)):
        edited = page(f"{LINE} (corrected).", next_part="https://press.test/2" if number == 0 else None)
        after = with_page(whole, number, edited)
        assert after is not None
        assert after.text == whole.text.replace(before.text, edited.text)
        assert after.html == whole.html.replace(before.html, edited.html)
        assert with_page(after, number, edited) == after
        back = with_page(after, number, replace(before, next_part=edited.next_part))
        assert back is not None
        assert (back.text, back.html, back.leaves) == (whole.text, whole.html, whole.leaves)


def test_a_page_that_says_what_it_said_changes_nothing() -> None:
    whole = joined([ONE, TWO, THREE])
    assert [with_page(whole, number, each) for number, each in enumerate((ONE, TWO, THREE))] == [whole] * 3


def test_a_first_page_that_goes_on_nowhere_any_more_is_the_article() -> None:
    edited = page(f"{LINE} (all of it).")
    assert with_page(joined([ONE, TWO]), 0, edited) == edited


def test_facts_are_the_first_pages_and_what_it_lacks_the_others() -> None:
    first = replace(ONE, credits=Credits(agency="Tide"), keywords=("fares",), language="en")
    second = replace(
        TWO, title="Ferry fares, page 2", credits=Credits(agency="T", editors=("許望",)), authors=("A B",)
    )
    whole = joined([first, replace(second, keywords=("fares", "islands"))])
    assert (whole.title, whole.language, whole.authors) == ("Ferry fares", "en", ("A B",))
    assert whole.credits == Credits(agency="Tide", editors=("許望",))
    assert whole.keywords == ("fares", "islands")


def test_pictures_are_the_articles_where_they_stand_in_it_or_lead_it() -> None:
    lead, shared = Media(url="https://press.test/lead.jpg"), Media(url="https://press.test/share.jpg")
    second = page(f"{LINE} (2).", after=PICTURE, media=(shared, SHOWN))
    assert joined([replace(ONE, media=(lead,)), second]).media == (lead, SHOWN)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ferry fares rise in April", "Ferry fares rise in April - Page 2", True),
        ("渡輪票價四月調整", "渡輪票價四月調整（2）", True),
        ("停航", "停航（2）", True),
        ("Ferry fares rise in April", None, True),
        ("Ferry fares rise in April", "Library stays open", False),
        ("停航", "復航", False),
    ],
)
def test_a_page_with_quite_another_headline_belongs_elsewhere(
    one: str, other: str | None, same: bool
) -> None:
    assert belongs(replace(ONE, title=one), replace(TWO, title=other)) is same


@pytest.mark.parametrize(
    "html", ["", "<p>a</p>b", "a<br>b", "<hr><p>a</p><hr>", "<ul><li><p>a</p></li></ul></p>", PICTURE]
)
def test_no_character_of_a_page_is_lost_between_its_blocks(html: str) -> None:
    assert "".join(blocks(html)) == html
