"""Headlines of pages whose h1 is the site's name, or that have none."""

import pytest

from dibao.extract import read_page

SITE, HEADLINE = "Lantern Daily News Online", "Council hears mill owners"
HAN_SITE, HAN_HEADLINE = "港口日報電子報", "離島渡輪全部停"
TEXT = f"<p>{'A long line of text about the old mill field, that was read to the council. ' * 6}</p>"


def title_of(title: str, shown: str) -> str | None:
    return read_page(f"<title>{title}</title>{shown}{TEXT}".encode(), url="https://x.example/a").title


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " » ", " :: "])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("shown", ["<h1>{site}</h1><h2>{headline}</h2>", "<h2>{headline}</h2>"])
def test_of_two_names_as_long_the_h2_is_the_headline(separator: str, is_first: bool, shown: str) -> None:
    title = separator.join((SITE, HEADLINE) if is_first else (HEADLINE, SITE))
    assert title_of(title, shown.format(site=SITE, headline=HEADLINE)) == HEADLINE


@pytest.mark.parametrize("separator", [" - ", "_", "|", "｜"])
@pytest.mark.parametrize("is_first", [True, False])
def test_the_same_holds_for_han_characters(separator: str, is_first: bool) -> None:
    title = separator.join((HAN_SITE, HAN_HEADLINE) if is_first else (HAN_HEADLINE, HAN_SITE))
    assert title_of(title, f"<h1>{HAN_SITE}</h1><h2>{HAN_HEADLINE}</h2>") == HAN_HEADLINE


@pytest.mark.parametrize("below", ["What the owners want", "Local news", SITE])
def test_an_h1_that_is_the_headline_stays_the_headline(below: str) -> None:
    assert title_of(f"{HEADLINE} - {below}", f"<h1>{HEADLINE}</h1><h2>Local news</h2>") == HEADLINE
    assert title_of(HEADLINE, f"<h1>{HEADLINE}</h1><h2>{below}</h2>") == HEADLINE


def test_an_h2_that_is_the_sites_name_is_no_headline() -> None:
    assert title_of(
        "Enterprise mills - Lantern Daily", "<h1>Enterprise mills</h1><h2>Lantern Daily</h2>"
    ) == ("Enterprise mills")
    named = f"<meta property=og:site_name content='{SITE}'>"
    assert title_of(f"{HEADLINE} - {SITE}", f"{named}<h1>{HEADLINE}</h1><h2>{SITE}</h2>") == HEADLINE


def test_the_only_h2_of_a_page_that_names_but_its_site_is_the_headline() -> None:
    named = f"<meta property=og:site_name content='{SITE}'>"
    assert title_of(SITE, f"{named}<h1>{SITE}</h1><h2>{HEADLINE}</h2>") == HEADLINE


@pytest.mark.parametrize(
    "below", ["<h2>Lifestyle</h2>", "<h2>More from the Lantern</h2>", "<h2>One town of many</h2>" * 2]
)
def test_no_headline_is_made_of_the_name_of_a_list(below: str) -> None:
    assert title_of(SITE, f"<meta property=og:site_name content='{SITE}'>{below}") is None
