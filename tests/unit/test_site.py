"""The site's pages: what an article shows, and links that work from anywhere."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao.feeds import discover
from dibao.model import KEPT_PAGES, Kept, Media, Source, Verdict
from dibao.publish.copies import Copy
from dibao.publish.site import POLICY, Renderer, Site, channel
from dibao.publish.volumes import feeds
from tests import gazette

PRESS = gazette.press()


def renderer(language: str = "en", **more: object) -> Renderer:
    return Renderer(Site(title="The Test Gazette", language=language), **more)  # type: ignore[arg-type]


def copy_of(path: str, width: int) -> Copy:
    return Copy(path=path, type="image/jpeg", width=width, height=width * 3 // 4, kind="JPEG")


def three_copies(url: str) -> tuple[Copy, ...]:
    """Return the copies of any picture but one that nobody has."""
    return tuple(copy_of(f"media/a-{width}.jpg", width) for width in (480, 960, 1600))


shared = cache(Renderer)  # its templates take a while to compile


def article_page(kept: Kept, language: str = "en") -> str:
    ready = shared(Site(title="The Test Gazette", language=language))
    return ready.article_page(kept, gazette.headline(kept)).body.decode()


def whole_site(articles: Sequence[Kept], site: Site) -> dict[str, bytes]:
    ready = shared(site)
    lines, by_key = [gazette.headline(kept) for kept in articles], {kept.key: kept for kept in articles}
    pages = [ready.article_page(kept, line) for kept, line in zip(articles, lines, strict=True)]
    pages += ready.site_pages(lines)
    pages += feeds(channel(site), lines, lambda keys: map(by_key.__getitem__, keys))
    found = {page.path: page.body for page in pages}
    assert len(found) == len(pages), "two pages with one path"
    return found


def one(page: str, selector: str) -> LexborNode:
    found = LexborHTMLParser(page).css_first(selector)
    assert found is not None, selector
    return found


def text_of(page: str, selector: str) -> str:
    return re.sub(r"\s+", " ", one(page, selector).text()).strip()


# --- articles -----------------------------------------------------------------------------------


def test_an_article_page_shows_everything_a_story_says_of_itself() -> None:
    page = article_page(gazette.ferry())
    assert text_of(page, "h1") == "停航三年 澎嶼夜渡輪雨中復航"
    assert text_of(page, "p.kicker") == "離島交通地方"
    assert text_of(page, ".dek").startswith("新船改用電池")
    assert text_of(page, ".outlet") == "潮汐通訊社"
    assert text_of(page, "figure.lead figcaption").endswith("海膽。 Picture: 白鷺攝")
    assert LexborHTMLParser(page).css_first("figure.lead img") is None
    assert one(page, "figure.lead a.elsewhere").attributes["rel"] == "external noopener"
    assert text_of(page, "dl.credits") == "Agency潮汐社 Place澎嶼 Reporting白鷺 Editing許望"
    assert [node.text() for node in LexborHTMLParser(page).css(".chips bdi")] == ["渡輪", "澎嶼", "離島交通"]
    assert one(page, ".original a").attributes["href"] == "https://tide.test/ferry"


def test_times_are_on_the_clocks_of_the_source() -> None:
    page = article_page(gazette.ferry(), "zh-Hant")
    assert text_of(page, ".times") == "發布 2026年11月20日 12:00 UTC+8"
    assert one(page, ".times time").attributes["datetime"] == "2026-11-20T12:00:00+08:00"


def test_a_time_zone_that_nobody_knows_is_read_as_utc() -> None:
    odd = gazette.kept(gazette.article("A"), replace(gazette.HERALD, timezone="Mars/Base\x00"))
    assert text_of(article_page(odd), ".times").endswith("04:00 UTC")


def test_an_article_without_a_credible_date_says_when_it_was_first_seen() -> None:
    page = article_page(gazette.kept(gazette.article("A", published_at=None)))
    assert text_of(page, ".times").startswith("First seen 20 November 2026")


def test_the_history_lists_every_revision_and_shows_what_an_edit_replaced() -> None:
    page = article_page(gazette.ferry())
    assert text_of(page, ".history ol") == (
        "20 November 2026, 18:00 UTC+8 edited by the source "
        "20 November 2026, 12:00 UTC+8 kept for the first time"
    )
    assert "近二百名" in text_of(page, "details#v1 .text")
    assert "二百一十二名" in text_of(page, "article > .text")


def test_a_removal_is_said_and_shows_no_earlier_version() -> None:
    page = article_page(gazette.books())
    assert "It was found gone on 22 November 2026, 04:00 UTC+8" in text_of(page, ".notice.gone")
    assert LexborHTMLParser(page).css_first("details") is None


def test_a_picture_that_is_kept_is_shown_from_the_site_itself() -> None:
    kept = gazette.ferry()
    page = renderer(image=three_copies).article_page(kept, gazette.headline(kept)).body.decode()
    image = one(page, "figure.lead img").attributes
    assert image["src"] == "../media/a-960.jpg"
    assert image["srcset"] == ("../media/a-480.jpg 480w, ../media/a-960.jpg 960w, ../media/a-1600.jpg 1600w")
    assert (image["width"], image["height"]) == ("1600", "1200")
    assert (image["fetchpriority"], image.get("loading")) == ("high", None)
    assert one(page, "figure.lead a").attributes["href"] == "../media/a-1600.jpg"


def test_an_excerpt_says_why_and_what_happens_next() -> None:
    page = article_page(gazette.excerpt())
    assert "https://tide.test/keeper answered 403" in text_of(page, ".notice.partial")
    assert "asked again" in text_of(page, ".notice.partial")


def test_the_text_is_spliced_in_as_it_is() -> None:
    html = "<p>a &amp; b &lt;c&gt; <a href=\"https://e.test/?a=1&amp;b='2'\">d</a></p>"
    assert f">\n{html}\n</div>" in article_page(gazette.kept(gazette.article("A", html)))


def test_a_picture_in_the_text_that_is_not_kept_is_only_linked_to() -> None:
    html = '<p><img src="https://e.test/a.jpg?x=1&amp;y=2" alt="A &lt;b&gt; harbour"></p>'
    page = article_page(gazette.kept(gazette.article("A", html)))
    assert LexborHTMLParser(page).css_first(".text img") is None
    link = one(page, ".text a.elsewhere")
    assert link.attributes["href"] == "https://e.test/a.jpg?x=1&y=2"
    assert link.text() == "Picture at its source: A <b> harbour"


def test_pictures_in_the_text_are_local_and_load_late() -> None:
    kept = gazette.kept(
        gazette.article(
            "A",
            '<p><img src="https://e.test/a.jpg" srcset="https://e.test/b.jpg 2x"></p>',
            media=(Media(url="https://e.test/0.jpg"),),
        )
    )
    local = renderer(image=lambda url: (copy_of("media/a b.jpg", 640),))
    image = one(local.article_page(kept, gazette.headline(kept)).body.decode(), ".text img")
    assert image.attributes == {
        "src": "../media/a%20b.jpg",
        "width": "640",
        "height": "480",
        "loading": "lazy",
        "alt": "",
        "decoding": "async",
    }


def test_a_picture_in_the_text_opens_its_largest_copy_but_where_it_is_a_link_already() -> None:
    html = (
        '<p><img src="https://e.test/a.jpg" alt="&lt;A&gt; &quot;harbour&quot;"></p>'
        '<p><a href="https://e.test/"><b><img src="https://e.test/b.jpg"></b></a></p>'
    )
    kept = gazette.kept(gazette.article("A", html, media=(Media(url="https://e.test/0.jpg"),)))
    page = renderer(image=three_copies).article_page(kept, gazette.headline(kept)).body.decode()
    assert [link.attributes["href"] for link in LexborHTMLParser(page).css(".text a:has(img)")] == [
        "../media/a-1600.jpg",
        "https://e.test/",
    ]
    assert one(page, ".text a.larger img").attributes["alt"] == '<A> "harbour"'


def test_where_no_picture_stands_above_the_text_its_first_one_is_there_at_once() -> None:
    html = '<p><img src="https://e.test/a.jpg"></p><p><img src="https://e.test/b.jpg"></p>'
    media = (Media(url="https://e.test/a.jpg"), Media(url="https://e.test/b.jpg"))
    kept = gazette.kept(gazette.article("A", html, media=media))
    page = renderer(image=three_copies).article_page(kept, gazette.headline(kept)).body.decode()
    images = [image.attributes for image in LexborHTMLParser(page).css(".text img")]
    assert [image.get("loading") for image in images] == [None, "lazy"]
    assert [image.get("fetchpriority") for image in images] == ["high", None]


@pytest.mark.parametrize(
    ("kept", "language"),
    [(gazette.ferry(), "zh-Hant"), (gazette.books(), "zh-Hans"), (gazette.marsh(), "en-GB")],
)
def test_an_article_carries_its_own_language_within_the_sites(kept: Kept, language: str) -> None:
    page = article_page(kept, "zh-Hant")
    assert one(page, "html").attributes["lang"] == "zh-Hant"
    for selector in ("h1", ".dek", "article > .text"):
        assert one(page, selector).attributes["lang"] == language


def test_a_language_that_is_no_tag_is_called_unknown() -> None:
    kept = gazette.kept(gazette.article("A", language='x" onload="y'))
    assert one(article_page(kept), "h1").attributes["lang"] == ""


@pytest.mark.parametrize(
    ("language", "front"),
    [("en", "Front page"), ("zh-Hant", "首頁"), ("zh-TW", "首頁"), ("zh-Hans", "首页"), ("fr", "Front page")],
)
def test_the_chrome_speaks_the_sites_language(language: str, front: str) -> None:
    assert text_of(article_page(gazette.marsh(), language), "nav.sections a") == front


def test_the_same_article_always_gives_the_same_bytes() -> None:
    assert article_page(gazette.ferry()) == article_page(gazette.ferry())


# --- lists and the rest -------------------------------------------------------------------------


def test_every_link_of_the_site_leads_somewhere() -> None:
    pages = whole_site(PRESS, Site(title="T"))
    for path, body in pages.items():
        if not path.endswith(".html"):
            continue
        for node in LexborHTMLParser(body).css("[href], [src]"):
            link = node.attributes.get("href") or node.attributes.get("src") or ""
            if not re.match(r"https?:|#", link):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link)))
                assert target in pages, (path, link)


def test_every_page_is_html_without_an_error() -> None:
    for path, body in whole_site(PRESS, Site(title="T", base_url="https://e.test/x")).items():
        if path.endswith(".html"):
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(body)
            assert not parser.errors, (path, parser.errors[:3])


def test_no_page_has_a_script_or_style_of_its_own_and_all_carry_the_policy() -> None:
    for path, body in whole_site(PRESS, Site(title="T")).items():
        if not path.endswith(".html"):
            continue
        tree = LexborHTMLParser(body)
        assert [(node.attributes["src"] or "")[-14:] for node in tree.css("script")] == ["assets/site.js"]
        assert not tree.css("style, [style], [onclick], [onload]")
        assert [node.attributes["content"] for node in tree.css("meta[http-equiv]")] == [POLICY]


def test_the_front_page_leads_with_the_newest_and_says_what_befell_an_article() -> None:
    page = whole_site(PRESS, Site(title="T"))["index.html"].decode()
    assert text_of(page, ".today .story h3").startswith("The sea gets its field back")
    marks = [node.text() for node in LexborHTMLParser(page).css(".mark")]
    assert marks == ["edited 1×", "excerpt", "gone"]


def test_lists_show_clock_times_only_where_all_sources_share_a_clock() -> None:
    lines = [gazette.headline(gazette.ferry())]
    shared = next(renderer(zones={1: "Asia/Taipei", 2: "Asia/Taipei"}).list_pages(lines)).body.decode()
    mixed = next(renderer(zones={1: "Asia/Taipei", 3: "Europe/London"}).list_pages(lines)).body.decode()
    assert text_of(shared, ".meta time") == "12:00"
    assert LexborHTMLParser(mixed).css_first(".meta time") is None


def test_a_day_page_belongs_to_the_sources_local_day() -> None:
    late = gazette.kept(gazette.article("A", published_at=gazette.NOON + timedelta(hours=15)), gazette.TIDE)
    assert "day/2026-11-21.html" in whole_site([late], Site(title="T"))


def test_an_empty_archive_has_a_site_that_says_so() -> None:
    pages = whole_site([], Site(title="T", language="zh-Hans"))
    assert text_of(pages["index.html"].decode(), ".empty") == "这里还没有文章。"
    assert {"feed.xml", "rss.xml", "feed.json"} <= set(pages)
    assert {"404.html", "robots.txt", "assets/style.css", "tag/index.html"} <= set(pages)


def test_every_page_names_the_feed_in_every_format() -> None:
    page = article_page(gazette.marsh()).encode()
    assert discover(page, url="https://e.test/a/x.html") == (
        ("https://e.test/feed.xml", "The Test Gazette"),
        ("https://e.test/rss.xml", "The Test Gazette (RSS)"),
        ("https://e.test/feed.json", "The Test Gazette (JSON)"),
    )


def test_the_sitemap_needs_a_base_url_and_names_every_article() -> None:
    assert "sitemap.xml" not in whole_site(PRESS, Site(title="T"))
    pages = whole_site(PRESS, Site(title="T", base_url="https://e.test/news"))
    assert pages["sitemap.xml"].count(b"<url>") == len(PRESS)
    assert f"<loc>https://e.test/news/a/{PRESS[0].key}.html</loc>".encode() in pages["sitemap.xml"]
    assert b"Sitemap: https://e.test/news/sitemap.xml" in pages["robots.txt"]
    assert b'href="https://e.test/news/assets/style.css"' in pages["404.html"]


def test_too_many_articles_for_one_sitemap_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dibao.publish.sitemap.SITEMAP_SIZE", 4)
    pages = whole_site(PRESS, Site(title="T", base_url="https://e.test/"))
    assert pages["sitemap.xml"].count(b"<sitemap>") == 3
    assert pages["sitemap-3.xml"].count(b"<url>") == 2


# --- text that tries ----------------------------------------------------------------------------


def odd(text: str) -> Kept:
    said = gazette.article(
        text,
        "<p>x</p>",
        authors=(text,),
        keywords=(text,),
        section=text,
        dek=text,
        kicker=text,
        media=(Media(url="https://e.test/p.jpg", caption="c", credit=text),),
    )
    return gazette.kept(said, Source(id=7, name=text, url="https://e.test/f"), name="odd", why=text)


def skeleton(page: str) -> list[tuple[str | None, list[str]]]:
    return [(node.tag, sorted(node.attributes)) for node in LexborHTMLParser(page).css("*")]


@pytest.mark.parametrize("text", [text for text in gazette.NASTY if text.strip()])
def test_no_text_adds_an_element_or_attribute_to_any_page(text: str) -> None:
    tame = whole_site([odd("tame")], Site(title="T"))
    wild = whole_site([odd(text)], Site(title="T"))
    assert len(tame) == len(wild)
    for (_, one), (path, other) in zip(tame.items(), wild.items(), strict=True):
        assert re.fullmatch(r"[\w./-]+", path)
        if path.endswith(".html"):
            assert skeleton(one.decode()) == skeleton(other.decode()), path


def test_an_article_taken_down_and_put_back_is_no_longer_gone() -> None:
    back = gazette.later(gazette.books(), Verdict.RESTORED)
    page = article_page(back)
    assert "back again" in text_of(page, ".history ol")
    assert LexborHTMLParser(page).css_first(".notice") is None


def test_the_first_picture_of_a_list_is_there_at_once_and_the_others_load_late() -> None:
    lines = [
        gazette.headline(
            gazette.kept(gazette.article(name, media=(Media(url="https://e.test/p.jpg"),)), name=name)
        )
        for name in ("a", "b", "c")
    ]
    pages = {page.path: page for page in renderer(image=three_copies).list_pages(lines)}
    shown = LexborHTMLParser(pages["index.html"].body.decode()).css("img[src$='a-960.jpg']")
    assert [img.attributes.get("loading") for img in shown] == [None, "lazy", "lazy"]
    assert [img.attributes.get("fetchpriority") for img in shown] == ["high", None, None]
    assert {(img.attributes["width"], img.attributes["height"]) for img in shown} == {("1600", "1200")}
    assert [img.attributes["sizes"] for img in shown][1:] == ["8.5rem", "8.5rem"]


def described(site: dict[str, bytes], path: str) -> str | None:
    found = LexborHTMLParser(site[path].decode()).css_first("meta[name=description]")
    return found.attributes["content"] if found else None


def test_a_page_says_what_is_on_it_and_nothing_where_there_is_nothing_to_say() -> None:
    plain = whole_site(PRESS, Site(title="The Test Gazette"))
    newest = LexborHTMLParser(plain["index.html"].decode()).css_first(".story h3")
    assert newest is not None
    assert (described(plain, "index.html") or "").startswith(newest.text(strip=True))
    assert described(plain, "404.html") is None
    own = whole_site(PRESS, Site(title="The Test Gazette", description="News & more"))
    assert described(own, "index.html") == "News & more"


FILM = (
    '<figure><a href="https://e.test/film"><img src="https://e.test/poster.jpg" alt="The &lt;first&gt; trip">'
    "</a></figure>"
)


def with_film(**how: Any) -> str:
    media = (Media(url="https://e.test/film", kind="video"), Media(url="https://e.test/poster.jpg"))
    kept = gazette.kept(gazette.article("A", FILM, media=media))
    return renderer(**how).article_page(kept, gazette.headline(kept)).body.decode()


def test_a_film_whose_poster_is_not_kept_is_still_a_link_to_the_film() -> None:
    page = with_film()
    links = LexborHTMLParser(page).css(".text a")
    assert [(link.attributes["href"], link.text()) for link in links] == [
        ("https://e.test/film", "▶ The <first> trip")
    ]


def test_a_poster_is_marked_as_a_films() -> None:
    assert one(with_film(image=three_copies), ".text a.plays > img").attributes["alt"] == "The <first> trip"


def test_who_took_a_picture_in_the_text_is_said_below_it_once() -> None:
    html = "".join(
        f'<figure><img src="https://e.test/{name}.jpg">{caption}</figure>'
        for name, caption in (
            ("a", "<figcaption>The quay.</figcaption>"),
            ("b", "<figcaption>The quay. Photo: Ana Lind</figcaption>"),
            ("c", ""),
        )
    )
    media = tuple(Media(url=f"https://e.test/{name}.jpg", credit="Ana Lind") for name in "abc")
    kept = gazette.kept(gazette.article("A", html, media=media))
    page = renderer(image=three_copies).article_page(kept, gazette.headline(kept)).body.decode()
    told = [each.text() for each in LexborHTMLParser(page).css(".text figcaption")]
    assert told == ["The quay. Picture: Ana Lind", "The quay. Photo: Ana Lind", "Picture: Ana Lind"]


def test_the_original_of_a_page_kept_by_itself_is_named_by_its_host() -> None:
    kept = gazette.kept(gazette.article("A", "<p>b</p>"))
    alone = replace(kept.latest, source=KEPT_PAGES, url="https://www.lantern.test/1", entry=None)
    alone = replace(alone, article=replace(alone.article, canonical_url=None))
    page = article_page(replace(kept, revisions=(alone,)))
    assert text_of(page, ".original a") == "lantern.test"
