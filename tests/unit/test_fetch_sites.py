"""Hosts of one registrable domain take turns together."""

import pytest

from dibao.fetch.sites import site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.org", "example.org"),
        ("feeds.news.example.org", "example.org"),
        ("www.example.org:8080", "example.org"),
        ("example.org.", "example.org"),
        ("www.cna.com.tw", "cna.com.tw"),
        ("money.udn.com", "udn.com"),
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("health.gov.tw", "health.gov.tw"),
        ("doh.gov.taipei", "gov.taipei"),
        ("www.xn--fiqs8s.xn--fiqs8s", "xn--fiqs8s.xn--fiqs8s"),
        ("one.github.io", "github.io"),  # owners of their own, one server
        ("one.wordpress.com", "wordpress.com"),
        ("com.tw", "com.tw"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("10.0.0.10", "10.0.0.10"),
        ("::1:8000", "::1:8000"),
        ("2001:db8::10", "2001:db8::10"),
        ("localhost:8000", "localhost:8000"),
        ("wire.test", "wire.test"),
        ("one.news.test", "one.news.test"),
        ("nas", "nas"),
        ("", ""),
        ("a_b.example.org", "example.org"),
        ("-.example", "-.example"),
        ("..", ".."),
    ],
)
def test_hosts_belong_to_the_domain_that_somebody_registered(host: str, site: str) -> None:
    assert site_of(host) == site
