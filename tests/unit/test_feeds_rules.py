"""Which sitemaps a robots.txt names."""

from hypothesis import given
from hypothesis import strategies as st

from dibao.feeds import read_rules

URL = "https://n.test/robots.txt"


def named(text: str) -> list[str]:
    return [part.url for part in read_rules(text.encode(), url=URL).parts]


def test_sitemaps_are_named_in_order_and_once_wherever_they_stand() -> None:
    text = "User-agent: *\nSitemap: https://n.test/b.xml\n  SITEMAP : /a.xml\r\nsitemap:/a.xml\n"
    assert named(text) == ["https://n.test/b.xml", "https://n.test/a.xml"]


def test_what_names_no_address_is_left_out() -> None:
    assert named("Sitemap:\nDisallow: /\n# Sitemap: /no.xml\nSitemap: ftp://n.test/c.xml\n") == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    assert read_rules(body, url=URL).entries == ()
