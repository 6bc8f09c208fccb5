"""Sitemaps and pages of headlines as sources, from the subscription to the kept article."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dibao import pipeline, subscribe
from dibao.archive.sources import SqliteSources
from dibao.errors import ConfigError
from dibao.model import Kind, Outcome, Source, Visit
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import hostile_server, make_archive, pass_time, titles, walk
from tests.flow.servers import Answer, Site, article, rss
from tests.flow.test_cli import dibao

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
TODAY = f"{START:%Y-%m-%dT%H:%M:%SZ}"
STORIES = ("渡輪調價", "海豹數量增加三成", "老戲院重新開張首週放映經典默片")


def urlset(*entries: tuple[str, str | None], news: bool = False) -> Answer:
    """Return the answer of a sitemap of (address, time of its last change); of news, with titles."""

    def told(number: int) -> str:
        if not news:
            return ""
        about = "<n:publication><n:name>青楓社</n:name><n:language>zh-tw</n:language></n:publication>"
        date = f"<n:publication_date>{TODAY}</n:publication_date>"
        return f"<n:news>{about}{date}<n:title>{STORIES[number]}</n:title></n:news>"

    body = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}{told(number)}</url>"
        for number, (url, changed) in enumerate(entries)
    )
    root = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="{NEWS}">{body}</urlset>'
    return 200, "application/xml", root.encode()


def index(*parts: tuple[str, str | None]) -> Answer:
    """Return the answer of an index of (sitemap, time of its last change)."""
    body = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in parts
    )
    return 200, "text/xml", f"<sitemapindex>{body}</sitemapindex>".encode()


def headlines(site: Site, *numbers: int, into: str = "") -> Answer:
    """Return the answer of a page that lists stories."""
    rows = "".join(
        f'<li><a href="{site.url}/a/{n}">號外第{n}則：{STORIES[n % 3]}的後續報導</a></li>' for n in numbers
    )
    html = f'<html lang="zh-Hant"><title>本地</title><body>{into}<ul class="list">{rows}</ul></body></html>'
    return 200, "text/html; charset=utf-8", html.encode()


@pytest.fixture
def site(site: Site) -> Site:
    """Give a server with pages of articles below /a/."""
    for number in range(12):
        text = f"第{number}則，青港地方法院今天作出裁定，全案仍可抗告。"
        site.pages[f"/a/{number}"] = article(f"號外第{number}則", text)
    return site


def watch(it: Opened, url: str, **wished: Any) -> subscribe.Added:
    return subscribe.subscribe(it, url, wished)


def asked(site: Site, *paths: str) -> list[int]:
    return [site.count(path) for path in paths]


def test_the_articles_of_a_news_sitemap_are_kept(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/news.xml"] = urlset(*((f"{site.url}/a/{n}", None) for n in range(3)), news=True)
    added = watch(it, f"{site.url}/news.xml")
    assert (added.source.kind, added.source.name, added.source.language) == ("sitemap", "青楓社", "zh-tw")
    assert (added.titles, added.announced) == (STORIES, 3)
    walk(it, workers)
    assert titles(it) == [f"號外第{n}則" for n in range(3)]
    assert asked(site, "/news.xml", "/a/0") == [1, 1]
    (kept,) = it.library.kept([line.key for line in it.library.headlines()][:1])
    assert kept.latest.entry
    assert kept.latest.entry.outlets == ("青楓社",)


def test_a_news_sitemap_s_title_is_kept_when_the_page_is_out_of_reach(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/news.xml"] = urlset((f"{site.url}/gone", None), news=True)
    watch(it, f"{site.url}/news.xml")
    walk(it, workers)
    assert titles(it) == [STORIES[0]]
    assert [why for _, why in it.library.partial()] == ["the server answered 404"]


def test_an_address_without_title_whose_page_is_out_of_reach_makes_no_article(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/map.xml"] = urlset((f"{site.url}/gone", TODAY), (f"{site.url}/a/1", TODAY))
    watch(it, f"{site.url}/map.xml")
    walk(it, workers)
    assert titles(it) == ["號外第1則"]
    assert it.library.counts()[1]["failing"] == 1


def test_new_addresses_without_titles_are_new_articles_at_each_poll(
    it: Opened, site: Site, workers: Workers
) -> None:
    for upto in (2, 3, 5):
        site.pages["/map.xml"] = urlset(*((f"{site.url}/a/{n}", None) for n in range(upto)))
        if upto == 2:
            watch(it, f"{site.url}/map.xml")
        walk(it, workers)
        assert titles(it) == [f"號外第{n}則" for n in range(upto)]
        pass_time(it, 1)
    assert asked(site, "/a/4") == [1]


def test_an_index_and_its_parts_are_asked_once_a_poll_though_it_names_itself(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/index.xml"] = index(
        (f"{site.url}/index.xml", None), (f"{site.url}/one.xml", None), (f"{site.url}/two.xml", None)
    )
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY), (f"{site.url}/a/2", TODAY))
    # The second part is an index too: of the first, of itself, and of the one above.
    site.pages["/two.xml"] = index(
        *((f"{site.url}/{name}.xml", None) for name in ("one", "two", "index", "three"))
    )
    site.pages["/three.xml"] = urlset((f"{site.url}/a/3", TODAY))
    added = watch(it, f"{site.url}/index.xml")
    assert (added.announced, added.parts) == (0, 3)
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則", "號外第3則"]
    names = ("/index.xml", "/one.xml", "/two.xml", "/three.xml")
    assert asked(site, *names) == [1, 1, 1, 1]
    pass_time(it, 1.1)
    walk(it, workers)
    assert asked(site, *names) == [2, 2, 2, 2]


def test_a_part_that_did_not_change_since_is_not_asked_again_and_one_that_did_is(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/old.xml", "2026-03-03"), (f"{site.url}/new.xml", TODAY))
    site.pages["/old.xml"] = urlset((f"{site.url}/a/1", "2026-03-03"))
    site.pages["/new.xml"] = urlset((f"{site.url}/a/2", TODAY))
    watch(it, f"{site.url}/index.xml")
    walk(it, workers)
    later = f"{START + timedelta(minutes=90):%Y-%m-%dT%H:%M:%SZ}"
    site.pages["/index.xml"] = index((f"{site.url}/old.xml", "2026-03-03"), (f"{site.url}/new.xml", later))
    site.pages["/new.xml"] = urlset((f"{site.url}/a/2", TODAY), (f"{site.url}/a/3", later))
    for _ in range(2):
        pass_time(it, 2)
        walk(it, workers)
    assert asked(site, "/index.xml", "/old.xml", "/new.xml") == [3, 1, 2]
    assert titles(it) == ["號外第1則", "號外第2則", "號外第3則"]


def test_a_part_whose_index_gives_no_date_is_asked_at_the_source_s_pace_then_less_often(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", None))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY))
    watch(it, f"{site.url}/index.xml")
    for _ in range(17):
        walk(it, workers)
        pass_time(it, 1.01)
    # After 0, 1, 3, 7 and 15 hours.
    assert asked(site, "/index.xml", "/one.xml") == [17, 5]


def test_a_person_who_asks_now_has_the_parts_asked_too(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", None))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY))
    source = watch(it, f"{site.url}/index.xml").source
    walk(it, workers)
    for minutes, times in ((5, 1), (15, 2)):
        pass_time(it, minutes / 60)
        it.sources.hasten(source.id, it.clock.now())
        walk(it, workers)
        assert asked(site, "/one.xml") == [times]


def test_an_index_that_always_claims_news_is_no_reason_to_ask_for_ever(
    it: Opened, site: Site, workers: Workers
) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        site.pages[f"/{name}.xml"] = index(
            (f"{site.url}/{other}.xml", "2099-01-01"), (f"{site.url}/c.xml", "2099-01-01")
        )
    site.pages["/c.xml"] = urlset()
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", "2099-01-01"))
    watch(it, f"{site.url}/index.xml")
    walk(it, workers)
    assert asked(site, "/one.xml", "/two.xml", "/c.xml") == [1, 1, 1]


def test_sitemaps_that_name_ever_deeper_ones_end_three_deep(it: Opened, site: Site, workers: Workers) -> None:
    for depth in range(9):
        site.pages[f"/{depth}.xml"] = index((f"{site.url}/{depth + 1}.xml", None))
    watch(it, f"{site.url}/0.xml")
    walk(it, workers)
    assert asked(site, *(f"/{depth}.xml" for depth in range(6))) == [1, 1, 1, 1, 0, 0]
    (note,) = it.library.notes()[1]
    assert "more than 3 indexes deep" in note


@pytest.mark.slow
def test_five_hundred_parts_are_asked_in_a_poll_the_latest_first_and_the_others_at_the_next(
    it: Opened, site: Site, workers: Workers
) -> None:
    def changed(number: int) -> str:
        return f"{START - timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}"

    for number in range(520):
        site.pages[f"/p{number}.xml"] = urlset()
    site.pages["/index.xml"] = index(*((f"{site.url}/p{n}.xml", changed(n)) for n in reversed(range(520))))
    watch(it, f"{site.url}/index.xml")
    walk(it, workers)
    assert asked(site, "/p0.xml", "/p499.xml", "/p500.xml", "/p519.xml") == [1, 1, 0, 0]
    assert it.library.notes()[1] == ["20 further sitemaps are asked at the next polls"]
    pass_time(it, 1)
    site.pages["/index.xml"] = index(*((f"{site.url}/p{n}.xml", changed(n)) for n in range(520)))
    walk(it, workers)
    assert asked(site, "/p0.xml", "/p499.xml", "/p500.xml", "/p519.xml") == [1, 1, 1, 1]
    assert it.library.notes() == {}


def test_a_foreign_sitemap_in_an_index_is_not_asked_and_that_is_said(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", None), ("http://127.0.0.2:9/two.xml", None))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY))
    watch(it, f"{site.url}/index.xml")
    outcomes = walk(it, workers)
    assert {outcome.visit.url for outcome in outcomes if outcome.visit.kind is Kind.PART} == {
        f"{site.url}/one.xml"
    }
    assert it.library.notes()[1] == ["1 sitemaps on other hosts are not asked"]


def test_a_part_that_is_gone_is_said_and_costs_the_others_nothing(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", None), (f"{site.url}/gone.xml", None))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY))
    site.pages["/gone.xml"] = 410, "text/plain", b"gone"
    watch(it, f"{site.url}/index.xml")
    walk(it, workers)
    assert titles(it) == ["號外第1則"]
    assert it.library.notes()[1] == [f"{site.url}/gone.xml: the server answered 410"]
    assert it.sources.all()[0].state == "active"
    pass_time(it, 30)
    walk(it, workers)
    assert asked(site, "/gone.xml") == [1]


def test_what_changed_long_ago_is_left_out_counted_and_can_be_had(
    it: Opened, site: Site, workers: Workers
) -> None:
    dates = ("2026-03-01", "2026-02-03", "2026-01-31", "2019-05-05", None)
    site.pages["/map.xml"] = urlset(*((f"{site.url}/a/{n}", date) for n, date in enumerate(dates)))
    added = watch(it, f"{site.url}/map.xml")
    assert (added.source.since, added.announced, added.left_out) == ("2026-02-02", 3, 2)
    walk(it, workers)
    assert titles(it) == ["號外第0則", "號外第1則", "號外第4則"]
    assert it.library.polls()[1].left_out == 2
    subscribe.change(it, added.source, {"since": "2020-01-01"})
    walk(it, workers)
    assert titles(it) == ["號外第0則", "號外第1則", "號外第2則", "號外第4則"]
    assert it.library.polls()[1].left_out == 1


def test_sitemaps_of_long_ago_are_not_asked(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/old.xml", "2019-12-31"), (f"{site.url}/one.xml", TODAY))
    site.pages["/old.xml"] = urlset((f"{site.url}/a/2", "2019-12-31"))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", TODAY))
    added = watch(it, f"{site.url}/index.xml")
    walk(it, workers)
    assert asked(site, "/old.xml", "/one.xml") == [0, 1]
    assert it.library.notes()[1] == ["1 sitemaps last changed before 2026-02-02 are not asked"]
    subscribe.change(it, added.source, {"since": "2019-01-01"})
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則"]


def test_a_sitemap_that_says_of_every_page_that_it_just_changed_is_believed_less_and_less(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/map.xml"] = urlset((f"{site.url}/a/1", TODAY))
    watch(it, f"{site.url}/map.xml")
    for hour in range(1, 46):
        walk(it, workers)
        pass_time(it, 1)
        site.pages["/map.xml"] = urlset(
            (f"{site.url}/a/1", f"{START + timedelta(hours=hour):%Y-%m-%dT%H:%MZ}")
        )
    assert asked(site, "/map.xml") == [45]
    assert 3 <= site.count("/a/1") <= 8


def test_a_list_page_is_read_by_a_selector_and_only_new_headlines_are_asked(
    it: Opened, site: Site, workers: Workers
) -> None:
    side = '<div class="x"><a href="/a/9">這一則連結在別的地方所以不算在內</a></div>'
    site.pages["/list"] = headlines(site, 1, 2, into=side)
    added = watch(it, f"{site.url}/list", selector="ul.list a")
    assert (added.source.kind, added.source.selector, added.announced) == ("page", "ul.list a", 2)
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則"]
    site.pages["/list"] = headlines(site, 3, 1, into=side)
    pass_time(it, 1)
    outcomes = walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則", "號外第3則"]
    assert [o.visit.url for o in outcomes if o.revisions] == [f"{site.url}/a/3"]
    assert asked(site, "/a/9") == [0]


def test_the_headlines_of_a_page_are_learnt(it: Opened, site: Site, workers: Workers) -> None:
    menu = '<ul class="menu"><li><a href="/politics">政治</a></li><li><a href="/sport">體育</a></li></ul>'
    site.pages["/list"] = headlines(site, 1, 2, 3, into=menu)
    added = watch(it, f"{site.url}/list", kind="page")
    assert (added.source.name, added.source.language, added.announced) == ("本地", "zh-Hant", 3)
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則", "號外第3則"]
    assert asked(site, "/politics", "/sport") == [0, 0]


def test_a_weekly_headline_that_is_always_the_same_is_a_new_article_each_time(
    it: Opened, site: Site, workers: Workers
) -> None:
    def listed(*numbers: int) -> Answer:
        rows = "".join(f'<li><a href="/a/{n}">一週天氣與潮汐預報總整理</a></li>' for n in numbers)
        return 200, "text/html; charset=utf-8", f"<ul>{rows}</ul>".encode()

    site.pages["/list"] = listed(1)
    watch(it, f"{site.url}/list", selector="li a")
    walk(it, workers)
    site.pages["/list"] = listed(2, 1)
    pass_time(it, 1)
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則"]


def test_a_page_that_no_longer_has_the_list_is_an_error_that_says_what_to_do(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/list"] = headlines(site, 1, 2, 3)
    watch(it, f"{site.url}/list", selector="ul.list a")
    walk(it, workers)
    site.pages["/list"] = 200, "text/html", b"<p>we are moving house</p>"
    pass_time(it, 1)
    walk(it, workers)
    poll = it.library.polls()[1]
    assert poll.error == "the selector 'ul.list a' finds no link"
    assert len(titles(it)) == 3


def test_a_changed_selector_is_applied_though_the_page_stayed_the_same(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/list"] = headlines(site, 1, 2, into='<h2><a href="/a/5">頭條</a></h2>')
    added = watch(it, f"{site.url}/list", selector="h2")
    walk(it, workers)
    assert titles(it) == ["號外第5則"]
    subscribe.change(it, added.source, {"selector": "ul a"})
    walk(it, workers)
    assert titles(it) == ["號外第1則", "號外第2則", "號外第5則"]


def test_an_edit_while_the_page_is_being_read_is_not_lost(it: Opened, site: Site) -> None:
    site.pages["/list"] = headlines(site, 1, 2, into='<h2><a href="/a/5">頭條</a></h2>')
    source, _ = it.sources.add(Source(name="x", url=f"{site.url}/list", kind="page", selector="h2"), START)
    (poll,) = it.archive.due(START, claimed=(), busy=(), only=None, limit=9)
    with fetching(it, keep=it.archive.keep) as fetcher:
        ((visit, capture),) = fetcher.fetch([poll])
    subscribe.change(it, source, {"selector": "ul a"})
    it.archive.settle([(visit, capture, pipeline.read(visit, capture))], pipeline.judge, START)
    again = it.library.polls()[source.id]
    assert (again.due, again.source.selector, again.etag) == (START, "ul a", None)


# --- commands -------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    return make_archive(tmp_path / "typed", site.port)


def test_adding_a_sitemap_says_so_and_how_much_of_it_is_read(archive: Path, site: Site) -> None:
    site.pages["/map.xml"] = urlset((f"{site.url}/a/1", "2019-01-01"), (f"{site.url}/a/2", None))
    said = dibao("add", f"{site.url}/map.xml", "-A", archive)
    assert "It is a sitemap." in said
    assert f"{site.url}/a/2" in said
    assert "1 entry announced" in said
    assert "1 entry last changed before" in said
    assert "left out: dibao sources edit 1 --since 2020-01-01" in dibao("status", "-A", archive)
    dibao("sources", "edit", "1", "--since", "2018-01-01", "-A", archive)
    assert "2 new" in dibao("sync", "--no-wait", "-A", archive)
    (row,) = json.loads(dibao("status", "--json", "-A", archive))["sources"]
    assert (row["kind"], row["since"], row["left_out"], row["articles"]) == ("sitemap", "2018-01-01", 0, 2)


def test_adding_an_index_says_how_many_sitemaps_it_names(archive: Path, site: Site) -> None:
    site.pages["/index.xml"] = index((f"{site.url}/one.xml", None), (f"{site.url}/two.xml", None))
    site.pages["/one.xml"] = urlset((f"{site.url}/a/1", None))
    assert "It names 2 further sitemaps" in dibao("add", f"{site.url}/index.xml", "-A", archive)
    dibao("sync", "--no-wait", "-A", archive)
    assert f"{site.url}/two.xml: the server answered 404" in dibao("status", "-A", archive)


def test_since_takes_more_from_the_beginning(archive: Path, site: Site) -> None:
    site.pages["/map.xml"] = urlset((f"{site.url}/a/1", "2019-01-01"), (f"{site.url}/a/2", "2017-01-01"))
    said = json.loads(dibao("add", f"{site.url}/map.xml", "--since", "2018-01-01", "--json", "-A", archive))
    assert (said["announced"], said["left_out"], said["source"]["since"]) == (1, 1, "2018-01-01")


def test_adding_a_page_of_headlines_needs_a_word_and_the_error_says_which(archive: Path, site: Site) -> None:
    site.pages["/list"] = headlines(site, 1, 2, 3)
    with pytest.raises(ConfigError, match="--kind page"):
        dibao("add", f"{site.url}/list", "-A", archive)
    said = dibao("add", f"{site.url}/list", "--kind", "page", "-A", archive)
    assert "list of headlines" in said
    assert "號外第1則：海豹數量增加三成的後續報導" in said


def test_a_selector_alone_makes_a_page(archive: Path, site: Site) -> None:
    site.pages["/list"] = headlines(site, 1, 2)
    said = json.loads(dibao("add", f"{site.url}/list", "--select", "ul.list a", "--json", "-A", archive))
    assert (said["source"]["kind"], said["source"]["selector"]) == ("page", "ul.list a")
    dibao("sources", "edit", "1", "--select", "", "-A", archive)
    (source,) = json.loads(dibao("sources", "--json", "-A", archive))
    assert (source["kind"], source["selector"]) == ("page", None)
    dibao("sources", "edit", "1", "--select", "h2", "-A", archive)
    assert json.loads(dibao("sources", "--json", "-A", archive))[0]["selector"] == "h2"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--kind", "blog"), "no kind of source"),
        (("--kind", "page"), "no list of headlines found; give a CSS selector"),
        (("--kind", "sitemap"), "neither a sitemap nor a list"),
        (("--select", "li >"), "not a CSS selector"),
        (("--select", "h5 a"), "finds no link"),
        (("--kind", "sitemap", "--select", "a"), "a sitemap has none"),
        (("--kind", "page", "--feed-only"), "leave --feed-only out"),
        (("--since", "last year"), "not a day"),
    ],
)
def test_what_can_t_be_is_an_error_in_words(
    archive: Path, site: Site, options: tuple[str, ...], why: str
) -> None:
    site.pages["/x"] = 200, "text/html", b"<title>x</title><p><a href=/y>y</a></p>"
    with pytest.raises(ConfigError, match=why):
        dibao("add", f"{site.url}/x", *options, "-A", archive)
    assert json.loads(dibao("sources", "--json", "-A", archive)) == []


def test_a_sitemap_that_is_watched_as_a_feed_says_how_to_put_it_right(archive: Path, site: Site) -> None:
    site.pages["/map.xml"] = urlset((f"{site.url}/a/1", None))
    with pytest.raises(ConfigError, match="--kind sitemap"):
        dibao("add", f"{site.url}/map.xml", "--kind", "feed", "-A", archive)
    dibao("add", f"{site.url}/map.xml", "--unchecked", "-A", archive)
    dibao("sync", "--no-wait", "-A", archive)
    (row,) = json.loads(dibao("status", "--json", "-A", archive))["sources"]
    assert row["error"] == "this is a sitemap: add it with --kind sitemap"
    assert "edit 1 --kind sitemap" in row["advice"]
    dibao("sources", "edit", "1", "--kind", "sitemap", "-A", archive)
    assert "1 new" in dibao("sync", "--no-wait", "-A", archive)
    (source,) = json.loads(dibao("sources", "--json", "-A", archive))
    assert source["since"] is not None


def test_a_feed_is_still_found_first(archive: Path, site: Site) -> None:
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/a/1", "摘要"))
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed"><ul><li><a href="/a/1">x</a></ul>'
    site.pages["/"] = 200, "text/html", page
    said = json.loads(dibao("add", f"{site.url}/", "--json", "-A", archive))
    assert (said["source"]["kind"], said["source"]["url"]) == ("feed", f"{site.url}/feed")


# --- a hostile server -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> Iterator[dict[str, Any]]:
    data = os.environ.get("DIBAO_TEST_DATA")
    if not data:
        pytest.skip("DIBAO_TEST_DATA is not set")
    with hostile_server(Path(data, "hostile/tools")) as server:
        yield server


def hostile_archive(folder: Path, hostile: dict[str, Any]) -> Path:
    return make_archive(folder, int(str(hostile["base"]).rpartition(":")[2]))


def hits(hostile: dict[str, Any]) -> Any:
    import urllib.request

    with urllib.request.urlopen(f"{hostile['base']}/_hits", timeout=5) as answer:
        return json.load(answer)["canary"]


@pytest.mark.slow
def test_an_index_that_lists_itself_and_an_inner_service_ends_and_touches_neither(
    tmp_path: Path, hostile: dict[str, Any], workers: Workers
) -> None:
    with opened(hostile_archive(tmp_path / "archive", hostile)) as it:
        added = watch(it, f"{hostile['base']}/sitemap/loop.xml")
        outcomes = walk(it, workers)
        assert (added.source.kind, added.parts, outcomes) == ("sitemap", 2, [])
        assert "other hosts" in it.library.notes()[1][0]
    assert hits(hostile) == 0


@pytest.mark.slow
def test_of_more_addresses_than_the_protocol_allows_so_many_are_taken(
    tmp_path: Path, hostile: dict[str, Any]
) -> None:
    with opened(hostile_archive(tmp_path / "archive", hostile)) as it:
        source = Source(name="big", url=f"{hostile['base']}/sitemap/big.xml", kind="sitemap")
        outcome = polled(it, it.sources, source)
        assert len(outcome.found) == 50_000
        assert outcome.visit.note == "only the first 50000 addresses read"
        assert it.library.counts()[1]["waiting"] == 50_000
        assert polled(it, it.sources, source).found == ()


@pytest.mark.slow
def test_a_packed_sitemap_that_unpacks_to_a_gigabyte_is_an_error(
    tmp_path: Path, hostile: dict[str, Any]
) -> None:
    with opened(hostile_archive(tmp_path / "archive", hostile)) as it:
        source = Source(name="bomb", url=f"{hostile['base']}/bomb/sitemap.xml.gz", kind="sitemap")
        outcome = polled(it, it.sources, source)
    assert outcome.error
    assert "larger than 67108864 bytes" in outcome.error


def polled(it: Opened, sources: SqliteSources, source: Source) -> Outcome:
    """Return what one poll of a source brings."""
    source, _ = sources.add(source, it.clock.now())
    visit: Visit = it.library.polls()[source.id]
    with fetching(it, keep=it.archive.keep) as fetcher:
        ((visit, capture),) = fetcher.fetch([visit])
    (outcome,) = it.archive.settle(
        [(visit, capture, pipeline.read(visit, capture))], pipeline.judge, it.clock.now()
    )
    return outcome
