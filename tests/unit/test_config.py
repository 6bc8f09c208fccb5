"""Settings."""

from pathlib import Path

import pytest

from dibao.config import TEMPLATE, load
from dibao.errors import ConfigError
from dibao.hubs import callbacks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dibao.toml"


def test_every_setting_has_a_default(path: Path) -> None:
    path.write_text("")
    assert load(path).fetch.pause == 1.0


def test_the_template_of_init_is_read_back(path: Path) -> None:
    path.write_text(TEMPLATE.format(title='"邸報 \\"x\\""', language='"zh-Hant"'), encoding="utf-8")
    assert (load(path).site.title, load(path).site.language) == ('邸報 "x"', "zh-Hant")


def test_a_hub_is_an_address_or_nothing(path: Path) -> None:
    path.write_text('[site]\nhub = "https://hub.example.org/?a=b"')
    assert load(path).site.hub == "https://hub.example.org/?a=b"
    path.write_text('[site]\nhub = ""')
    assert load(path).site.hub == ""


@pytest.mark.parametrize(
    ("public", "below"),
    [
        ("", ""),
        ("https://news.example.org", "https://news.example.org/hub/"),
        ("https://news.example.org/", "https://news.example.org/hub/"),
        ("http://127.0.0.1:8080/news", "http://127.0.0.1:8080/news/hub/"),
    ],
)
def test_hubs_reach_us_below_the_public_address_or_not_at_all(path: Path, public: str, below: str) -> None:
    path.write_text(f'[web]\npublic_url = "{public}"')
    assert callbacks(load(path)) == below


def test_the_environment_wins(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("[fetch]\npause = 2")
    monkeypatch.setenv("DIBAO_FETCH__PAUSE", "3")
    monkeypatch.setenv("DIBAO_FETCH__ALLOW_PRIVATE", '["127.0.0.1:8000"]')
    assert (load(path).fetch.pause, load(path).fetch.allow_private) == (3.0, ("127.0.0.1:8000",))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[fetch]\npauze = 2", "fetch.pauze"),
        ("[fetch]\npause = -1", "fetch.pause"),
        ("[fetch", "dibao.toml"),
        ('[site]\nhub = "hub.example.org"', "site.hub: write an address"),
        ('[web]\npublic_url = "news.example.org"', "web.public_url: .*as https://news.example.org/"),
        (
            '[web]\npublic_url = "https://news.example.org/?a=b"',
            "web.public_url: .*without name, password or question mark",
        ),
        ('[web]\npublic_url = "https://me:pw@news.example.org/"', "web.public_url"),
        ('[fetch.proxy]\n"*" = "socks5h://127.0.0.1:99999"', "fetch.proxy.*: .*write a proxy as"),
        ('[fetch.proxy]\n"*" = "http://127.0.0.1:0"', "fetch.proxy"),
        ('[fetch.proxy]\n"http://a.test/" = "http://127.0.0.1:3128"', "fetch.proxy.*: name a host"),
        ('[fetch.auth]\n"a.test/feed" = "login"', "fetch.auth.*: name a host"),
        ('[fetch.proxy]\n"*" = "socks4://127.0.0.1:9050"', "fetch.proxy"),
    ],
)
def test_a_wrong_setting_is_named(path: Path, text: str, named: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError, match=named):
        load(path)


def test_hosts_are_found_however_they_are_written(path: Path) -> None:
    path.write_text('[fetch.proxy]\n"News.Example.ORG:8080" = "http://127.0.0.1:3128"\n"[::1]:80" = ""\n')
    assert set(load(path).fetch.proxy) == {"news.example.org:8080", "[::1]:80"}
