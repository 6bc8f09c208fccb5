"""Atom 1.0 (RFC 4287) and 0.3 -> Feed."""

from collections.abc import Iterable
from typing import Any, cast

from dibao.feeds.document import local_name
from dibao.feeds.draft import draft_of
from dibao.feeds.elements import (
    PLAIN_TYPES,
    Element,
    Fields,
    Setting,
    address,
    base_of,
    every,
    fields,
    first,
    first_address,
    first_html,
    html,
    language,
    text,
    when,
)
from dibao.feeds.media import enclosures
from dibao.feeds.plain import category, plain, signed, tidy, unique
from dibao.feeds.rhythm import ttl
from dibao.feeds.rss import bodies, count
from dibao.model import Entry, Feed

_draft = draft_of(Entry)
_PUBLISHED = ("published", "issued", "created", "dc:date", "dcterms:issued", "pubdate")
# Of these an entry's other fields take nothing.
_USUAL = frozenset(
    ("id", "title", "link", "published", "updated", "author", "category", "content", "summary")
)
_FULL, _SHORT = ("content", "content:encoded"), ("summary", "description")
_UPDATED = ("updated", "modified", "dcterms:modified")


def setting_of(root: Element, url: str, *, based: bool) -> Setting:
    """Return what the entries below a ``feed`` element are read by."""
    found = _fields(root)
    return Setting(url, language(root, found), _title(found), based, found)


def read_feed(root: Element, setting: Setting, entries: Iterable[Entry], told: dict[str, Any]) -> Feed:
    """Return the feed in a ``feed`` element, with these entries and the fields told already."""
    found = setting.about
    links = _links(found, setting)
    updated, updated_raw = when(found, _UPDATED, setting.language)
    people, outlets = signed(_bylines(found, "author"), setting.title)
    return Feed(
        format="atom0.3" if "purl.org/atom" in str(root.tag) else "atom1.0",
        title=setting.title,
        subtitle=plain(_words(found, "subtitle", "tagline")),
        link=links.get("alternate"),
        language=setting.language,
        entries=tuple(entries),
        authors=(*people, *outlets),
        categories=_categories(found),
        updated=updated,
        updated_raw=updated_raw,
        image=first_address(every(found, "logo", "icon"), setting, text),
        rights=plain(_words(found, "rights", "copyright")),
        generator=tidy(first(found, "generator")),
        ttl=ttl(found),
        hub=links.get("hub"),
        self_url=links.get("self"),
        next_url=links.get("prev-archive") or links.get("next"),
        **told,
    )


def read_entry(element: Element, setting: Setting, raw: str) -> Entry:
    """Return the entry in an ``entry`` element."""
    found, entry = fields(element), _draft()
    own = language(element, found)
    spoken = own or setting.language
    links = _links(found, setting)
    entry.guid = tidy(first(found, "id", "guid"))
    entry.link = links.get("alternate")
    entry.title = _title(found)
    entry.published, entry.published_raw = when(found, _PUBLISHED, spoken)
    entry.updated, entry.updated_raw = when(found, _UPDATED, spoken)
    entry.authors, entry.outlets = signed(_bylines(found, "author"), setting.title)
    entry.categories = _categories(found)
    entry.content, entry.summary = bodies(found, _FULL, _SHORT)
    entry.base = _content_base(element, found, setting) if setting.based else None
    entry.language = own
    entry.comments = links.get("replies")
    entry.raw = raw
    if not found.keys() <= _USUAL:
        _add_seldom(entry, found, setting)
    elif "enclosure" in links:
        entry.enclosures = enclosures(found, setting)
    return cast(Entry, entry.sealed())


def _add_seldom(entry: Any, found: Fields, setting: Setting) -> None:
    """Fill the fields of an entry that most feeds leave out."""
    if "feedburner:origlink" in found:
        entry.link = first_address(every(found, "feedburner:origlink"), setting, text) or entry.link
    if "source" in found:
        _add_origin(entry, found, setting)
    if "contributor" in found:
        people, outlets = signed(_bylines(found, "contributor"), None)
        entry.contributors = (*people, *outlets)
    entry.comment_count = count(first(found, "slash:comments", "thr:total"))
    entry.rights = plain(_words(found, "rights", "copyright", "dc:rights"))
    entry.enclosures = enclosures(found, setting)


def _add_origin(entry: Any, found: Fields, setting: Setting) -> None:
    """Fill what an aggregator says of the feed that it took an entry from (RFC 4287 §4.2.11)."""
    origin = fields(found["source"])
    links, entry.via = _links(origin, setting), _title(origin)
    entry.via_url = links.get("self") or links.get("alternate")
    bylines = _bylines(found, "author") or _bylines(origin, "author")
    entry.authors, entry.outlets = signed(bylines, entry.via or setting.title)


def _fields(root: Element) -> Fields:
    """Return what is said of a feed: nothing where an entry stands by itself."""
    return fields(root) if local_name(root) == "feed" else Fields()


def _content_base(entry: Element, found: Fields, setting: Setting) -> str:
    return base_of((every(found, "content", "summary") or [entry])[0], setting)


def _words(found: Fields, *names: str) -> str | None:
    return first_html(found, names)


def _title(found: Fields) -> str | None:
    for element in every(found, "title", "dc:title"):
        is_literal = element.get("type", "").strip() in PLAIN_TYPES
        title = tidy(text(element)) if is_literal else plain(html(element))
        if title:
            return title
    return None


def _links(found: Fields, setting: Setting) -> dict[str, str]:
    """Return the first link of each relation, rather to a page; one without a relation is an alternate."""
    links: dict[str, str] = {}
    carriers: dict[str, Element] = {}
    for element in every(found, "link", "atom:link"):
        relation = (element.get("rel") or "alternate").lower()
        if relation not in links or (not _is_page(carriers[relation]) and _is_page(element)):
            link = address(element, element.get("href") or text(element), setting)
            if link:
                links[relation], carriers[relation] = link, element
    return links


def _is_page(link: Element) -> bool:
    kind = link.get("type")
    return not kind or kind.lower() in ("text/html", "application/xhtml+xml")


def _bylines(found: Fields, name: str) -> tuple[str, ...]:
    people = map(fields, every(found, name)) if name in found else ()
    names = tuple(words for parts in people if (words := first(parts, "name")))
    return names or tuple(filter(None, map(text, every(found, "dc:creator"))))


def _categories(found: Fields) -> tuple[str, ...]:
    if "category" not in found and "dc:subject" not in found:
        return ()
    named = [each.get("label") or each.get("term") or text(each) for each in every(found, "category")]
    return unique(map(category, (*named, *map(text, every(found, "dc:subject")))))
