"""Who wrote an article, where pages say it beside their usual places."""

import pytest

from dibao.extract.meta import Meta, read
from dibao.extract.tree import parse
from dibao.people import named

URL = "https://www.example-times.test/city/1"
SENTENCE = "<p>The bridge over the river stays closed until spring, the city said.</p>"


def said(head: str = "", body: str = "", url: str = URL) -> Meta:
    tree = parse(f"<html><head><title>A bridge closes</title>{head}</head><body>{body}</body></html>", url)
    return read(tree, url=url, outlet="Example Times", language=None, timezone=None)


def shown(before: str = "", after: str = "", text: str = SENTENCE, head: str = "") -> Meta:
    return said(head, f"{before}<h1>A bridge closes</h1>{after}{text}")


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


# --- owners -----------------------------------------------------------------------------------------------


NEWS = ld(
    '{"@type":"NewsArticle","headline":"A bridge closes","author":{"@type":"Person","name":"Mary Example"},'
    '"publisher":{"@type":"Organization","name":"Mary Example"}}'
)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://maryexample2.platform.test/p/1", ("Mary Example",)),
        ("https://mary.example.test/p/1", ("Mary Example",)),
        ("https://maryexample.test/p/1", ()),
        ("https://www.maryexample.co.test/p/1", ()),
    ],
)
def test_who_writes_under_a_host_of_their_own_name_is_no_newsroom(url: str, wanted: tuple[str, ...]) -> None:
    assert said(NEWS, SENTENCE, url).authors == wanted


def test_a_name_in_an_address_is_not_written_small_by_the_page() -> None:
    head = '<meta name="author" content="Mary Example"><meta property="og:site_name" content="Mary Example">'
    assert said(head, "<p>Write to mary@mary.test or @example.</p>").authors == ("Mary Example",)


# --- outside the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<aside class="post-author">Mary Example</aside>', ""),
        ('<div class="pull author menu-line">von <a href="/autor/1">Mary Example</a></div>', ""),
        (
            "",
            '<div class="teaser-meta"><p class="byline">VON <a href="/autoren/1">MARY EXAMPLE</a></p></div>',
        ),
        ("", '<aside><p class="author">Written By <span>Mary Example, MD*</span></p></aside>'),
    ],
)
def test_a_byline_outside_the_text_is_the_articles_if_it_stands_by_the_headline(
    before: str, after: str
) -> None:
    assert tuple(map(str.title, shown(before, after).authors)) == ("Mary Example",)


@pytest.mark.parametrize(
    "page",
    [
        "<article><h1>A bridge closes</h1>{}<footer><a rel=author>Mary Example</a></footer></article>",
        "<div><h1>A bridge closes</h1>{}<div class=post-footer>By <a rel=author>Mary Example</a></div></div>",
        "<main><h1>A bridge closes</h1>{}<aside><span class=author>Mary Example</span></aside></main>",
    ],
)
def test_a_byline_at_the_foot_of_the_article_is_its_own(page: str) -> None:
    assert said("", page.format(SENTENCE * 3)).authors == ("Mary Example",)


@pytest.mark.parametrize(
    "after",
    [
        f'{SENTENCE}<aside><span class="author">Mary Example</span></aside>',
        '<aside class="author">Mary Example</aside><aside class="author">John Sample</aside>',
        '<aside class="author">Sao Paulo</aside><p>Em sao e paulo.</p>',
        '<aside class="author related">Mary Example</aside>',
        '<nav><span class="author">Mary Example</span></nav>',
        f'{SENTENCE}<footer class="site-footer"><a rel="author">Mary Example</a></footer>',
    ],
)
def test_a_byline_outside_the_text_that_may_be_of_another_article_is_none(after: str) -> None:
    assert shown("", after).authors == ()


# --- names and what follows them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "people", "outlets"),
    [
        ("Mary Example, Sr. Director of Operations", ("Mary Example",), ()),
        ("Mary Example, Extension horticulture educators", ("Mary Example",), ()),
        ("Mary Example, MDR THÜRINGEN", ("Mary Example",), ()),
        ("Mary Example, CNN", ("Mary Example",), ("CNN",)),
        ("Mary Example, AP", ("Mary Example",), ("AP",)),
        ("Mary Example, MD*", ("Mary Example",), ()),
        ("By MARY EXAMPLE, JOHN SAMPLE", ("MARY EXAMPLE", "JOHN SAMPLE"), ()),
        ("By Mary Example, TOM Sample", ("Mary Example", "TOM Sample"), ()),
        ("EXAMPLE Mary, SAMPLE John", ("EXAMPLE Mary", "SAMPLE John"), ()),
        ("By Mary Font", ("Mary Font",), ()),
        ("MARY EXAMPLE, JOHN SAMPLE", ("MARY EXAMPLE", "JOHN SAMPLE"), ()),
        ("John Doe, Jr. and Mary Example", ("John Doe, Jr", "Mary Example"), ()),
    ],
)
def test_what_follows_a_name_is_told_from_another_name(
    byline: str, people: tuple[str, ...], outlets: tuple[str, ...]
) -> None:
    assert named([byline]) == (people, outlets)


