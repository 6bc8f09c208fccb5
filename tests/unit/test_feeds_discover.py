import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dibao.feeds import discover
from dibao.feeds.discover import rule_feeds, rule_for, well_known
from dibao.urls import parse

URL = "https://outlet.test/a/page.html"


def test_feeds_are_found_in_page_order_and_once() -> None:
    page = """<html><head><title>x</title>
    <link rel="stylesheet" type="text/css" href="/s.css">
    <link rel="alternate" type="application/rss+xml" title=" 要聞 " href="/rss.xml">
    <link rel="alternate" hreflang="en" href="/en">
    <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="atom.xml">
    <link rel="alternate" type="application/rss+xml" title="again" href="https://outlet.test/rss.xml">
    <link rel="alternate" type="application/feed+json" href="//cdn.outlet.test/feed.json">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
    </head></html>"""
    assert discover(page.encode(), url=URL) == (
        ("https://outlet.test/rss.xml", "要聞"),
        ("https://outlet.test/a/atom.xml", None),
        ("https://cdn.outlet.test/feed.json", None),
    )


def test_a_page_may_name_another_base_and_charset() -> None:
    page = '<base href="/b/"><link rel=alternate type=application/rss+xml title=新聞報導 href=f>'.encode(
        "big5"
    )
    found = discover(page, url=URL, content_type="text/html; charset=big5")
    assert found == (("https://outlet.test/b/f", "新聞報導"),)


def test_a_page_without_feeds_names_none() -> None:
    assert discover(b"", url=URL) == ()
    assert discover(b"\xff\x00<div>" * 1000, url=URL) == ()


def test_feeds_may_be_named_in_older_ways() -> None:
    page = """<link rel="alternate" type="text/xml" href="/rdf.xml"><link rel="feed" href="/old">
    <link rel="alternate" type="application/rdf+xml" href="/index.rdf"><link rel="alternate" href="/x.atom">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
    <link rel="alternate" type="application/json+oembed" href="/oembed?format=json">
    <link rel="alternate" hreflang="en" href="/feed/en"><link rel="alternate" media="handheld" href="/m">
    <link rel="alternate" type="application/rss+xml" href="feed:https://outlet.test/f1">
    <link rel="alternate" type="application/rss+xml" href="feed://outlet.test/f2">"""
    assert [address for address, _ in discover(page.encode(), url=URL)] == [
        "https://outlet.test/rdf.xml",
        "https://outlet.test/old",
        "https://outlet.test/index.rdf",
        "https://outlet.test/x.atom",
        "https://outlet.test/f1",
        "http://outlet.test/f2",
    ]


def test_links_of_the_text_come_after_what_the_page_names() -> None:
    page = """<a href="/rss/world.xml">國際</a><a href="/subscribe">訂閱</a><a href="/story">A story</a>
    <a href="/sitemap.xml">sitemap</a><a href="/list.opml">OPML</a><a href="/en/feed/">Feed</a>
    <a href="/?feed=rss2">x</a><a href="https://feeds.example.test/a">y</a>
    <a href="/icon"><i class="fa fa-rss"></i></a><a href="/aria" aria-label="RSS"></a>
    <a href="#rss">RSS</a><a href="https://feedly.com/i/subscription/feed/https://outlet.test/rss.xml">RSS</a>
    <a href="/why">Why RSS readers are coming back, and what that means</a>
    <link rel="alternate" type="application/rss+xml" title="main" href="/main.rss">"""
    assert discover(page.encode(), url=URL) == (
        ("https://outlet.test/main.rss", "main"),
        ("https://outlet.test/rss/world.xml", "國際"),
        ("https://outlet.test/en/feed/", "Feed"),
        ("https://outlet.test/?feed=rss2", "x"),
        ("https://feeds.example.test/a", "y"),
        ("https://outlet.test/subscribe", "訂閱"),
        ("https://outlet.test/icon", None),
        ("https://outlet.test/aria", "RSS"),
    )


@pytest.mark.parametrize(
    "comments",
    [
        '<link rel="alternate" type="application/rss+xml" title="站名 » 留言 RSS 訂閱提供" href="/c">',
        '<link rel="alternate" type="application/rss+xml" title="站名 » 评论 Feed" href="/c">',
        '<link rel="alternate" type="application/rss+xml" title="Site » Comments Feed" href="/c">',
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" href="/?feed=comments-rss2">',
    ],
)
def test_feeds_of_comments_come_last(comments: str) -> None:
    opinion = '<link rel="alternate" type="application/rss+xml" title="評論" href="/opinion.xml">'
    found = discover(f'{comments}{opinion}<a href="/rss.xml">RSS</a>'.encode(), url=URL)
    assert [address for address, _ in found[:2]] == [
        "https://outlet.test/opinion.xml",
        "https://outlet.test/rss.xml",
    ]
    assert len(found) == 3


