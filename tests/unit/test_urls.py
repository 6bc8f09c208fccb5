"""Addresses of one article, however they are written."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dibao.urls import absolute, same_article, untracked


@pytest.mark.parametrize(
    "path",
    ["", "/", "/1", "/1/", "//1", "/a;b=c/%E5%8F%B0", "/臺北/1", "/~a/b@c:d,e'f(g)", "/a[1]", "/www.b.test"],
)
@pytest.mark.parametrize("host", ["a.test", "www.a.test", "www.test", "www.www.a.test", "x--1.a-b.test"])
def test_an_address_as_most_are_has_the_form_of_all_its_other_spellings(host: str, path: str) -> None:
    plain = same_article(f"https://{host}{path}")
    others = (
        f"http://{host.upper()}{path}",
        f"https://{host}:443{path}?utm_source=a#top",
        f"HTTPS://{host}{path}",
    )
    assert {same_article(other) for other in others} == {plain}
    assert same_article(f"https://{host}{path}x") != plain


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?id=1&utm_source=rss&fbclid=2#top", "https://a.example/x?id=1#top"),
        ("https://a.example/x?GCLID=1&b=%20&&c", "https://a.example/x?b=%20&&c"),
        ("https://a.example/?q=utm_source=1&p", "https://a.example/?q=utm_source=1&p"),
        ("https://a.example/#/x?utm_source=rss", "https://a.example/#/x?utm_source=rss"),
        ("https://a.example/utm_source=1", "https://a.example/utm_source=1"),
        ("https://a.example/x?", "https://a.example/x?"),
    ],
)
def test_only_what_says_who_shared_a_link_is_taken_off(url: str, wanted: str) -> None:
    assert untracked(url) == wanted


def test_a_host_that_no_browser_would_ask_is_none() -> None:
    assert absolute("https://a.example/", "https://<?php echo $x ?>b.example/") is None
    assert absolute("https://a.example/", "http://Some Words") is None


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=st.sampled_from('/.?#;&=:%a1~臺 "<\\@|'), max_size=20))
@example("/a/../b")
@example("/a?x=/../b")
@example("/a;")
@example("/a.b/c?#")
def test_a_link_from_the_root_is_joined_as_any_other(rest: str) -> None:
    for base in ("https://a.example/b/c?d#e", "http://u:p@A.example:8080"):
        in_steps = absolute(base, f" /{rest}")  # the space keeps it off the short way
        assert absolute(base, f"/{rest}") == in_steps
