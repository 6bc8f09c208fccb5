"""Feeds that are cut off, nested or huge: what is whole of them is read, and nothing grows without end."""

import pytest

from dibao.feeds import parse_feed
from tests.unit.test_feeds_wild import URL, atom, rss, titles


def test_an_end_tag_that_is_only_text_or_of_another_name_ends_no_feed() -> None:
    linked = "<link href='/1'/><feedburner:origLink>https://outlet.test/1</feedburner:origLink>"
    burnt = atom(f"<title>一</title><id>1</id>{linked}</entry><entry><title>二</title><id>2</id><content>半")
    burnt = burnt[: burnt.index("半")].replace("<feed ", "<feed xmlns:feedburner='urn:f' ")
    whole = parse_feed(burnt.encode(), url=URL)
    assert [(entry.title, entry.cut) for entry in whole.entries] == [("一", False), ("二", True)]
    assert whole.cut
    quoted = rss("<title>一</title></item><item><title>二</title><description><![CDATA[寫作 </rss> 半")
    cut = parse_feed(quoted[: quoted.index("半") + 1].encode(), url=URL)
    assert cut.cut
    assert [(entry.title, entry.cut) for entry in cut.entries] == [("一", False), ("二", True)]


@pytest.mark.parametrize("size", [1, 5_000_000])
@pytest.mark.parametrize("reference", ["&#xD800;", "&#x000000000D800;", "&#0000000055296;"])
def test_a_reference_to_half_a_character_costs_at_most_itself(reference: str, size: int) -> None:
    text = rss(f"<title>一</title><description>{'字' * (size // 3)}{reference}</description>")
    assert len(parse_feed(text.encode(), url=URL).entries) <= 1
    channel = rss("<title>一</title>" + "x" * size, channel=f"<description>邸{reference}報</description>")
    assert parse_feed(channel.encode(), url=URL).subtitle == "邸報"


def test_a_huge_feed_that_mixes_capitals_loses_no_entry() -> None:
    items = "".join(f"<{name}><title>{n}</title></{name}>" for n, name in enumerate(("item", "Item", "ITEM")))
    around = rss("<title>x</title>").partition("<item>")[0], "字" * 2_000_000, "</channel></rss>"
    feed = parse_feed(
        f"{around[0]}<description>{around[1]}</description>{items}{around[2]}".encode(), url=URL
    )
    assert titles(feed) == ["0", "1", "2"]


def test_entries_within_entries_do_not_multiply() -> None:
    for other in ("item", "Item"):  # whatever their capitals
        inner = f"<item><{other}><title>二</title>" * 100 + "字" * 10_000 + f"</{other}></item>" * 100
        feed = parse_feed(rss(f"<title>一</title>{inner}").encode(), url=URL)
        assert 1 <= len(feed.entries) <= 8
