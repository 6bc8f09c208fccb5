"""RSS 0.9x, 2.0 and 1.0 (RDF), and CDF -> Feed.

https://www.rssboard.org/rss-specification, http://purl.org/rss/1.0/spec and
https://www.w3.org/TR/NOTE-CDFsubmit.html; case is ignored.
"""

from collections.abc import Iterable
from typing import Any, cast

from dibao.feeds.document import local_name
from dibao.feeds.draft import draft_of
from dibao.feeds.elements import (
    Element,
    Fields,
    Setting,
    about,
    address,
    attribute,
    base_of,
    every,
    fields,
    first,
    first_address,
    first_html,
    href,
    language,
    text,
    when,
)
from dibao.feeds.media import enclosures
from dibao.feeds.plain import category, plain, signed, tidy, unique
from dibao.feeds.rhythm import skip_days, skip_hours, ttl
from dibao.model import Entry, Feed
from dibao.urls import absolute, parse

_draft = draft_of(Entry)
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
_FULL = (
    "content:encoded",
    "xhtml:body",
    "body",
    "atom:content",
    "fullitem",
    "content",
    "fulltext",
    "other:full-text",
)


_SHORT = ("description", "abstract", "summary", "atom:summary")
_RIGHTS = ("copyright", "dc:rights", "atom:rights", "media:copyright")
_SELDOM = frozenset(("dc:contributor", "comments", "slash:comments", "thr:total", "source", *_RIGHTS))
# Of these an entry's other fields take nothing.
_USUAL = frozenset(
    ("title", "link", "guid", "pubdate", "description", "content:encoded", "dc:creator", "category")
)
_AUTHORS = frozenset(("dc:creator", "dc:author", "atom:author", "itunes:author"))
_SUBJECTS = frozenset(("category", "dc:subject", "itunes:category"))
_SHORT_OF_OTHERS = ("dc:description", "itunes:summary", "itunes:subtitle")


def setting_of(root: Element, url: str, *, based: bool) -> Setting:
    """Return what the entries below an ``rss``, ``rdf:RDF`` or ``channel`` element are read by."""
    channel = _channel(root)
    found = fields(channel)
    said = language(channel, found) or language(root, Fields())
    return Setting(url, said, plain(first(found, "title", "dc:title")), based, found)


def read_feed(root: Element, setting: Setting, entries: Iterable[Entry], told: dict[str, Any]) -> Feed:
    """Return the feed below a root element, with these entries and the fields told already."""
    found = setting.about
    links = _links(found, setting)
    updated, updated_raw = when(found, ("lastbuilddate", *_PUBLISHED, *_UPDATED), setting.language)
    people, outlets = signed(_bylines(found, "managingeditor"), setting.title)
    return Feed(
        format=_format(root),
        title=setting.title,
        subtitle=plain(first(found, "description", "itunes:subtitle", "itunes:summary", "abstract")),
        link=_link(_channel(root), found, setting),
        language=setting.language,
        entries=tuple(entries),
        authors=(*people, *outlets),
        categories=_categories(found),
        updated=updated,
        updated_raw=updated_raw,
        image=_image(root, found, setting),
        rights=plain(first(found, "copyright", "dc:rights", "atom:rights")),
        generator=tidy(first(found, "generator")) or _agent(found),
        ttl=ttl(found),
        skip_hours=skip_hours(found),
        skip_days=skip_days(found),
        hub=links.get("hub"),
        self_url=links.get("self"),
        next_url=links.get("prev-archive") or links.get("next"),
        **told,
    )


def read_entry(item: Element, setting: Setting, raw: str) -> Entry:
    """Return the entry in an ``item`` element."""
    found, entry = fields(item), _draft()
    own = language(item, found)
    spoken = own or setting.language
    entry.guid = tidy(first(found, "guid", "atom:id", "dc:identifier")) or about(item)
    entry.link = _link(item, found, setting) or _guid_link(item, found)
    entry.title = plain(first(found, "title", "dc:title", "itunes:title"))
    entry.published, entry.published_raw = when(found, _PUBLISHED, spoken)
    entry.authors, entry.outlets = signed(_bylines(found, "author"), setting.title)
    entry.categories = _categories(found)
    entry.content, entry.summary = bodies(found, _FULL, _SHORT)
    entry.base = base_of(item, setting) if setting.based else None
    entry.language = own
    entry.raw = raw
    if not found.keys() <= _USUAL:
        entry.updated, entry.updated_raw = when(found, _UPDATED, spoken)
        entry.enclosures = enclosures(found, setting)
        if not _SELDOM.isdisjoint(found):
            _add_seldom(entry, found, setting)
    return cast(Entry, entry.sealed())


