"""Which text is kept where page and feed both have one: the page's, unless the feed's is clearly better."""

from dataclasses import replace
from typing import Literal

import pytest

from dibao.extract import better, extract, from_entry, is_elsewhere, read_page
from dibao.extract.clean import to_text
from dibao.model import Article, Basis, Entry

URL = "https://gazette.example/town/harbour-bridge-closes"
TITLE = "Harbour bridge closes for two nights"
STORY = [
    "The harbour bridge will close for two nights next week while engineers replace the cables that "
    "hold up its eastern span, the city said on Monday, after years in which nobody had looked at "
    "them.",
    "Drivers are asked to use the tunnel instead, which will be free of charge from nine in the "
    "evening until six in the morning. Ferries will run as usual on both days, and more often at "
    "night.",
    "The work was planned for last autumn but was put off because of storms. It is expected to cost "
    "about four million, most of which comes from the regional fund, and the rest from the tolls.",
    "Shopkeepers at the eastern end fear for their trade. One of them said that she would rather "
    "close for two nights than see nobody, and that the city had told her only on Friday afternoon.",
    "The engineer in charge, who has worked on six such bridges, said that it might take a third "
    "night if the wind blows as it did in spring, and that nobody should wish for less care than "
    "that.",
]


def page(texts: list[str], title: str = TITLE) -> Article:
    story = "".join(f"<p>{text}</p>" for text in texts)
    html = (
        f"<html lang=en><title>{title}</title><body><article><h1>{title}</h1>{story}</article></body></html>"
    )
    return read_page(html.encode(), url=URL)


def feed(texts: list[str], title: str = TITLE) -> Article:
    return from_entry(Entry(link=URL, title=title, content="".join(f"<p>{text}</p>" for text in texts)))


def text_origin(article: Article) -> tuple[str, float]:
    ((source, confidence),) = [
        (each.source, each.confidence) for each in article.origins if each.field == "text"
    ]
    return source, confidence


def test_a_wall_loses_to_the_feed_that_holds_the_whole_article() -> None:
    wall, whole = page([STORY[0], "Subscribe to go on reading."]), feed(STORY)
    chosen = better(wall, whole)
    assert chosen.basis is Basis.FEED
    assert chosen.text == whole.text
    assert text_origin(chosen) == ("feed", whole.confidence)


@pytest.mark.parametrize("end", ["…", " [...]", " Read more »", " Continue reading", "……閱讀全文"])
def test_an_excerpt_loses_to_the_page_that_goes_on(end: str) -> None:
    whole, excerpt = page(STORY), feed([*STORY[:3], STORY[3][:60] + end])
    assert excerpt.confidence <= 0.3
    for unsure in (whole, replace(whole, confidence=0.5)):
        chosen = better(unsure, excerpt)
        assert chosen.basis is Basis.PAGE
        assert chosen.text == whole.text
    assert text_origin(better(whole, excerpt)) == ("page", whole.confidence)


def test_a_first_paragraph_alone_loses_though_nothing_says_that_it_is_cut() -> None:
    whole = replace(page(STORY), confidence=0.7)
    assert better(whole, feed(STORY[:1])).basis is Basis.PAGE


def test_a_page_about_something_else_loses_to_whatever_was_announced() -> None:
    elsewhere = page(
        ["We use little files to remember you. You may say which of them you like." * 3] * 9,
        title="Before you go",
    )
    chosen = better(elsewhere, feed(STORY[:1]))
    assert is_elsewhere(elsewhere, feed(STORY[:1]))
    assert (chosen.basis, chosen.title) == (Basis.FEED, TITLE)


def test_a_page_that_is_unsure_loses_to_the_whole_text_in_the_feed() -> None:
    beside = ["Nine things to know about boats before you buy one, by someone who has sunk a few."] * 4
    unsure, whole = replace(page(STORY + beside), confidence=0.6), feed(STORY)
    chosen = better(unsure, whole)
    assert chosen.basis is Basis.FEED
    assert text_origin(chosen) == ("feed", whole.confidence)
    assert not is_elsewhere(unsure, whole)


def test_of_two_whole_texts_the_pages_is_kept() -> None:
    chosen = better(page(STORY), feed(STORY))
    assert chosen.basis is Basis.PAGE
    assert text_origin(chosen)[0] == "page"


def test_the_page_is_kept_where_the_feed_is_hardly_surer() -> None:
    whole = feed(STORY)
    assert better(replace(page(STORY), confidence=whole.confidence - 0.05), whole).basis is Basis.PAGE


def test_how_sure_a_feeds_text_is_grows_with_what_it_says() -> None:
    nothing, one, all_of_it = (feed(STORY[:count]).confidence for count in (0, 1, 5))
    assert (nothing, all_of_it) == (0.0, 0.9)
    assert 0.1 < one < 0.4


def test_an_entry_of_a_headline_has_no_text_to_have_been_read() -> None:
    assert not [each for each in feed([]).origins if each.field == "text"]


def test_the_choice_is_made_of_bytes_and_entry_too() -> None:
    wall = f"<title>{TITLE}</title><article><h1>{TITLE}</h1><p>{STORY[0]}</p></article>".encode()
    content = "".join(f"<p>{text}</p>" for text in STORY)
    assert extract(wall, url=URL, entry=Entry(link=URL, title=TITLE, content=content)).basis is Basis.FEED


# --- with or without its credits --------------------------------------------------------------------------

WIRE = [
    "（海風社記者林小舟基隆12日電）基隆港務單位今天說明，新的渡輪碼頭將在明年春天開放，屆時往返離島的班次會增加一倍。",
    "港務單位指出，碼頭的設計由荷蘭工程師負責，施工期間共遇到三次颱風，工程因此延後半年，經費也比原來多了兩成。",
    "當地商家對此表示歡迎，但也擔心停車空間不足。市府回應說，會在碼頭旁邊設置兩百個車位，並開闢接駁公車路線。（編輯：陳一葉）1130312",
]


def wired(credits: Literal["keep", "out"]) -> Article:
    content = "".join(f"<p>{text}</p>" for text in WIRE)
    return extract(b"", url=URL, entry=Entry(link=URL, title="新渡輪碼頭", content=content), credits=credits)


def test_credits_stay_in_the_text_until_they_are_told_to_go() -> None:
    kept, out = wired("keep"), wired("out")
    assert kept.text.split("\n\n") == WIRE
    assert out.text.startswith("基隆港務單位今天說明")
    assert out.text.endswith("並開闢接駁公車路線。")
    assert "海風社" not in out.html
    assert out.text == to_text(out.html)


def test_what_credits_say_is_kept_though_they_go() -> None:
    out = wired("out")
    assert out.credits == wired("keep").credits
    assert out.credits is not None
    assert (out.credits.reporters, out.credits.editors) == (("林小舟",), ("陳一葉",))


def test_a_pages_credits_go_too() -> None:
    story = "".join(f"<p>{text}</p>" for text in ["TIDEMOUTH, March 4 (Reuters) - " + STORY[0], *STORY[1:]])
    html = f"<title>{TITLE}</title><article><h1>{TITLE}</h1>{story}</article>".encode()
    assert "(Reuters)" in extract(html, url=URL).text
    assert extract(html, url=URL, credits="out").text.startswith("The harbour bridge will close")


def test_credits_are_kept_or_out_and_nothing_else() -> None:
    with pytest.raises(ValueError, match='"keep" or "out"'):
        extract(b"", url=URL, credits="away")  # type: ignore[arg-type]
