from dibao.feeds import discover

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
