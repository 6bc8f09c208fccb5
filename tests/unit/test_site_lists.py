"""Stable pagination and groups."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from dibao.publish.lists import groups, in_time, sheets
from dibao.publish.site import Renderer, Site
from tests import gazette

LINES = in_time(gazette.headline(kept) for kept in gazette.many(223))


@pytest.mark.parametrize("count", [0, 1, 50, 51, 100, 101, 150, 151, 223])
def test_every_headline_stands_on_the_front_page_or_a_numbered_one(count: int) -> None:
    pages = list(sheets("index.html", LINES[:count], "page"))
    shown = {line.key for page in pages for line in page.headlines}
    assert shown == {line.key for line in LINES[:count]}
    assert [line.key for line in pages[0].headlines] == [line.key for line in reversed(LINES[:count][-50:])]
    assert all(len(page.headlines) == 50 for page in pages[1:])


@pytest.mark.parametrize("count", [1, 60, 149, 150, 151, 222])
def test_one_more_article_changes_two_pages_of_a_list_at_most_but_adds_one(count: int) -> None:
    before = {page.path: page for page in sheets("index.html", LINES[:count], "page")}
    after = {page.path: page for page in sheets("index.html", LINES[: count + 1], "page")}
    changed = [path for path in before if before[path] != after[path]]
    assert "index.html" in changed
    assert len(changed) <= 2
    assert len(after) - len(before) in (0, 1)


def test_a_full_page_never_changes_once_a_newer_one_stands() -> None:
    first = {count: list(sheets("index.html", LINES[:count], "page"))[1] for count in (151, 200, 223)}
    assert first[151] == first[200] == first[223]
    assert [line.title for line in first[151].headlines[::49]] == ["Notice 49", "Notice 0"]


def test_older_and_newer_lead_through_the_whole_list_and_back() -> None:
    pages = {page.path: page for page in sheets("tag/x.html", LINES)}
    path, way = "tag/x.html", ["tag/x.html"]
    while older := pages[path].older:
        assert pages[older].newer == path
        way.append(path := older)
    assert way == ["tag/x.html", "tag/x/4.html", "tag/x/3.html", "tag/x/2.html", "tag/x/1.html"]


def test_articles_of_one_moment_keep_one_order() -> None:
    same = [replace(line, at=gazette.NOON) for line in LINES[:9]]
    assert in_time(same) == in_time(reversed(same))


def test_a_group_holds_each_article_once_whatever_the_spelling() -> None:
    line = replace(LINES[0], keywords=("Sea", "sea", "ＳＥＡ", " "))
    (group,) = groups("tag", [line])
    assert (group.name, group.path, len(group.headlines)) == ("Sea", "tag/sea.html", 1)


def test_a_section_page_holds_what_the_source_and_what_the_page_puts_there() -> None:
    found = groups("category", [gazette.headline(gazette.books())])
    assert Counter(group.name for group in found) == {"文化": 1, "城市": 1}


def test_a_new_article_changes_few_files_of_a_site() -> None:
    ready = Renderer(Site(title="T"))
    before = {page.path: page.body for page in ready.list_pages(LINES[:222])}
    after = {page.path: page.body for page in ready.list_pages(LINES)}
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {
        "index.html",
        "day/index.html",
        "day/2026-11-20.html",
        "source/index.html",
        "source/the-saltmarsh-herald.html",
        "author/index.html",
        "author/a-clerk.html",
        "tag/index.html",
        "tag/notices.html",
    }


def test_a_day_leads_to_its_neighbours() -> None:
    ready = Renderer(Site(title="T"))
    days = [
        replace(LINES[0], key=f"k{at}", day=f"2026-11-1{at}", at=gazette.NOON + timedelta(days=at))
        for at in range(3)
    ]
    pages = {page.path: page.body.decode() for page in ready.list_pages(days)}
    assert '<a rel="prev" href="../day/2026-11-12.html">' in pages["day/2026-11-11.html"]
    assert '<a rel="next" href="../day/2026-11-10.html">' in pages["day/2026-11-11.html"]
