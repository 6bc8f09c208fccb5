"""What stands beside an article on its page -> links by role. All texts here are our own inventions."""

import pytest

from dibao.extract import from_entry, read_page
from dibao.model import Entry, Link

URL = "https://gazette.example/town/harbour-bridge-closes"
STORY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour bridge will close for two nights next week while engineers replace the cables that hold "
        "up its eastern span, the city said on Monday, after years in which nobody had looked at them.",
        "Drivers are asked to use the tunnel instead, which will be free of charge from nine in the evening "
        "until six in the morning. Ferries will run as usual on both days, and more often at night.",
        "The work was planned for last autumn but was put off because of storms. It is expected to cost "
        "about four million, most of which comes from the regional fund, and the rest from the tolls.",
    )
)


def links(beside: str) -> tuple[Link, ...]:
    head = "<title>Harbour bridge closes</title>"
    body = f"<main><article><h1>Harbour bridge closes</h1>{STORY}</article></main>{beside}"
    return read_page(f"<html>{head}<body>{body}</body></html>".encode(), url=URL).links


def test_a_list_of_related_headlines_is_kept_outside_the_text() -> None:
    beside = """<div class="related"><h2>Related</h2><ul>
    <li><a href="/town/ferries?utm_source=list">Ferries will run all night while the bridge is closed</a></li>
    <li><a href="/town/tolls">Tolls on the bridge have not paid for its cables</a></li></ul></div>"""
    assert links(beside) == (
        Link(
            url="https://gazette.example/town/ferries",
            title="Ferries will run all night while the bridge is closed",
            role="related",
        ),
        Link(
            url="https://gazette.example/town/tolls",
            title="Tolls on the bridge have not paid for its cables",
            role="related",
        ),
    )


def test_a_teaser_has_its_headline_and_its_picture_once() -> None:
    beside = """<div class="cards"><div class="card">
    <a href="/town/ferries"><img src="/img/ferry.jpg" alt=""></a>
    <a href="/town/ferries">Town and region and harbour news</a>
    <h3><a href="/town/ferries">Ferries run all night</a></h3>
    <p><a href="/town/ferries">Read more</a></p></div></div>"""
    (link,) = links(beside)
    assert (link.title, link.role) == ("Ferries run all night", "related")
    assert link.thumbnail == "https://gazette.example/img/ferry.jpg"


def test_a_link_around_a_whole_card_has_the_headline_in_it() -> None:
    beside = """<div class="cards"><a href="/town/ferries"><div>Town</div>
    <h3>Ferries will run all night</h3><p>Nobody need swim across, the city says.</p></a></div>"""
    assert [link.title for link in links(beside)] == ["Ferries will run all night"]


def test_each_line_of_a_box_is_a_link_of_its_own() -> None:
    beside = """<div class="more-news"><a href="/town/ferries">Ferries will run all night next week</a>
    <br><br>
    <a href="/town/tolls">Tolls on the bridge have not paid for it</a></div>"""
    assert [link.title for link in links(beside)] == [
        "Ferries will run all night next week",
        "Tolls on the bridge have not paid for it",
    ]


@pytest.mark.parametrize("name", ["owl-carousel", "sponsored", "topNews", "most-popular"])
def test_what_is_promoted_is_told_apart(name: str) -> None:
    beside = f"""<div class="{name}"><div><a href="https://shop.example/boots">
    Nine boots for which your neighbours will envy you</a></div></div>"""
    assert [(link.url, link.role) for link in links(beside)] == [("https://shop.example/boots", "promoted")]


def test_related_articles_in_a_carousel_are_related() -> None:
    beside = """<div class="related"><div class="carousel"><p><a href="/town/tolls">
    Tolls on the bridge have not paid for its cables</a></p></div></div>"""
    assert [link.role for link in links(beside)] == ["related"]


def test_links_to_keywords_have_a_role_of_their_own() -> None:
    beside = """<div><a href="/tag/bridges">#Bridges</a></div>
    <div class="topics"><a href="/t/7">Tolls</a></div>
    <p><a rel="tag" href="/x/8">Harbour</a></p>"""
    assert [(link.title, link.role) for link in links(beside)] == [
        ("Bridges", "keyword"),
        ("Tolls", "keyword"),
        ("Harbour", "keyword"),
    ]


@pytest.mark.parametrize(
    "beside",
    [
        '<nav><a href="/a">Everything that we have written about the town</a></nav>',
        '<div class="mainMenu"><a href="/a">Everything that we have written about the town</a></div>',
        '<div class="site-footer"><a href="/a">What we do with all that we know about you</a></div>',
        '<div id="comments"><h4><a href="/a">I never liked that bridge, said my neighbour</a></h4></div>',
        '<div class="share-bar"><a href="/share">Tell all your friends about this article</a></div>',
        '<p><a href="/login?next=1">Log in to read what your neighbours have to say</a></p>',
        '<p><a href="/author/ann-miller">More articles about bridges by Ann Miller</a></p>',
        '<p><a href="/x">Sign up for our newsletter and never miss a bridge</a></p>',
        '<p><a href="/">The Gazette, which has told the town everything since 1901</a></p>',
        '<p><a href="https://elsewhere.example/a">A site that has nothing to do with this one</a></p>',
        '<p><a href="#top">Back up to where this article began a while ago</a></p>',
        '<p><a href="javascript:open()">Open the bridge in a window of its own</a></p>',
        f'<p><a href="{URL}?utm_source=self#more">Harbour bridge closes for two nights next week</a></p>',
        '<p><a href="/sport">Sport</a></p>',
    ],
)
def test_what_leads_to_no_other_article_is_not_kept(beside: str) -> None:
    assert links(beside) == ()


def test_the_links_of_an_article_are_in_its_text_alone() -> None:
    linked = STORY.replace(
        "Drivers are asked", '<a href="/town/drivers">Drivers who cross it daily</a> are asked'
    )
    page = f"<title>Harbour bridge closes</title><article><h1>Harbour bridge closes</h1>{linked}</article>"
    article = read_page(page.encode(), url=URL)
    assert "/town/drivers" in article.html
    assert article.links == ()


def test_a_page_made_of_links_gives_a_hundred() -> None:
    many = "".join(
        f'<p><a href="/town/{n}">The bridge was closed for the {n}th time this year</a></p>'
        for n in range(400)
    )
    assert len(links(f'<div class="list">{many}</div>')) == 100


def test_a_feeds_own_keywords_and_teasers_are_links_too() -> None:
    content = f"""{STORY}<div class="tags"><a href="/tag/1">#Bridges</a><a href="/tag/2">#Tolls</a></div>
    <div class="related"><ul><li><a href="/town"><b>Town</b></a><img src="/img/ferry.jpg">
    <a href="/town/ferries">Ferries will run all night</a></li></ul></div>"""
    article = from_entry(Entry(link=URL, title="Harbour bridge closes", content=content))
    assert [(link.title, link.role) for link in article.links] == [
        ("Bridges", "keyword"),
        ("Tolls", "keyword"),
        ("Ferries will run all night", "related"),
    ]
    assert article.links[2].thumbnail == "https://gazette.example/img/ferry.jpg"
    assert article.keywords == ("Bridges", "Tolls")
