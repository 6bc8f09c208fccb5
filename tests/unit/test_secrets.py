from base64 import b64encode
from collections.abc import Callable
from itertools import count
from urllib.parse import quote, unquote

import pytest

from dibao.fetch.secrets import basic, hide, is_secret_name, reveal, scrub


def marks() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"DIBAO-SECRET-{next(numbers):04x}"


def test_name_and_password_are_hidden() -> None:
    url, secrets = hide("https://alice:correct-horse@feeds.test:8443/a.xml#x", marks())
    assert url == "https://DIBAO-SECRET-0001:DIBAO-SECRET-0002@feeds.test:8443/a.xml#x"
    assert secrets == {"DIBAO-SECRET-0001": "alice", "DIBAO-SECRET-0002": "correct-horse"}


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "key",
        "apikey",
        "api_key",
        "api-key",
        "access_token",
        "accessToken",
        "X-Amz-Signature",
        "auth",
        "password",
        "pwd",
        "secret",
        "client_secret",
        "sig",
        "signature",
        "rsskey",
        "PRIVATE-TOKEN",
        "session_id",
        "feedToken",
    ],
)
def test_the_value_of_a_telling_parameter_is_hidden(name: str) -> None:
    url, secrets = hide(f"https://feeds.test/rss?page=2&{name}=tops%2Fecret&x=", marks())
    assert url == f"https://feeds.test/rss?page=2&{name}=DIBAO-SECRET-0001&x="
    assert secrets == {"DIBAO-SECRET-0001": "tops%2Fecret"}


@pytest.mark.parametrize("name", ["page", "keyword", "author", "id", "q", "category", "design", "assign"])
def test_other_parameters_stay(name: str) -> None:
    url = f"https://feeds.test/rss?{name}=value&b"
    assert hide(url, marks()) == (url, {})


def test_what_is_hidden_already_stays_as_it_is() -> None:
    hidden, _ = hide("https://u:p@feeds.test/?token=abcdef", marks())
    assert hide(hidden, marks()) == (hidden, {})


@pytest.mark.parametrize("url", ["not a url", "http://[::1", "", "mailto:a@b.test?token=x"])
def test_what_is_no_web_address_stays(url: str) -> None:
    assert hide(url, marks()) == (url, {})


@pytest.mark.parametrize(
    "url",
    [
        "https://alice:s%40cret@feeds.test/a?token=a%2Fb%3D&token=a%2Fb%3D&key=c#access_token=zzz",
        "http://only-a-name@feeds.test/",
        "http://feeds.test/?a=b&secret=%E5%A0%B1",
    ],
)
def test_revealing_undoes_hiding(url: str) -> None:
    hidden, secrets = hide(url, marks())
    assert hidden != url
    assert not any(secret in hidden for secret in secrets.values() if len(secret) > 3)
    assert reveal(hidden, secrets) == url


def test_an_unknown_placeholder_stays() -> None:
    assert reveal("https://a.test/?key=DIBAO-SECRET-77", {}) == "https://a.test/?key=DIBAO-SECRET-77"


def test_the_login_in_a_url_becomes_a_basic_header() -> None:
    assert basic("https://al%20ice:s%3Acret@a.test/") == "Basic " + b64encode(b"al ice:s:cret").decode()
    assert basic("https://a.test/@b") is None


@pytest.mark.parametrize("secret", ["pa/ss&w%rd!", "tok%2Fen-123456", "報報報報報報"])
def test_a_secret_is_found_however_it_is_written(secret: str) -> None:
    plain = unquote(secret)
    quoted = quote(plain, safe="")
    lower = "".join(c.lower() if quoted[max(0, i - 2) : i].count("%") else c for i, c in enumerate(quoted))
    forms = [secret, plain, quoted, lower, quote(secret, safe=""), plain.replace("/", "\\/")]
    page = f"a {' b '.join(forms)} c".encode()
    assert scrub(page, {"DIBAO-SECRET-1": secret}) == b"a " + b" b ".join([b"DIBAO-SECRET-1"] * 6) + b" c"


def test_a_login_is_found_in_base64() -> None:
    secrets = {"DIBAO-SECRET-1": "alice", "DIBAO-SECRET-2": "p%40ss"}
    page = b"Authorization: Basic " + b64encode(b"alice:p@ss") + b"\r\n"
    assert scrub(page, secrets) == b"Authorization: Basic DIBAO-SECRET-2\r\n"
    alone = b64encode(b"alice:")
    assert alone not in scrub(alone, secrets)


def test_a_short_secret_is_only_found_where_urls_have_it() -> None:
    secrets = {"DIBAO-SECRET-1": "cat"}
    page = b'The cat sat: cat. <a href="http://cat:cat@a.test/cat/?key=cat">concatenate</a> cat'
    mark = b"DIBAO-SECRET-1"
    assert scrub(page, secrets) == page.replace(b"cat:cat@", mark + b":" + mark + b"@").replace(
        b"key=cat", b"key=" + mark
    )


def test_the_longer_of_two_secrets_is_replaced_whole() -> None:
    secrets = {"DIBAO-SECRET-1": "abcdef", "DIBAO-SECRET-2": "abcdef-ghijkl"}
    assert scrub(b"x=abcdef-ghijkl", secrets) == b"x=DIBAO-SECRET-2"


def test_nothing_is_replaced_where_there_are_no_secrets() -> None:
    assert scrub(b"anything", {}) == b"anything"


def test_telling_headers_are_known_by_their_names() -> None:
    assert all(map(is_secret_name, ["Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization"]))
    assert not any(map(is_secret_name, ["Accept", "User-Agent", "Accept-Language", "If-None-Match"]))
