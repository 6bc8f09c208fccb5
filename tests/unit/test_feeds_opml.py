import json
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.errors import FeedError
from dibao.feeds import read_list, write_opml
from dibao.model import Source


def opml(body: str) -> bytes:
    head = '<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head>'
    return f"{head}<body>{body}</body></opml>".encode()


def test_folders_of_an_opml_are_categories() -> None:
    sources, reasons = read_list(
        opml(
            '<outline text="a" xmlUrl="https://a.test/rss"/>'
            '<outline text="國際"><outline text="亞洲">'
            '<outline title="b" text="x" type="rss" xmlurl="https://b.test/rss"/></outline>'
            '<outline text="c" xmlUrl="https://c.test/?x=1&amp;y=2" category="要聞, 快訊" language="zh-TW"/>'
            "</outline>"
        )
    )
    assert [(source.name, source.url, source.category) for source in sources] == [
        ("a", "https://a.test/rss", None),
        ("b", "https://b.test/rss", "亞洲"),
        ("c", "https://c.test/?x=1&y=2", "國際"),
    ]
    assert (sources[2].tags, sources[2].language) == (("要聞", "快訊"), "zh-TW")
    assert reasons == ()


def test_every_outline_that_cannot_be_used_has_its_reason() -> None:
    sources, reasons = read_list(
        opml(
            '<outline text="f" xmlUrl="file:///etc/passwd"/><outline text="j" xmlUrl="javascript:alert(1)"/>'
            '<outline text="g" xmlUrl="gopher://a.test/"/><outline text="e"/>'
            '<outline text="a" xmlUrl="https://a.test/"/><outline text="twice" xmlUrl="https://a.test/"/>'
        )
    )
    assert [source.name for source in sources] == ["a"]
    assert [reason[1] for reason in reasons] == ["f", "j", "g", "e", "t"]


def test_deep_nesting_and_bad_xml_cost_no_source() -> None:
    started = process_time()
    deep = '<outline text="n">' * 5000 + "</outline>" * 5000
    sources, _ = read_list(opml(f'<outline text="A & B" xmlUrl="https://a.test/?x=1&y=2"/>{deep}'))
    assert [(source.name, source.url) for source in sources] == [("A & B", "https://a.test/?x=1&y=2")]
    assert process_time() - started < 2


def test_entities_of_an_opml_are_not_read() -> None:
    body = opml('<outline text="&x;" xmlUrl="https://a.test/"/>').replace(
        b"<opml", b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml', 1
    )
    assert read_list(body)[0][0].name == "&x;"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("(臺)晨報", ("TW", "Asia/Taipei", "zh-Hant")),
        ("(港)晚報", ("HK", "Asia/Hong_Kong", "zh-Hant")),
        ("（中）日報", ("CN", "Asia/Shanghai", "zh-Hans")),
        ("(美)週報", ("US", "America/New_York", None)),
        ("晨報(臺)", (None, None, None)),
        ("(臺灣)晨報", (None, None, None)),
    ],
)
def test_the_mark_before_a_name_in_a_json_list_is_its_place(name: str, place: tuple[str | None, ...]) -> None:
    (source,), _ = read_list(json.dumps([{"site": name, "url": "https://a.test/rss"}]).encode())
    assert source.name == name
    assert (source.region, source.timezone, source.language) == place


def test_a_json_list_says_which_lines_are_of_no_use() -> None:
    lines = [1, {"site": "a"}, {"site": "b", "url": "ftp://b.test/"}, {"url": "https://c.test/"}]
    sources, reasons = read_list(json.dumps(lines).encode())
    assert [source.name for source in sources] == ["https://c.test/"]
    assert len(reasons) == 3


@pytest.mark.parametrize(
    "body", [b"", b"x", b"<rss/>", b"{}", b"[", b"[" * 100_000, b"<html><body>x</body></html>"]
)
def test_what_is_neither_form_is_a_feed_error(body: bytes) -> None:
    with pytest.raises(FeedError):
        read_list(body, url="https://a.test/list")


_WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@st.composite
def _sources(draw: st.DrawFn) -> tuple[Source, ...]:
    return tuple(
        Source(
            name=draw(_WORDS),
            url=f"https://outlet{number}.test/rss?a=1&b=2",
            category=draw(st.none() | _WORDS),
            tags=tuple(draw(st.lists(_WORDS, max_size=3))),
            language=draw(st.sampled_from([None, "zh-Hant", "en"])),
            timezone=draw(st.sampled_from([None, "Asia/Taipei"])),
            every=draw(st.integers(60, 10**6)),
            feed_only=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 5)))
    )


@settings(max_examples=60)
@given(_sources())
def test_an_opml_gives_back_what_was_written(sources: tuple[Source, ...]) -> None:
    written = write_opml(sources, title="a <b> & c")
    assert read_list(written) == (sources, ())
    assert write_opml(read_list(written)[0], title="a <b> & c") == written


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda body: b"<opml><body>" + body)))
def test_any_bytes_are_a_list_or_a_feed_error(body: bytes) -> None:
    try:
        read_list(body)
    except FeedError:
        return