def _add_seldom(entry: Any, found: Fields, setting: Setting) -> None:
    """Fill the fields of an entry that few feeds fill."""
    if "comments" in found:
        entry.comments = first_address(every(found, "comments"), setting, text)
    if "source" in found:
        entry.via = plain(first(found, "source"))
        entry.via_url = first_address(every(found, "source"), setting, lambda source: source.get("url"))
    if "dc:contributor" in found:
        entry.contributors = _contributors(found)
    entry.comment_count = count(first(found, "slash:comments", "thr:total"))
    entry.rights = plain(first(found, *_RIGHTS))


def bodies(found: Fields, full: tuple[str, ...], short: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Return content and summary: the full text if there is one, else the longest description.

    A summary that says the same as the content is left out.
    """
    whole, summary = first_html(found, full), first_html(found, short)
    described = _described(found) if "media:description" in found or "media:group" in found else None
    if not (whole or summary or described):
        summary = first_html(found, _SHORT_OF_OTHERS)
    content = whole or (max(summary or "", described, key=len) if described else summary)
    if summary and summary != content:
        return content, summary
    return content, described if described != content else None


def _described(found: Fields) -> str | None:
    """Return the longer text that Media RSS has of a film or a picture."""
    described = first_html(found, ("media:description",))
    for group in every(found, "media:group"):
        described = described or first_html(fields(group), ("description",))
    return described


def count(written: str | None) -> int | None:
    """Return a number as it is written, or None."""
    digits = (written or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 8 else None


def _channel(root: Element) -> Element:
    return next((child for child in root if local_name(child) == "channel"), root)


def _format(root: Element) -> str:
    name = str(root.tag).rpartition("}")[2].lower()
    if name == "channel":
        return "cdf"
    if name != "rdf":
        return "rss" + (attribute(root, "version") or "2.0")
    old = any("my.netscape.com" in str(uri) for uri in root.nsmap.values())
    return "rss0.9" if old else "rss1.0"


def _bylines(found: Fields, old: str) -> tuple[str, ...]:
    """Return who an entry or a feed is by, as written."""
    if _AUTHORS.isdisjoint(found) and old not in found:
        return ()
    names = tuple(filter(None, map(_name, every(found, "dc:creator", old, "dc:author"))))
    if names:
        return names
    people = (fields(element) for element in every(found, "atom:author"))
    written = (*(first(parts, "name", "atom:name") for parts in people), first(found, "itunes:author"))
    return tuple(filter(None, written))


def _name(person: Element) -> str | None:
    """Return whom an element names; some write people in RSS as Atom does."""
    return (first(fields(person), "name", "atom:name") if len(person) else None) or text(person)


def _contributors(found: Fields) -> tuple[str, ...]:
    people, others = signed(tuple(filter(None, map(text, every(found, "dc:contributor")))), None)
    return (*people, *others)


def _categories(found: Fields) -> tuple[str, ...]:
    if _SUBJECTS.isdisjoint(found):
        return ()
    names = unique(map(category, map(text, every(found, "category", "dc:subject"))))
    if "itunes:category" in found:
        names = unique((*names, *(plain(each.get("text")) for each in every(found, "itunes:category"))))
    return names


def _link(element: Element, found: Fields, setting: Setting) -> str | None:
    """Return where the article stands: before a relay counted the way there, if it says so."""
    for name in ("feedburner:origlink", "link"):
        for each in every(found, name) if name in found else ():
            link = address(each, text(each) or each.get("href"), setting)
            if link:
                return link
    alternates = (each for each in every(found, "atom:link") if each.get("rel") in (None, "alternate"))
    link = first_address(alternates, setting, href)
    if link or not element.attrib:
        return link
    return address(element, element.get("href") or element.get("HREF"), setting)  # CDF


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
    named = about(item) if item.attrib else None
    return named if named and parse(named) else None


def _links(found: Fields, setting: Setting) -> dict[str, str]:
    """Return the first Atom link of each relation."""
    links: dict[str, str] = {}
    for element in every(found, "atom:link", "link"):
        relation, link = element.get("rel"), element.get("href")
        if relation and link:
            links.setdefault(relation.lower(), address(element, link, setting) or "")
    return links


def _image(root: Element, found: Fields, setting: Setting) -> str | None:
    for element in (*every(found, "image", "rss:image"), *root.iterfind("{*}image")):
        inner = fields(element)
        link = address(element, first(inner, "url", "rss:url"), setting)
        if link:
            return link
    return first_address(every(found, "itunes:image", "googleplay:image"), setting, href)


def _agent(found: Fields) -> str | None:
    """Return the generator of RSS 1.0 (http://webns.net/mvcb/)."""
    agents = every(found, "admin:generatoragent")
    return next(
        (str(value) for at in agents for value in at.attrib.values() if absolute(None, str(value))), None
    )
