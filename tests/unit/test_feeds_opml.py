import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

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


def test_every_outline_is_read_however_deep_it_stands() -> None:
    deep = 40_000
    inmost = '<outline text="in" xmlUrl="https://in.test/"/>'
    nested = '<outline text="n">' * deep + inmost + "</outline>" * deep
    sources, reasons = read_list(opml(f'{nested}<outline text="after" xmlUrl="https://after.test/"/>'))
    assert [(source.name, source.category) for source in sources] == [("in", "n"), ("after", None)]
    assert reasons == ()


def test_a_feed_above_other_feeds_is_no_folder() -> None:
    inner = '<outline text="b" xmlUrl="https://b.test/"></outline>'
    listed = opml(
        f'<outline text="地方"><outline text="a" xmlUrl="https://a.test/">{inner}</outline></outline>'
    )
    assert [(source.name, source.category) for source in read_list(listed)[0]] == [
        ("a", "地方"),
        ("b", "地方"),
    ]


@pytest.mark.parametrize(
    ("damaged", "names"),
    [
        ('<outline text="A & B" xmlUrl="https://a.test/?x=1&y=2&copy=3"/>', ["A & B"]),
        ('<outline text="a < b" xmlUrl="https://a.test/"/>', ["a < b"]),
        ("<outline text=a xmlUrl=https://a.test/ />", ["a"]),
        ("<OUTLINE TEXT='a' XMLURL = 'https://a.test/'/>", ["a"]),
        ('<outline text="a" xmlUrl="https://a.test/">', ["a"]),
        ('</outline><outline text="a" xmlUrl="https://a.test/"/>', ["a"]),
        ('<o:outline text="a" xmlUrl="https://a.test/"/>', ["a"]),
        (
            '<outline text="lost xmlUrl="https://x.test/"/>\n<outline text="a" xmlUrl="https://a.test/"/>',
            ["a"],
        ),
        (
            '<!-- <outline text="old" xmlUrl="https://old.test/"/> --><outline text="a" xmlUrl="https://a.test/"/>',
            ["a"],
        ),
        ('<outline text="a\x0b" xmlUrl="https://a.test/"/>', ["a"]),
        ('<outline text="&nbsp;caf&eacute; &lt;b&gt;" xmlUrl="https://a.test/"/>', ["café"]),
        ('<outline text="A &amp;amp; B" xmlUrl="https://a.test/"/>', ["A & B"]),
        ('<outline text="a" type="rss" url="https://a.test/"/>', ["a"]),
        ('<outline text="a" xmlUrl="feed://a.test/rss"/>', ["a"]),
    ],
)
def test_a_list_written_by_hand_loses_only_the_line_that_is_broken(damaged: str, names: list[str]) -> None:
    end = '<outline text="end" xmlUrl="https://end.test/"/>'
    assert [source.name for source in read_list(opml(damaged + end))[0]] == [*names, "end"]


def test_of_a_list_that_was_cut_off_all_is_kept_that_is_whole() -> None:
    whole = opml('<outline text="a" xmlUrl="https://a.test/"/><outline text="b" xmlUrl="https://b.test/"/>')
    sources, reasons = read_list(whole[: whole.index(b"https://b.test") + 10])
    assert [source.name for source in sources] == ["a"]
    assert reasons == ("the list ends before its end: what is whole of it was read",)


def test_addresses_with_bare_ampersands_stay_as_they_are() -> None:
    (source,), _ = read_list(opml('<outline text="a" xmlUrl="https://a.test/?a=1&copy=2&amp;lt=3"/>'))
    assert source.url == "https://a.test/?a=1&copy=2&lt=3"


def test_lists_in_lists_and_mere_links_are_told_of() -> None:
    sources, reasons = read_list(
        opml(
            '<outline text="list" type="include" url="https://a.test/more.opml"/>'
            '<outline text="link" type="link" url="https://a.test/page"/>'
            '<outline text="page" htmlUrl="https://b.test/"/>'
            '<outline text="both" type="link" url="https://c.test/x.opml"><outline text="d" xmlUrl="https://d.test/"/>'
            "</outline>"
        )
    )
    assert [(source.name, source.category) for source in sources] == [("d", "both")]
    assert ["https://a.test/more.opml" in reasons[0], "imported by itself" in reasons[0]] == [True, True]
    assert ["https://a.test/page" in reasons[1], "dibao add" in reasons[1]] == [True, True]
    assert "https://b.test/" in reasons[2]
    assert "https://c.test/x.opml" in reasons[3]


@pytest.mark.parametrize("charset", ["utf-8", "big5", "utf-16", "gb18030"])
def test_a_list_is_read_in_its_own_encoding(charset: str) -> None:
    head = f'<?xml version="1.0" encoding="{charset}"?><opml version="1.1"><body>'
    outlines = "".join(f'<outline text="晨報新聞 {n}" xmlUrl="https://a{n}.test/"/>' for n in range(20))
    sources, _ = read_list(f"{head}{outlines}</body></opml>".encode(charset))
    assert [sources[0].name, len(sources)] == ["晨報新聞 0", 20]