BOOK = tomllib.loads((files("dibao.feeds") / "discovery.toml").read_text(encoding="utf-8"))
ID = "UC0123456789abcdefghij-_"
# What stands in a page to which a rule applies that needs one.
PAGES = {
    "YouTube channel": f'<script>var x = {{"externalId":"{ID}"}}</script>',
    "SoundCloud": '<meta property="al:ios:url" content="soundcloud://users:1234567">',
    "Apple Podcasts": '<script>{"feedUrl":"https://outlet.example.org/podcast.xml"}</script>',
    "WordPress": '<meta name="generator" content="WordPress 6.8">',
    "Ghost": '<meta name="generator" content="Ghost 5.1">',
    "Hugo": '<meta name=generator content="Hugo 0.145.0">',
    "Blogger": "<meta content='blogger' name='generator'/>",
    "Substack": '<link rel="preconnect" href="https://substackcdn.com/">',
}
WORDPRESS = '<link rel="https://api.w.org/" href="https://outlet.example.org/news/wp-json/">'


@pytest.mark.parametrize("rule", BOOK["rule"], ids=lambda rule: rule["name"])
def test_every_rule_finds_what_its_example_says(rule: dict[str, Any]) -> None:
    if "feeds" not in rule:
        assert rule["advice"]
        return
    page, feed = rule["example"]
    if "page" not in rule:
        assert rule_feeds(page)[0] == (feed, rule["name"])
        return
    assert rule_feeds(page) == ()
    text = WORDPRESS if "wp-json" in rule["page"] else PAGES[rule["name"]]
    assert (feed, rule["name"]) in discover(text.encode(), url=page)
    assert discover(b"<p>nothing</p>", url=page) == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/owner/code/releases.atom",
        "https://github.com/owner.atom",
        "https://github.com/topics/news",
        "https://github.com/features",
        "https://outlet.substack.com/feed",
        "https://medium.com/feed/@writer",
        "https://social.example.org/@outlet.rss",
        "https://outlet.blogspot.com/feeds/posts/default",
        "https://outlet.tumblr.com/rss",
        "https://www.youtube.com/feeds/videos.xml?channel_id=" + ID,
        "https://www.youtube.com/@outlet",
        "https://example.org/",
        "https://example.org/@a/b",
        "not an address",
    ],
)
def test_what_may_be_a_feed_or_any_page_follows_no_rule(address: str) -> None:
    assert rule_feeds(address) == ()


def test_sites_without_feeds_are_known_to_have_none() -> None:
    for address in ("https://t.me/s/outlet", "https://x.com/outlet", "https://www.facebook.com/outlet"):
        rule = rule_for(address)
        assert rule is not None
        assert (rule.feeds, "RSSHub" in (rule.advice or "")) == ((), True)


def test_the_rules_say_when_they_were_written() -> None:
    assert BOOK["made"].year >= 2026


def test_usual_places_are_below_the_address_and_then_below_its_host() -> None:
    places = well_known("https://outlet.test/blog/post")
    assert places[0] == "https://outlet.test/blog/feed"
    assert "https://outlet.test/rss.xml" in places
    assert len(places) == 2 * len(BOOK["usual"])
    assert len(well_known("https://outlet.test")) == len(BOOK["usual"])
    assert well_known("nowhere") == ()


@settings(max_examples=100)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_page_at_any_address_names_only_addresses_that_can_be_asked(page: str, path: str) -> None:
    url = f"https://outlet.test/{path}"
    written = f'<a href="{page}">RSS</a><link rel="feed" href="{page}">{page}'.encode("utf-8", "replace")
    assert all(parse(address) for address, _ in (*discover(written, url=url), *rule_feeds(url)))


def test_a_page_of_a_hundred_thousand_links_names_no_more_than_a_person_can_choose_from() -> None:
    page = "".join(f'<a href="/{n}.xml">RSS</a>' for n in range(100_000))
    assert len(discover(page.encode(), url=URL)) == 200


def test_a_page_that_would_take_minutes_to_parse_names_nothing() -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed">' + b"<div>" * 100_000
    assert discover(page, url="https://outlet.test/") == ()
