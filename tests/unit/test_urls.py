"""Addresses of one article, however they are written."""

import pytest

from dibao.urls import same_article


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