def test_what_our_fields_do_not_hold_goes_out_as_it_came_in() -> None:
    spaces = 'xmlns:frss="https://freshrss.org/opml" xmlns:x="http://other.test/ns#"'
    listed = (
        f'<opml version="2.0" {spaces}><body><outline text="a" xmlUrl="https://a.test/" '
        'htmlUrl="https://a.test/home?a=1&amp;b=2" description="二行&#10;&quot;文字&quot;" '
        'frss:cssFullContent="article &gt; p" x:y="1"/></body></opml>'
    )
    (source,), _ = read_list(listed.encode())
    assert source.extra == (
        ("htmlUrl", "https://a.test/home?a=1&b=2"),
        ("description", '二行\n"文字"'),
        ("{https://freshrss.org/opml}cssFullContent", "article > p"),
        ("{http://other.test/ns#}y", "1"),
    )
    written = write_opml([source], title="t")
    assert read_list(written) == ((source,), ())
    assert b'frss:cssFullContent="article &gt; p"' in written
    (outline,) = etree.fromstring(written).iter("outline")
    assert outline.get("{http://other.test/ns#}y") == "1"


def test_nothing_kept_for_others_can_make_another_line_of_ours() -> None:
    sly = (
        ("XMLURL", "file:///etc/passwd"),
        ("Text", "another"),
        ("url", "https://evil.test/"),
        ("xmlns", "urn:x"),
        ("a b", "1"),
        ("1a", "1"),
        ("{urn:dibao:opml}every", "1"),
        ("{not a uri\x00}a", "1"),
        ("long", "x" * 10_001),
        ("good", "\x00\ud800g"),
    )
    written = write_opml([Source(name="a", url="https://a.test/", extra=sly)], title="t")
    (outline,) = etree.fromstring(written).iter("outline")
    assert dict(outline.items()) == {
        "type": "rss",
        "text": "a",
        "title": "a",
        "xmlUrl": "https://a.test/",
        "good": "g",
    }


def test_a_list_that_means_harm_does_none() -> None:
    listed = (
        '<opml version="2.0"><head><title>"&gt;&lt;script&gt;</title></head><body>'
        '<outline text="=cmd|\' /C calc\'!A0" xmlUrl="file:///etc/passwd"/>'
        '<outline text="x" xmlUrl="javascript:alert(1)"/><outline text="z" xmlUrl="gopher://127.0.0.2/"/>'
        '<outline text="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" xmlUrl="https://a.test/"/>'
        + '<outline text="n">' * 5000
        + "</outline>" * 5000
        + "</body></opml>"
    )
    sources, reasons = read_list(listed.encode())
    assert [source.url for source in sources] == ["https://a.test/"]
    assert len(reasons) == 4
    assert b"<script" not in write_opml(sources, title='"><script>')


@pytest.mark.slow
def test_tens_of_thousands_of_outlines_come_in_and_go_out_as_they_were() -> None:
    sources = tuple(
        Source(name=f"部落格 & {n}", url=f"https://blog{n}.test/?a=1&n={n}", category=f"夾 {n // 100}")
        for n in range(36_000)
    )
    assert read_list(write_opml(sources, title="t")) == (sources, ())


@pytest.mark.parametrize(
    "hostile",
    [
        "<outline " + "a" * 2_000_000,
        '<outline text="' * 100_000,
        "<outline '" * 100_000 + '<outline "' * 100_000,
        "<outline a=" + " " * 2_000_000 + ">",
        "<!--" * 500_000,
        "&" * 2_000_000,
        "".join(
            f'<outline xmlns:n{n}="urn:n{n}" n{n}:a="1" text="a" xmlUrl="https://a{n}.test/"/>'
            for n in range(9000)
        ),
    ],
    ids=["a long name", "open quotes", "mixed quotes", "spaces", "comments", "ampersands", "namespaces"],
)
def test_a_list_made_to_keep_its_reader_busy_is_read_to_its_end(hostile: str) -> None:
    sources, _ = read_list(opml(f'{hostile}--><outline text="end" xmlUrl="https://end.test/"/>'))
    assert sources[-1].name == "end"
    assert read_list(write_opml(sources, title="t"))[0][-1].name == "end"


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
def test_the_mark_before_a_name_is_its_place(name: str, place: tuple[str | None, ...]) -> None:
    for listed in (
        json.dumps([{"site": name, "url": "https://a.test/rss"}]).encode(),
        opml(f'<outline text="{name}" xmlUrl="https://a.test/rss"/>'),
    ):
        (source,), _ = read_list(listed)
        assert source.name == name
        assert (source.region, source.timezone, source.language) == place


def test_what_a_list_says_of_a_place_counts_for_more_than_a_mark() -> None:
    listed = opml('<outline text="(港)英文版" language="en" xmlUrl="https://a.test/rss"/>')
    (source,), _ = read_list(listed)
    assert (source.region, source.language) == ("HK", "en")
    bare = Source(name="(港)晚報", url="https://b.test/")
    assert read_list(write_opml([bare], title="t"))[0] == (bare,)


@pytest.mark.skipif("DIBAO_TEST_DATA" not in os.environ, reason="needs DIBAO_TEST_DATA")
def test_the_list_that_this_began_with_is_read() -> None:
    seed = Path(os.environ["DIBAO_TEST_DATA"]).parent / "seed" / "subs.json"
    sources, reasons = read_list(seed.read_bytes())
    assert reasons == ()
    assert [(s.name, s.region, s.timezone, s.language) for s in sources] == [
        ("(臺)中央社CNA", "TW", "Asia/Taipei", "zh-Hant")
    ]


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
            kind=draw(st.sampled_from(["feed", "sitemap", "page"])),
            selector=draw(st.sampled_from([None, "h2 > a"])),
            extra=tuple(draw(st.dictionaries(st.sampled_from(["htmlUrl", "{urn:x}a"]), _WORDS)).items()),
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
