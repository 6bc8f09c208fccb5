"""The allow-list: an independent cleaner finds nothing to change in what we write."""

import os

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.extract.clean import clean, to_text
from dibao.extract.policy import ATTRIBUTES, REL, SCHEMES, TAGS
from dibao.urls import absolute
from tests.unit.test_site_hostile import payloads, tool

BASE = "https://news.example/a/b"
_TAGS = (
    "p div b i em a ul ol li dl dt dd table caption thead tbody tr th td figure figcaption blockquote h1 h3 "
    "h6 pre code ruby rt rp sup q details span del ins section font nobr button form center hr br img "
    "svg style template"
)
_SAYS = {
    "a": " href='/x?a=1&utm_source=2'",
    "img": " src=/a.jpg alt='a<b>&quot;&nbsp;&'",
    "td": " colspan=2 x=y",
}
_TEXTS = [
    "x",
    " ",
    "\n",
    "a & b",
    "漢字",
    "&nbsp;",
    "<",
    "&lt;b&gt;",
    "\u3000z",
    "&#13;",
    "&#1;",
    "]]>",
    "<!--c-->",
]
_STARTS = [f"<{tag}{_SAYS.get(tag, '')}>" for tag in _TAGS.split()]
_ENDS = [f"</{tag}>" for tag in _TAGS.split()]
_SOUP = st.lists(st.sampled_from(_STARTS) | st.sampled_from(_ENDS) | st.sampled_from(_TEXTS), max_size=40)


def oracle(written: str) -> str:
    """Return what nh3 leaves of HTML under the same policy."""
    return nh3.clean(
        written,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=only_sound,
        url_schemes=set(SCHEMES),
        link_rel=REL,
    )


def only_sound(tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src"):
        return value if absolute(None, value) else None
    return value if name in ("alt", "rel") or value.isdigit() else None


@settings(max_examples=400, deadline=None)
@given(_SOUP)
def test_nothing_is_left_to_clean(soup: list[str]) -> None:
    written = clean("".join(soup), BASE)
    assert oracle(written) == written


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/=\"' abpi&;#!-[]\n\x00漢") | st.characters(), max_size=200))
def test_any_text_comes_out_within_the_allow_list(text: str) -> None:
    written = clean(text, BASE)
    assert oracle(written) == written


@settings(max_examples=150, deadline=None)
@given(_SOUP)
def test_cleaning_twice_changes_no_word(soup: list[str]) -> None:
    once = clean("".join(soup), BASE)
    assert to_text(clean(once, BASE)).split() == to_text(once).split()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_STARTS[:-3]) | st.sampled_from(_ENDS) | st.just("word"), max_size=40))
def test_no_word_is_lost(soup: list[str]) -> None:
    shown = "".join(soup)
    kept = clean(shown, BASE)
    if "<button" not in shown:  # what stands on one is not text
        assert kept.count("word") == shown.count("word")


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
def test_no_known_attack_gets_through() -> None:
    check = tool("check_html")
    for payload in payloads():
        written = clean(payload, BASE)
        assert oracle(written) == written, payload
        assert check.violations(written) == [], payload
