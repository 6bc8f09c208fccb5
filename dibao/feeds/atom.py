"""Atom 1.0 (RFC 4287) and 0.3 -> Feed."""

from itertools import islice

from dibao.feeds.elements import (
    Element,
    Fields,
    address,
    attribute,
    every,
    fields,
    first,
    html,
    language,
    source_of,
    text,
    when,
)
from dibao.feeds.media import enclosures
from dibao.feeds.plain import person, plain, tidy, unique
from dibao.feeds.rss import bodies
from dibao.model import Entry, Feed

_PUBLISHED = ("published", "issued", "created", "dc:date")
_UPDATED = ("updated", "modified", "dcterms:modified")


def read_atom(root: Element, url: str, most: int) -> Feed:
    """Return the feed of a ``feed`` element, with at most so many entries."""
    found = fields(root)
    said = language(root, found)
    return Feed(
        format="atom0.3" if "purl.org/atom" in str(root.tag) else "atom1.0",
        title=_title(found),
        link=_link(found, url, "alternate"),
        language=said,
        entries=tuple(_entry(element, url, said) for element in islice(root.iter("{*}entry"), most)),
        hub=_link(found, url, "hub"),
    )


def _entry(entry: Element, url: str, spoken: str | None) -> Entry:
    found = fields(entry)
    own = language(entry, found)
    published, published_raw = when(found, _PUBLISHED, own or spoken)
    updated, updated_raw = when(found, _UPDATED, own or spoken)
    content, summary = bodies(found, ("content", "content:encoded"), ("summary", "description"))
    return Entry(
        guid=tidy(first(found, "id")),
        link=_link(found, url, "alternate"),
        title=_title(found),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        authors=_authors(found),
        categories=_categories(found),
        content=content,
        summary=summary,
        language=own,
        enclosures=enclosures(found, url),
        raw=source_of(entry),
    )


def _title(found: Fields) -> str | None:
    for element in every(found, "title", "dc:title"):
        literal = attribute(element, "type") in ("text", "text/plain")
        title = tidy(text(element)) if literal else plain(html(element))
        if title:
            return title
    return None


def _link(found: Fields, url: str, rel: str) -> str | None:
    """Return the first link of this relation; one without a relation is an alternate."""
    for element in every(found, "link", "atom:link"):
        if (attribute(element, "rel") or "alternate").lower() == rel:
            link = address(element, attribute(element, "href") or text(element), url)
            if link:
                return link
    return None


def _authors(found: Fields) -> tuple[str, ...]:
    people = (fields(author) for author in every(found, "author"))
    named = unique(person(first(parts, "name")) for parts in people)
    return named or unique(person(text(element)) for element in every(found, "dc:creator"))


def _categories(found: Fields) -> tuple[str, ...]:
    named = (attribute(each, "label", "term") or text(each) for each in every(found, "category"))
    return unique(plain(name) for name in (*named, *map(text, every(found, "dc:subject"))))
