"""RSS 0.9x, 2.0 and 1.0 (RDF) -> Feed.

https://www.rssboard.org/rss-specification and http://purl.org/rss/1.0/spec; case is ignored.
"""

from itertools import islice

from dibao.feeds.elements import (
    Element,
    Fields,
    about,
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
from dibao.model import Entry, Feed
from dibao.urls import parse

_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 7 * 86400, "monthly": 30 * 86400, "yearly": 365 * 86400}
_PUBLISHED = (
    "pubdate",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "atom:published",
    "published",
    "date",
)
_UPDATED = ("dcterms:modified", "atom:updated", "updated", "lastbuilddate")


def read_rss(root: Element, url: str, most: int) -> Feed:
    """Return the feed below an ``rss`` or ``rdf:RDF`` element, with at most so many entries."""
    channel = next(root.iter("{*}channel"), root)
    found = fields(channel)
    said = language(channel, found) or language(root, {})
    return Feed(
        format=_format(root),
        title=plain(first(found, "title", "dc:title")),
        link=_link(found, url),
        language=said,
        entries=tuple(_entry(item, url, said) for item in islice(root.iter("{*}item"), most)),
        ttl=_ttl(found),
        hub=_hub(found, url),
    )


def _format(root: Element) -> str:
    if not str(root.tag).lower().endswith("rdf"):
        return "rss" + (attribute(root, "version") or "2.0")
    old = any("my.netscape.com" in str(uri) for uri in root.nsmap.values())
    return "rss0.9" if old else "rss1.0"


def _entry(item: Element, url: str, spoken: str | None) -> Entry:
    found = fields(item)
    own = language(item, found)
    published, published_raw = when(found, _PUBLISHED, own or spoken)
    updated, updated_raw = when(found, _UPDATED, own or spoken)
    content, summary = bodies(
        found, ("content:encoded", "xhtml:body", "body", "atom:content"), ("description",)
    )
    return Entry(
        guid=tidy(first(found, "guid", "atom:id", "dc:identifier")) or about(item),
        link=_link(found, url) or _guid_link(item, found),
        title=plain(first(found, "title", "dc:title")),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        authors=_authors(found),
        categories=unique(plain(text(element)) for element in every(found, "category", "dc:subject")),
        content=content,
        summary=summary,
        language=own,
        enclosures=enclosures(found, url),
        raw=source_of(item),
    )


def bodies(found: Fields, full: tuple[str, ...], short: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Return content and summary: the full text if there is one, else the longest description.

    A summary that says the same as the content is left out.
    """
    groups = [fields(group) for group in every(found, "media:group")]
    described = [body for body in map(html, every(found, "media:description")) if body]
    described += [body for group in groups for body in map(html, every(group, "description")) if body]
    summaries = [body for body in map(html, every(found, *short, "atom:summary")) if body]
    whole = next((body for body in map(html, every(found, *full)) if body), None)
    content = whole or max((*described, *summaries), key=len, default=None)
    return content, next((body for body in (*summaries, *described) if body != content), None)


def _authors(found: Fields) -> tuple[str, ...]:
    names = unique(person(text(element)) for element in every(found, "dc:creator", "author"))
    people = [fields(element) for element in every(found, "atom:author")]
    return names or unique(
        (
            *(person(first(parts, "name")) for parts in people),
            *(person(text(element)) for element in every(found, "itunes:author")),
        )
    )


def _link(found: Fields, url: str) -> str | None:
    for element in every(found, "link"):
        link = address(element, text(element) or attribute(element, "href"), url)
        if link:
            return link
    alternates = (
        element for element in every(found, "atom:link") if attribute(element, "rel") in (None, "alternate")
    )
    return next(
        (link for link in (address(at, attribute(at, "href"), url) for at in alternates) if link), None
    )


def _guid_link(item: Element, found: Fields) -> str | None:
    """Return the guid where it is an address; RSS says it is one unless it says it isn't."""
    for guid in every(found, "guid"):
        written = tidy(text(guid))
        if (
            written
            and (attribute(guid, "isPermaLink", "ispermalink") or "").lower() != "false"
            and parse(written)
        ):
            return written
    named = about(item)
    return named if named and parse(named) else None


def _ttl(found: Fields) -> int | None:
    minutes = _count(first(found, "ttl"))
    if minutes:
        return minutes * 60
    period = _PERIODS.get((tidy(first(found, "sy:updateperiod")) or "").lower())
    return period and period // (_count(first(found, "sy:updatefrequency")) or 1)


def _count(written: str | None) -> int:
    digits = (written or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 8 else 0


def _hub(found: Fields, url: str) -> str | None:
    hubs = (link for link in every(found, "atom:link", "link") if attribute(link, "rel") == "hub")
    return next((hub for hub in (address(link, attribute(link, "href"), url) for link in hubs) if hub), None)
