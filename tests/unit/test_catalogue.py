"""The starter catalogue is sound data, and is found by what people call an outlet."""

import re
from datetime import date
from importlib.resources import files
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import pytest

from dibao.feeds.catalogue import Outlet, catalogue, find, named

KINDS = {"wire", "newspaper", "broadcaster", "public", "online", "magazine", "official"}
OUTLETS = catalogue()
FEEDS = [feed for outlet in OUTLETS for feed in outlet.feeds]
HAN = re.compile("[\u4e00-\u9fff]")


def test_the_catalogue_is_large_enough_to_start_with() -> None:
    readable = [outlet for outlet in OUTLETS if outlet.feeds]
    assert len(readable) >= 100
    assert len([outlet for outlet in readable if outlet.language.startswith("zh")]) >= 60
    assert {"TW", "HK", "CN", "SG", "US", "GB", "JP", "KR", "DE", "FR"} <= {each.region for each in readable}
    wires = {outlet.key for outlet in readable if outlet.kind == "wire"}
    assert {"cna", "xinhua", "ap", "reuters", "kyodo", "yonhap", "tass", "ansa"} <= wires


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_every_outlet_is_described_in_full(outlet: Outlet) -> None:
    assert re.fullmatch(r"[a-z0-9]+", outlet.key)
    assert re.fullmatch(r"[A-Z]{2}", outlet.region)
    assert outlet.timezone in available_timezones()
    assert re.fullmatch(r"zh-Han[ts]|[a-z]{2}", outlet.language)
    assert outlet.kind in KINDS
    assert outlet.categories
    assert date(2026, 11, 24) <= outlet.made
    assert outlet.checked is None or outlet.checked >= outlet.made
    assert urlsplit(outlet.home).hostname
    assert len(set(outlet.names)) == len(outlet.names) >= 1
    assert not any(set(name) & set(".:/@") for name in outlet.names), "a name must not look like an address"
    assert outlet.feeds or outlet.note, "an outlet without feeds must say why"
    if outlet.language.startswith("zh"):
        assert any(map(HAN.search, outlet.names)), "an outlet in Chinese has a Chinese name"


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_every_feed_can_be_asked_and_chosen(outlet: Outlet) -> None:
    for feed in outlet.feeds:
        parts = urlsplit(feed.url)
        assert parts.scheme == "https" or "without encryption" in (outlet.note or ""), feed.url
        assert parts.hostname
        assert " " not in feed.url
        assert feed.kind in ("feed", "sitemap")
        key, _, which = outlet.choice(feed).partition(":")
        assert (named(key), outlet.feed(which)) == (outlet, feed)


def test_nothing_is_there_twice() -> None:
    keys = [outlet.key for outlet in OUTLETS]
    addresses = [feed.url.removeprefix("https:").removeprefix("http:") for feed in FEEDS]
    names = [name.casefold() for outlet in OUTLETS for name in outlet.names]
    for each in (keys, addresses, names):
        assert sorted({value for value in each if each.count(value) > 1}) == []


def test_every_list_of_outlets_is_read() -> None:
    lists = [entry for entry in (files("dibao.feeds") / "outlets").iterdir() if entry.name.endswith(".toml")]
    written = sum(entry.read_text(encoding="utf-8").count("[[outlet]]") for entry in lists)
    assert written == len(OUTLETS)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("cna", "cna"),
        ("CNA", "cna"),
        ("中央社", "cna"),
        ("中央通讯社", "cna"),
        ("central news agency", "cna"),
        ("自由時報", "ltn"),
        ("自由时报", "ltn"),
        ("臺視", "ttv"),
        ("bbc中文", "bbczh"),
        ("ＲＴＨＫ", "rthk"),
        ("AP", "ap"),
        ("36氪", "36kr"),
    ],
)
def test_an_outlet_answers_to_each_of_its_names(words: str, key: str) -> None:
    outlet = named(words)
    assert outlet is not None
    assert outlet.key == key
    assert find(words)[0] is outlet


@pytest.mark.parametrize("words", ["", " ", "中央", "https://www.cna.com.tw/", "www.cna.com.tw", "xx"])
def test_what_is_no_name_names_nothing(words: str) -> None:
    assert named(words) is None


def test_outlets_are_found_by_place_kind_category_and_home() -> None:
    assert {outlet.region for outlet in find("TW")} == {"TW"}
    assert {outlet.kind for outlet in find("wire")} == {"wire"}
    assert [outlet.key for outlet in find("rthk.hk")] == ["rthk", "rthken"]
    assert [outlet.key for outlet in find("HK courts")] == ["witness", "hkcourtnews"]
    assert [outlet.key for outlet in find("ap")] == ["ap"], "a short word is not looked for inside others"
    assert find("") == find("no such outlet") == ()


def test_a_feed_is_chosen_by_section_or_category() -> None:
    outlet = named("cna")
    assert outlet is not None
    first, sport = outlet.feed(""), outlet.feed("sport")
    assert first is outlet.feeds[0]
    assert sport is not None
    assert (sport, sport.name) == (outlet.feed("運動"), "運動")
    assert outlet.feed("gardening") is None
