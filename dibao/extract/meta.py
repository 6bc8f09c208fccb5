"""What a page says of its article outside the text: JSON-LD first, then meta elements, then its markup."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import htmldate
import lxml.html

from dibao.dates import parse_date
from dibao.extract import jsonld
from dibao.extract.guard import TROUBLE
from dibao.extract.jsonld import Thing
from dibao.extract.titles import headline
from dibao.extract.tree import Tree, ancestors, attribute, kind, words
from dibao.people import people
from dibao.text import squeeze
from dibao.urls import absolute, host

_LONGEST = 500  # characters of a dek
_MOST_KEYWORDS = 30
_COMMA = re.compile(r"[,，、;；]")
_BYLINES = (
    '[rel~="author"]',
    '[itemprop="author"] [itemprop="name"]',
    '[itemprop="author"]',
    '[class*="byline-name"],[class*="author-name"],[class*="author__name"],[class*="authorname"],[class*="AuthorName"]',
    'a[href*="/author/"],a[href*="/authors/"],a[href*="/autor/"],a[href*="/autoren/"],a[href*="/reporter/"]',
    '[class*="byline"],[class*="by-line"],[class*="Byline"]',
    '[class*="author"],[class*="reporter"],.writer',
)
_DEKS = (
    ".dek,.deck,.standfirst,.subheadline,.sub-headline,.article-dek,.article__dek,.article-summary,"
    ".article__subtitle"
)
_PUBLISHED_WORDS = (
    "article:published_time og:published_time og:article:published_time pubdate publishdate "
    "publish-date publish_date publication_date parsely-pub-date sailthru.date article.published "
    "dc.date.issued dcterms.created dc.date dcterms.date date cxenseparse:recs:publishtime"
)
_PUBLISHED = tuple(_PUBLISHED_WORDS.split())
_MODIFIED = [
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "revised",
]
_UNTIL = "2100-01-01"  # so that htmldate doesn't ask the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What is said of an article beside its text."""

    title: str | None = None
    dek: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    canonical_url: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    modified_at: datetime | None = None
    language: str | None = None  # as declared
    images: tuple[str, ...] = ()
    is_article: bool = False  # the page says that it is one
    body: str | None = None  # its text, as JSON-LD gives it


def read(tree: Tree, *, url: str, outlet: str | None, language: str | None, timezone: str | None) -> Meta:
    """Return what the page says of its article; the tree must still be whole."""
    said = _meta(tree)
    thing = jsonld.article(tree)
    declared = _declared_language(tree, said, thing) or language
    outlets = _outlets(said, thing, url, outlet)
    date = partial(_date, language=declared, timezone=timezone)
    published, raw = date(_published(tree, said, thing))
    authors, byline = _authors(tree, said, thing, outlets)
    return Meta(
        title=_title(tree, said, thing, outlets),
        dek=_dek(tree, said, thing),
        authors=authors,
        byline=byline,
        section=_section(said, thing),
        keywords=_keywords(tree, said, thing, outlets),
        canonical_url=_canonical(tree, said, url),
        published_at=published or (None if raw else _searched(tree, url, timezone)),
        published_raw=raw,
        modified_at=date(_modified(tree, said, thing))[0],
        language=declared,
        images=_images(said, thing, url),
        is_article=bool(thing) or "article" in said.get("og:type", "").lower(),
        body=jsonld.first(thing.get("articleBody")),
    )


def _meta(tree: Tree) -> dict[str, str]:
    """Return the meta elements by lower-case name; of several, the first, but all tags."""
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = (
            (attribute(node, "property") or attribute(node, "name") or attribute(node, "itemprop"))
            .strip()
            .lower()
        )
        value = squeeze(attribute(node, "content"))
        if name == "article:tag" and name in said:
            said[name] += f",{value}"
        elif name and value:
            said.setdefault(name, value)
    return said


def _declared_language(tree: Tree, said: dict[str, str], thing: Thing) -> str | None:
    root = tree.css_first("html")
    on_root = (attribute(root, "lang") or attribute(root, "xml:lang")) if root is not None else ""
    return on_root or jsonld.first(thing.get("inLanguage")) or said.get("og:locale")


def _outlets(said: dict[str, str], thing: Thing, url: str, outlet: str | None) -> list[str | None]:
    name = host(url).removeprefix("www.").partition(":")[0]
    label = max(name.split("."), key=len) if name else None
    publisher = jsonld.texts(thing.get("publisher")) + jsonld.texts(thing.get("sourceOrganization"))
    given = re.sub(r"^[（(][^（）()]*[）)]\s*", "", outlet or "")  # "(臺)中央社CNA"
    return [outlet, given, said.get("og:site_name"), said.get("application-name"), *publisher, name, label]


# --- title, dek, section, keywords -----------------------------------------------------------------


def _title(tree: Tree, said: dict[str, str], thing: Thing, outlets: list[str | None]) -> str | None:
    title = tree.css_first("title")
    headings = [words(node) for node in tree.css("h1") if 4 <= len(words(node)) <= 300]
    candidates = [jsonld.first(thing.get("headline")), said.get("og:title"), said.get("twitter:title")]
    return headline([*candidates, words(title) if title is not None else None], headings, outlets)