# --- lines of text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "<h3>Author</h3><p>Mary Example</p>",
        "<li><strong>Autorin/Autor</strong> Mary Example</li>",
        "<p><b>Autor:</b> <a href='/profil/1'>Mary Example</a></p>",
        "<p>Autorin: Mary Example, Projektleiterin der Stiftung.</p>",
        "<p>Auteur : Mary Example</p>",
        "<p>Text: Mary Example</p>",
        "<div>Erstellt von Mary Example</div>",
        "<p><i>von Mary Example</i></p>",
        "<p>Ein Beitrag von <a>Mary Example</a></p>",
        "<aside><h3>Author</h3><p>Mary Example</p></aside>",
    ],
)
def test_who_is_called_the_author_in_a_line_of_text_is(line: str) -> None:
    page = f"<main><h1>A bridge closes</h1>{SENTENCE * 3}{line}</main>"
    assert said("", page).authors == ("Mary Example",)


def test_several_authors_of_one_line_are_all_found() -> None:
    meta = shown(after="", text=f"{SENTENCE}<p>Autoren Mary Example und John Sample</p>")
    assert meta.authors == ("Mary Example", "John Sample")


FAR = "<p>Seven words of it stand here now.</p>" * 200


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("<p>Autorin: Mary Example</p>", ("Mary Example",)),
        ("<p>Von Mary Example</p>", ()),
        ("<p><span>von</span> <a>Mary Example</a></p>", ()),
    ],
)
def test_far_below_the_headline_only_who_is_called_the_author_is(line: str, wanted: tuple[str, ...]) -> None:
    assert shown(text=FAR + line).authors == wanted


@pytest.mark.parametrize(
    "line",
    [
        f"<p>A book was written by <a>Mary Example</a>, and this is what it says. {'It is long. ' * 20}</p>",
        f"<p>Ride better<br>von Mary Example<br>192 pages. {'It is long. ' * 20}</p>",
        "<p>Text: the bridge over the river</p>",
        "<p>Author: Example Press</p>",
        "<figure><figcaption>By Mary Example</figcaption></figure>",
    ],
)
def test_a_sentence_a_book_and_a_caption_name_no_author(line: str) -> None:
    assert shown(text=SENTENCE + line).authors == ()


# --- what is stated, and what is shown beside it ----------------------------------------------------------


STATED = '<meta name="author" content="{}">'


@pytest.mark.parametrize(
    ("account", "line", "wanted"),
    [
        ("mexample", "<p>by <a href='/author/mexample'>Mary Example</a></p>", "Mary Example"),
        ("maryexample2", "<span class=author-name>Mary Example</span>", "Mary Example"),
        ("Mary", "<p class=byline>By Mary Example</p>", "Mary Example"),
        ("sample", "<p class=byline>By Mary Example</p>", "sample"),
        ("Jane", "<p class=byline>By Mary Example</p>", "Jane"),
    ],
)
def test_an_account_gives_way_to_the_full_name_that_it_is_of(account: str, line: str, wanted: str) -> None:
    assert shown(after=line, head=STATED.format(account)).authors == (wanted,)


LINK = '<a rel="author" href="/{0}">{0}</a>'


@pytest.mark.parametrize("between", [", ", " &amp; ", " and ", "</span> <span>"])
def test_who_signs_beside_the_one_that_is_stated_signs_too(between: str) -> None:
    links = between.join(LINK.format(name) for name in ("John Sample", "Mary Example"))
    meta = shown(after=f"<div><span>{links}</span></div>", head=STATED.format("Mary Example"))
    assert meta.authors == ("John Sample", "Mary Example")


@pytest.mark.parametrize(
    "line",
    [
        f"<p>{LINK.format('Mary Example')} Reviewed by {LINK.format('John Sample')}</p>",
        f"<p>{LINK.format('Mary Example')}</p><p>Editor: {LINK.format('John Sample')}</p>",
        f"<p>{LINK.format('Mary Example')}, {LINK.format('Business Columnist')}</p>",
    ],
)
def test_who_did_something_else_does_not_sign_beside(line: str) -> None:
    assert shown(after=f"<div>{line}</div>", head=STATED.format("Mary Example")).authors == ("Mary Example",)


def test_a_name_after_edited_by_in_its_own_element_is_no_author() -> None:
    lines = (
        "<p class=author-name>Written by <a>Mary Example</a></p>"
        "<p class=author-name>Edited by <br><a>John Sample</a></p>"
    )
    assert shown(after=lines).authors == ("Mary Example",)


AGENCY = ld(
    '{"@type":"NewsArticle","headline":"A bridge closes","author":{"@type":"Organization","name":"Reuters"}}'
)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("<p class=byline>By Mary Example, Berlin</p>", ("Mary Example",)),
        ("<p class=author-name>Washington</p>", ()),
        ("<p class=author-name>maryexample</p>", ("maryexample",)),
        ("<p class=byline>Last look · Text Size</p><p>The text is small, so look.</p>", ()),
        ("<div class=media-box><span class=byline>Mary Example</span></div>", ()),
        ("<figure><span class=byline>Mary Example</span></figure>", ()),
    ],
)
def test_beside_a_stated_outlet_only_a_name_beyond_doubt_is_a_person(
    line: str, wanted: tuple[str, ...]
) -> None:
    meta = shown(after=line, head=AGENCY)
    assert (meta.authors, meta.outlets) == (wanted, ("Reuters",))
