"""Where the facts of an article are read when pages say them in other ways, or wrongly."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dibao.extract import better, from_entry, read_page
from dibao.extract.meta import Meta, read
from dibao.extract.titles import headline
from dibao.extract.tree import parse
from dibao.model import Article, Doubt, Entry, Origin
from dibao.people import named, people

URL = "https://www.example-times.test/city/1"
DAY = datetime(2024, 3, 11, tzinfo=UTC)
NEST, TIME = '<div class="author date tags dek">', '<time datetime="x">1</time>'


def said(head: str = "", body: str = "", url: str = URL, seen_at: datetime | None = None) -> Meta:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>", url)
    return read(tree, url=url, outlet="Example Times", language=None, timezone=None, seen_at=seen_at)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def origin(meta: Meta, field: str) -> Origin:
    return next(each for each in meta.origins if each.field == field)


# --- people -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("Doe, Jane", ("Jane Doe",)),
        ("Mary Example et John Sample", ("Mary Example", "John Sample")),
        ("Mary Example y John Sample", ("Mary Example", "John Sample")),
        ("Mary Example & John Sample", ("Mary Example", "John Sample")),
        ("Mary Example, Senior Political Correspondent", ("Mary Example",)),
        ("Mary Example, MD, PhD", ("Mary Example",)),
        ("Mary Example RN BSN", ("Mary Example",)),
        ("Mary Example March 11, 2024", ("Mary Example",)),
        ("Mary ExampleMar 11", ("Mary Example",)),
        ("Authored by: Mary Example", ("Mary Example",)),
        ("Mary Example\nMedically reviewed by John Sample", ("Mary Example",)),
        ("Text: Anna Beispiel", ("Anna Beispiel",)),
        ("Ein Gastbeitrag von Anna Beispiel", ("Anna Beispiel",)),
        ("Mary Example <mary@example.test>", ("Mary Example",)),
        ("AFP, MANILA", ()),
        ("View more posts", ()),
        ("deinen Hochzeitsbloggern", ()),
        ("Instagram Account", ()),
        ("Bild © Beispiel", ()),
        ("danah boyd-Example", ()),
        ("page.head.extra.author", ()),
        ("12:20pm Jan 7", ()),
        ("Min Jin Lee", ("Min Jin Lee",)),
        ("April Sample", ("April Sample",)),
        ("記者王小明、李大同/綜合報導", ("王小明", "李大同")),
        ("生活中心／賴小佑報導", ("賴小佑",)),
        ("海風快訊／鍾小諭", ("鍾小諭",)),
        ("准颱最快明生成！4天降雨一次看", ()),
        ("보리 기자", ("보리",)),
        ("佐藤 花子", ("佐藤 花子",)),
        ("王小明 李小華", ("王小明", "李小華")),
    ],
)
def test_a_byline_is_parted_into_people(byline: str, wanted: tuple[str, ...]) -> None:
    assert people([byline], ["Example Times"]) == wanted


def test_who_signs_beside_people_is_kept_apart() -> None:
    assert named(["Mary Example, dpa"]) == (("Mary Example",), ("dpa",))


def test_an_agency_that_signs_is_no_author_and_not_lost() -> None:
    meta = said(ld('{"@type":"NewsArticle","headline":"x y z","author":{"@type":"Person","name":"dpa"}}'))
    assert (meta.authors, meta.outlets) == ((), ("dpa",))


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="post-hero__author-name">Mary Example</div>',
        '<p class="story-byline">By <a href="/u/1">Mary Example</a><time>Dec 14</time></p>',
        '<span class="author vcard"><a class="url fn n">Mary Example</a></span>',
        '<a href="/authors/mary-example">Mary Example</a>',
        '<span itemprop="author">Mary Example</span>',
        "<p>By Mary Example</p>",
        '<ul><li>Mary Example</li><li><span class="date">March 11, 2024</span></li></ul>',
    ],
)
def test_a_name_that_only_the_page_shows_is_found(markup: str) -> None:
    meta = said("<title>A bridge closes</title>", f"<h1>A bridge closes</h1>{markup}<p>It closed.</p>")
    assert meta.authors == ("Mary Example",)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="comments"><span class="author">Mary Example</span></div>',
        '<aside><span class="author-name">Mary Example</span></aside>',
        '<div class="author-bio">Mary Example</div>',
        '<div class="related-posts"><p class="byline">By Mary Example</p></div>',
    ],
)
def test_who_wrote_comments_and_other_articles_is_no_author(markup: str) -> None:
    meta = said("<title>A bridge closes</title>", f"<h1>A bridge closes</h1><p>It closed.</p>{markup}")
    assert meta.authors == ()


def test_a_person_whose_own_site_it_is_is_its_author() -> None:
    head = '<meta name="author" content="Mary Example"><meta property="og:site_name" content="Mary Example">'
    assert said(head, url="https://mary-example.test/a").authors == ("Mary Example",)


def test_a_brand_whose_words_the_page_writes_small_is_no_person() -> None:
    head = (
        '<meta name="author" content="Quiet Bridges"><meta property="og:site_name" content="Quiet Bridges">'
    )
    meta = said(head, "<p>Why bridges are quiet at night.</p>", url="https://quietbridges.test/a")
    assert (meta.authors, meta.outlets) == ((), ("Quiet Bridges",))


def test_who_reviewed_a_piece_did_not_write_it() -> None:
    body = (
        "<h1>A bridge closes</h1><div>Written by <a href='/authors/1'>Mary Example</a></div>"
        "<div>Medically reviewed by <a href='/authors/2'>John Sample</a></div>"
    )
    assert said("<title>A bridge closes</title>", body).authors == ("Mary Example",)


def test_a_box_about_the_author_gives_the_name_that_heads_it() -> None:
    about = "She has written of harbours and what becomes of them for as long as anybody here remembers. " * 2
    box = f'<div class="author-box"><h4>Mary Example</h4><p>{about}</p></div>'
    meta = said("<title>A bridge closes</title>", f"<h1>A bridge closes</h1><p>It closed.</p>{box}")
    assert (meta.authors, origin(meta, "authors").source) == (("Mary Example",), "author box")


def test_a_news_site_is_never_its_own_author() -> None:
    head = '<meta property="og:site_name" content="Fabel Kurier">' + ld(
        '{"@type":"NewsArticle","headline":"x y z","author":{"@type":"Person","name":"Fabel Kurier"}}'
    )
    meta = said(head, url="https://fabelkurier.test/a")
    assert (meta.authors, meta.outlets) == ((), ("Fabel Kurier",))


# --- headline, kicker, dek --------------------------------------------------------------------------------


def test_a_news_page_has_the_headline_that_its_title_element_does_not_repeat() -> None:
    candidates = ["Bridge closed: what to know", "The bridge is gone", "Bridge closed: what to know"]
    assert headline(candidates, ["Bridge closed: what to know"], [], is_news=True) == "The bridge is gone"


def test_a_title_that_a_template_made_is_no_headline_for_readers() -> None:
    candidates = ["A bridge closes for good", "A bridge closes - Example Times", "A bridge closes for good"]
    assert headline(candidates, [], ["Example Times"], is_news=True) == "A bridge closes for good"


def test_another_page_has_the_headline_that_it_shows() -> None:
    candidates = ["Best bridges 2025", "Best bridges 2025 | Example", "Best bridges 2025"]
    assert headline(candidates, ["Bridges", "The best bridges of 2025, tested"], []) == (
        "The best bridges of 2025, tested"
    )


def test_a_heading_that_is_the_sites_name_is_no_headline() -> None:
    assert headline(["A brief tour • Mary Example"], ["Mary Example"], []) == "A brief tour"


def test_the_lines_above_and_below_the_headline_are_kept() -> None:
    body = (
        '<span class="article-kicker">Harbour</span><h1>A bridge closes</h1>'
        '<p class="standfirst">After forty years it is no longer safe.</p><p>It closed on Monday.</p>'
    )
    meta = said("<title>A bridge closes</title>", body)
    assert (meta.kicker, meta.dek) == ("Harbour", "After forty years it is no longer safe.")


# --- dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "source"),
    [
        ('<time datetime="2024-03-11">Monday</time>', "time element"),
        ('<span class="post-date">March 11, 2024</span>', "date block"),
        ('<div class="entry-meta">Posted 11 Mar 2024 | 5 min read</div>', "text"),
        ("<p>Publié le 11 mars 2024</p>", "text"),
        ("<div>By Mary Example on 11 March 2024</div>", "text"),
    ],
)
def test_the_day_of_a_silent_page_stands_by_its_headline(markup: str, source: str) -> None:
    body = f"<h1>A bridge closes</h1>{markup}<p>It closed.</p><footer>© 2019 · 1 May 2019</footer>"
    meta = said("<title>A bridge closes</title>", body)
    assert meta.published_at is not None
    assert meta.published_at.date().isoformat() == "2024-03-11"
    assert origin(meta, "published_at").source == source


def test_a_day_in_chinese_begins_where_chinese_is_read() -> None:
    meta = said("<title>渡輪調價</title>", "<h1>渡輪調價</h1><p>發布日期：2024年3月11日</p>")
    assert meta.published_at == datetime(2024, 3, 10, 16, tzinfo=UTC)


def test_a_date_of_other_articles_is_none_of_this_one() -> None:
    other = '<aside><time datetime="2020-01-01">old</time></aside>'
    body = f"<h1>A bridge closes</h1>{other}<p class='date'>March 11, 2024</p><p>It closed.</p>"
    assert said("<title>A bridge closes</title>", body).published_at == DAY


def test_the_day_of_an_update_is_not_the_day_of_publication() -> None:
    body = '<h1>A bridge closes</h1><p class="dates">Updated March 20, 2024. Published March 11, 2024</p>'
    assert said("<title>A bridge closes</title>", body).published_at == DAY


def test_a_copyright_is_no_date() -> None:
    meta = said("<title>A bridge closes</title>", "<h1>A bridge closes</h1><p>Copyright 11 March 2024</p>")
    assert meta.published_at is None


def test_the_day_in_an_address_serves_a_page_that_shows_none() -> None:
    meta = said("", "<p>It closed.</p>", url="https://www.example-times.test/2024/03/11/bridge")
    assert (meta.published_at, origin(meta, "published_at").source) == (DAY, "url")


def test_a_date_after_the_capture_gives_way_to_one_that_can_be() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    body = '<h1>A bridge closes</h1><time datetime="2024-03-11">Monday</time>'
    assert said(head, body, seen_at=datetime(2024, 3, 12, tzinfo=UTC)).published_at == DAY


def test_a_date_that_can_not_be_is_flagged_and_not_used() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    meta = said(head, seen_at=datetime(2024, 3, 12, tzinfo=UTC))
    assert (meta.published_at, meta.published_doubt) == (None, Doubt.FUTURE)
    assert meta.published_raw == "2031-01-01T00:00:00Z"


def test_a_change_before_the_publication_is_none() -> None:
    head = (
        '<meta property="article:published_time" content="2024-03-11T08:00:00Z">'
        '<meta property="article:modified_time" content="2024-01-01T08:00:00Z">'
    )
    assert said(head).modified_at is None


def test_a_day_that_was_looked_for_gives_way_to_the_one_that_the_feed_states() -> None:
    text = "<p>It closed on Monday, and nobody knows why it was built there.</p>" * 30
    body = f"<html><title>A bridge closes</title><body>{text}<p>The bridge of 1 May 2019 is no more.</p>"
    page = read_page(body.encode(), url=URL)
    feed = from_entry(Entry(title="A bridge closes", published=DAY, summary="It closed on Monday."), url=URL)
    both = better(page, feed)
    assert both.published_at == DAY
    assert [each.source for each in both.origins if each.field == "published_at"] == ["feed"]


# --- section, keywords, address -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (ld('{"@type":"Article","headline":"x","articleSection":["Harbour"]}'), "", "json-ld"),
        ('<meta property="article:section" content="Harbour">', "", "meta"),
        (
            ld(
                '{"@type":"BreadcrumbList","itemListElement":[{"item":{"name":"Home"}},'
                '{"name":"Harbour"},{"name":"A bridge closes"}]}'
            ),
            "",
            "breadcrumb",
        ),
        (
            "",
            '<div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/h">Harbour</a></div>',
            "breadcrumb",
        ),
    ],
)
def test_the_section_is_read_wherever_it_stands(head: str, body: str, source: str) -> None:
    meta = said(head + "<title>A bridge closes</title>", f"{body}<h1>A bridge closes</h1>")
    assert (meta.section, origin(meta, "section").source) == ("Harbour", source)


def test_keywords_come_from_links_to_tags_where_none_are_stated() -> None:
    body = (
        '<h1>A bridge closes</h1><div class="tags"><a href="/tag/1">#渡輪</a><a href="/tag/2">碼頭</a></div>'
    )
    assert said("<title>A bridge closes</title>", body).keywords == ("渡輪", "碼頭")


def test_a_link_to_the_section_is_no_keyword() -> None:
    body = (
        '<h1>A bridge closes</h1><ul class="tags"><li><a href="/t/harbour">Harbour</a></li>'
        '<li><a href="/t/bridges">Bridges</a></li></ul>'
    )
    meta = said('<title>A bridge closes</title><meta property="article:section" content="Harbour">', body)
    assert meta.keywords == ("Bridges",)


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ('<link rel="canonical" href="https://www.example-times.test/">', None),
        ('<link rel="canonical" href="https://other.test/x">', None),
        (
            '<link rel="canonical" href="https://other.test/x"><meta name="syndication-source" content='
            '"https://other.test/x">',
            "https://other.test/x",
        ),
        (
            '<link rel="canonical" href="https://other.test/x"><meta property="og:url" content="/city/2">',
            "https://www.example-times.test/city/2",
        ),
    ],
)
def test_the_address_of_another_site_is_believed_only_of_a_copy(head: str, wanted: str | None) -> None:
    assert said(head).canonical_url == wanted


def test_a_copy_may_name_the_site_that_its_address_holds() -> None:
    link = '<link rel="canonical" href="https://news.test/x">'
    assert said(link, url="https://cache.test/c/s/news.test/x").canonical_url == "https://news.test/x"


# --- JSON-LD ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{&quot;@type&quot;:&quot;Article&quot;,&quot;headline&quot;:&quot;A bridge closes&quot;}",
        '{"@type":"Article","headline":"A bridge closes","url":"https:\\/\\/x.test\\/\\d"}',
        '{"@type":"WebPage","mainEntity":{"@type":"ItemPage","mainEntity":{"@type":"Article","headline":'
        '"A bridge closes"}}}',
    ],
)
def test_json_ld_is_read_with_its_faults(text: str) -> None:
    assert said(ld(text)).title == "A bridge closes"


def test_an_author_is_read_from_json_beyond_repair() -> None:
    text = (
        '{"@type":"Article","x":"a "b" c","headline":"A bridge","author":[{"@type":"Person","name":"Mary X"}]'
    )
    assert said(ld(text)).authors == ("Mary X",)


def test_what_the_article_does_not_say_is_taken_from_its_page() -> None:
    text = (
        '[{"@type":"WebPage","datePublished":"2024-03-11"},'
        '{"@type":"Article","headline":"A bridge closes","author":"Mary Example"}]'
    )
    meta = said(ld(text))
    assert (meta.published_at, meta.authors) == (DAY, ("Mary Example",))


def test_other_articles_in_json_ld_lend_nothing() -> None:
    text = (
        '[{"@type":"NewsArticle","headline":"A bridge closes"},'
        '{"@type":"NewsArticle","headline":"A ferry sinks","author":"Mary Example"}]'
    )
    assert said(ld(text)).authors == ()


@pytest.mark.parametrize(
    "body",
    [
        f"<title>{'a - b | c _ ' * 20_000}</title>",
        f"<h1>A bridge</h1>{NEST * 200}{'a 2024 ' * 20_000}",
        f"<h1>A bridge</h1>{TIME * 20_000}",
        ld('{"author":' * 20_000),
        ld(", " * 100_000),
    ],
)
def test_a_page_made_to_take_forever_says_nothing(body: str) -> None:
    meta = said("", body)
    assert (meta.authors, meta.published_at) == ((), None)


# --- where it was read ----------------------------------------------------------------------------------


def test_each_fact_says_where_it_was_read() -> None:
    head = ld('{"@type":"NewsArticle","headline":"A bridge closes","author":"Mary Example"}')
    meta = said(head, '<h1>A bridge closes</h1><span class="byline-name">Mary Example</span>')
    unconfirmed = said(head, "<h1>A bridge closes</h1>")
    assert origin(meta, "authors").source == "json-ld"
    assert origin(meta, "authors").confidence > origin(unconfirmed, "authors").confidence
    assert all(0 < each.confidence <= 1 for each in meta.origins)


def test_an_author_whom_only_the_text_names_comes_from_there() -> None:
    text = "<p>（中央社記者王小明台北4日電）渡輪明天起調價，往返碼頭的乘客要多付一些錢。</p>" * 3
    article = read_page(f"<title>渡輪調價</title><article>{text}</article>".encode(), url=URL)
    assert article.authors == ("王小明",)
    assert [each.source for each in article.origins if each.field == "authors"] == ["credits"]


def test_an_article_without_origins_is_still_an_article() -> None:
    article = Article(title="A bridge closes", html="<p>x</p>", text="x")
    assert replace(article, origins=()) == article


@pytest.mark.parametrize("separator", [" | ", " - ", " — ", "_"])
@pytest.mark.parametrize("shown", ["<h1>Council hears residents</h1>", "<h1>Lantern Daily</h1><h2>…</h2>"])
def test_a_sites_name_before_the_headline_is_not_the_headline(separator: str, shown: str) -> None:
    title = f"Lantern Daily{separator}Council hears residents on the old mill field"
    shown = shown.replace("residents<", "residents on the old mill field<")
    body = f"<body>{shown}<p>{'A long line of text. ' * 9}</p></body>"
    page = f"<html><head><title>{title}</title></head>{body}</html>"
    found = read_page(page.encode(), url="https://x.example/a")
    assert found.title == "Council hears residents on the old mill field"