def _dek(tree: Tree, said: dict[str, str], thing: Thing) -> str | None:
    shown = tree.css_first(_DEKS)
    text = words(shown) if shown is not None else ""
    if 10 <= len(text) <= _LONGEST:
        return text
    written = jsonld.first(thing.get("description")) or said.get("og:description") or said.get("description")
    return written if written and len(written) <= _LONGEST else None


def _section(said: dict[str, str], thing: Thing) -> str | None:
    section = jsonld.first(thing.get("articleSection")) or said.get("article:section") or said.get("section")
    return section if section and len(section) <= 60 else None


def _keywords(tree: Tree, said: dict[str, str], thing: Thing, outlets: list[str | None]) -> tuple[str, ...]:
    given = (
        jsonld.texts(thing.get("keywords")),
        [said.get("news_keywords", "")],
        [said.get("article:tag", "")],
        [said.get("keywords", "")],
        [words(node) for node in tree.css('a[rel~="tag"]')],
    )
    return next((found for texts in given if (found := keywords(texts, outlets))), ())


def keywords(given: Iterable[str], outlets: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return keywords without "#", each once; names of the outlet are none."""
    parts = (squeeze(part.strip().lstrip("#＃")) for text in given for part in _COMMA.split(text))
    return tuple(
        dict.fromkeys(part for part in parts if 1 < len(part) <= 60 and part not in {"NewsArticle", *outlets})
    )[:_MOST_KEYWORDS]


def _canonical(tree: Tree, said: dict[str, str], url: str) -> str | None:
    link = tree.css_first('link[rel~="canonical"]')
    written = attribute(link, "href") if link is not None else ""
    return absolute(url, written) or absolute(url, said.get("og:url"))


def _images(said: dict[str, str], thing: Thing, url: str) -> tuple[str, ...]:
    given = [
        said.get("og:image:secure_url"),
        said.get("og:image"),
        said.get("twitter:image"),
        *_pictured(thing.get("image")),
    ]
    return tuple(dict.fromkeys(link for image in given if (link := absolute(url, image))))


def _pictured(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _pictured(item)
    elif isinstance(value, dict):
        yield from _pictured(value.get("url") or value.get("contentUrl"))


# --- authors ---------------------------------------------------------------------------------------


def _authors(
    tree: Tree, said: dict[str, str], thing: Thing, outlets: list[str | None]
) -> tuple[tuple[str, ...], str | None]:
    """Return the people, and the byline as it was written."""
    named = (
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "byl",
        "byline",
        "twitter:creator",
    )
    written = [said.get(name, "") for name in named]
    given = [jsonld.people(thing.get("author")) or jsonld.people(thing.get("creator"))]
    given += [[text] for text in written if text and not text.startswith(("http", "@", "/"))]
    given += [_short(tree, selector) for selector in _BYLINES]
    for bylines in given:
        found = people(bylines, outlets)
        if found:
            return found, ", ".join(bylines)[:300]
    return (), next((", ".join(bylines)[:300] for bylines in given if bylines), None)


def _short(tree: Tree, selector: str) -> list[str]:
    """Return the texts of a selector's nodes that are as short as a byline, outside of comments and lists."""
    nodes = [
        node
        for node in tree.css(selector)
        if not any(kind(above) in ("aside", "footer", "li") for above in ancestors(node))
    ]
    return list(dict.fromkeys(text for node in nodes[:5] if 2 <= len(text := words(node)) <= 80))


# --- dates -----------------------------------------------------------------------------------------


def _date(
    given: Iterable[str], *, language: str | None, timezone: str | None
) -> tuple[datetime | None, str | None]:
    """Return the first date that can be read and its words, or None and the first words that were said."""
    raw: str | None = None
    for text in given:
        raw = raw or text
        date = parse_date(text, language=language, timezone=timezone)
        if date:
            return date, text
    return None, raw


def _published(tree: Tree, said: dict[str, str], thing: Thing) -> Iterator[str]:
    yield from jsonld.texts(thing.get("datePublished"))
    yield from jsonld.texts(thing.get("dateCreated"))
    yield from (said[name] for name in _PUBLISHED if name in said)
    yield from _itemprop(tree, "datePublished")
    yield from _times(tree)


def _modified(tree: Tree, said: dict[str, str], thing: Thing) -> Iterator[str]:
    yield from jsonld.texts(thing.get("dateModified"))
    yield from (said[name] for name in _MODIFIED if name in said)
    yield from _itemprop(tree, "dateModified")


def _itemprop(tree: Tree, name: str) -> Iterator[str]:
    for node in tree.css(f'[itemprop="{name}"]')[:3]:
        yield from filter(
            None, [attribute(node, "content") or attribute(node, "datetime") or words(node)[:60]]
        )


def _times(tree: Tree) -> Iterator[str]:
    """Yield the times of the article itself, else the page's only one."""
    inside, all_ = tree.css("article time[datetime]"), tree.css("time[datetime]")
    for node in inside[:1] or (all_ if len(all_) == 1 else tree.css("time[pubdate]")[:1]):
        yield from filter(None, [attribute(node, "datetime")])


def _searched(tree: Tree, url: str, timezone: str | None) -> datetime | None:
    """Return the day that htmldate finds; it is given a tree, since it would fetch what looks like a URL."""
    try:
        page = lxml.html.document_fromstring(tree.html or "")
        day = htmldate.find_date(page, original_date=True, url=url, max_date=_UNTIL)
    except TROUBLE:
        return None
    return parse_date(day, timezone=timezone) if day else None
