"""The allow-list: an independent cleaner finds nothing to change in what we write."""

import os

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.extract.clean import clean
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
def test_cleaning_again_changes_nothing(soup: list[str]) -> None:
    once = clean("".join(soup), BASE)
    assert clean(once) == once


_NESTED = st.recursive(
    st.sampled_from(
        ["word", "two  words", " ", "\u3000", " \ufeff", "\u200b", "\xad", "&nbsp;", "<br>", "<hr>"]
    )
    | st.sampled_from(["<img src=/a.jpg>", "<img src=/b.jpg>", "<a href=/film>film</a>"]),
    lambda inside: st.builds(
        lambda start, held: f"{start}{''.join(held)}</{start.strip('<>').partition(' ')[0]}>",
        st.sampled_from([start for start in _STARTS if start[1:3] not in ("hr", "br", "im")])
        | st.sampled_from(["<figure data-framed>", "<figure class=x>", "<figure>"]),
        st.lists(inside, max_size=4),
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(_NESTED)
def test_cleaning_whole_elements_again_changes_nothing(html: str) -> None:
    once = clean(html, BASE)
    assert clean(once) == once


@pytest.mark.parametrize(
    "written",
    [
        "<figure data-framed><p><a href=/film.mp4>▶ news.example</a></p></figure>",
        "<figure data-framed><p><a href=/film.mp4>▶</a></p><figcaption>The pier.</figcaption></figure>",
        "<figure data-framed><img src='data:x'><figcaption>The pier.</figcaption></figure>",
        "<ul><figure class=x><hr><pre>x</pre></figure></ul>",
        "<p>a<b> \ufeff</b><i>b</i> &nbsp;<b>c</b>\u3000\u3000&nbsp;<i>d</i></p>",
    ],
)
def test_frames_rules_and_spaces_are_the_same_when_cleaned_again(written: str) -> None:
    once = clean(written, BASE)
    assert once
    assert clean(once) == once


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
