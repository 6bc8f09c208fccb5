"""The seed's style, byte for byte, and nothing dropped."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from dibao.model import Entry, Kept, Source
from dibao.publish.seedpost import seed_post, seed_posts
from tests import gazette

RAW = (
    '<div><picture><source media="(max-width: 414px)" data-srcset="https://pic.tide.test/s.jpg">'
    '<img class=\'lazyload\' data-src="https://pic.tide.test/l.jpg" alt="碼頭（潮汐社）"></picture></div>'
    "<div><p>（潮汐社澎嶼20日電）夜渡輪復航。（編輯：許望）1151120</p></div>"
    "<div style='display: none'><a href='/more.aspx'>更多新聞</a></div><br><hr>"
)
TITLE = "停航三年 澎嶼夜渡輪雨中復航"
EXPECTED = f"""---
layout: post
title: "{TITLE}"
date: 2026-11-20T10:34:06.000Z
author: (澎)潮汐社TIDE
from: https://www.tide.test/news/202611200101.aspx
tags: [ (澎)潮汐社TIDE ]
comments: True
categories: [ (澎)潮汐社TIDE ]
---
<!--1795170846000-->
[{TITLE}](https://www.tide.test/news/202611200101.aspx)
------

<div>
{RAW}
</div>
"""


def seed_kept(name: str = "one", source: str = "(澎)潮汐社TIDE", **entry: object) -> Kept:
    usual: dict[str, object] = {
        "title": TITLE,
        "link": "https://www.tide.test/news/202611200101.aspx",
        "published": datetime(2026, 11, 20, 10, 34, 6, tzinfo=UTC),
        "content": RAW,
    }
    announced = Entry(**{**usual, **entry})  # type: ignore[arg-type]
    return gazette.kept(
        gazette.article(announced.title, ""),
        Source(name=source, url="https://tide.test/rss"),
        name=name,
        entry=announced,
    )


def test_the_post_is_the_seeds_byte_for_byte() -> None:
    (page,) = seed_posts([seed_kept()])
    assert page.path == f"2026-11-20-{TITLE}.md"
    assert page.body.decode() == EXPECTED


def test_a_name_holds_fifty_characters_of_the_title_without_slashes_and_controls() -> None:
    (page,) = seed_posts([seed_kept(title="a/b\x07c" + "長" * 60)])
    assert page.path == f"2026-11-20-a_b_c{'長' * 45}.md"


def test_titles_that_would_share_a_file_are_told_apart_by_key() -> None:
    articles = [
        seed_kept("one", title="Café"),
        seed_kept("two", title="CAFE\u0301"),
        seed_kept("three", title="Café"),
    ]
    first, second, third = seed_posts(articles)
    assert first.path == "2026-11-20-Café.md"
    assert second.path == f"2026-11-20-CAFE\u0301 ~{articles[1].key[:6]}.md"
    assert third.path == f"2026-11-20-Café ~{articles[2].key[:6]}.md"


def test_two_keys_that_begin_alike_still_have_two_files() -> None:
    one = seed_kept("one")
    twins = [replace(one, key=f"abcdef{end}") for end in "xyz"]
    assert len({page.path for page in seed_posts(twins)}) == 3


def test_an_entry_without_title_link_date_or_content_is_still_a_file() -> None:
    (page,) = seed_posts([seed_kept(title=None, link=None, published=None, content=None)])
    assert page.path == "2026-11-20-(untitled).md"
    assert b"date: 2026-11-20T04:00:00.000Z\n" in page.body
    assert page.body.endswith(b"\n<div>\n\n</div>\n")


def test_an_article_that_no_feed_announced_is_a_file_of_what_its_page_said() -> None:
    (page,) = seed_posts([gazette.marsh()])
    assert page.path == "2026-11-20-The sea gets its field back: Saltmarsh opens the g.md"
    assert b"Maud Ferrier" in page.body


def test_the_content_is_the_feeds_own_untouched() -> None:
    raw = "<script>x()</script>\n{{ y }}\n\t<pre> z</pre>"
    assert f"\n<div>\n{raw}\n</div>\n" in seed_post(seed_kept(content=raw))


@pytest.mark.parametrize("name", [name for name in gazette.NASTY if name.strip()])
def test_any_name_and_title_leave_front_matter_that_can_be_read(name: str) -> None:
    text = seed_post(seed_kept(source=name, title=name, link=f"https://e.test/{name}"))
    fields = yaml.safe_load(text.split("\n---\n")[0])
    assert set(fields) == {"layout", "title", "date", "author", "from", "tags", "comments", "categories"}
    clean = re.sub("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]", "", name)
    assert (fields["title"], fields["author"], fields["tags"]) == (clean, clean, [clean])


@pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
def test_the_real_seed_item_gives_the_real_seed_post() -> None:
    seed = Path(os.environ["DIBAO_TEST_DATA"]).parent / "seed"
    item = (seed / "cna.xml").read_text(encoding="utf-8").split("<item>")[1]

    def inside(tag: str) -> str:
        found = re.search(f"<{tag}>(.*?)</{tag}>", item, re.S)
        assert found
        return found[1].removeprefix("<![CDATA[").removesuffix("]]>")

    kept = seed_kept(
        source="(臺)中央社CNA",
        title=inside("title"),
        link=inside("link"),
        published=datetime(2023, 2, 4, 9, 34, 6, tzinfo=UTC),
        content=inside("description"),
    )
    (page,) = seed_posts([kept])
    assert page.body == (seed / "seed-post.md").read_bytes()
    assert page.path == f"2023-02-04-{inside('title')}.md"
