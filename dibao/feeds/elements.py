"""Elements of RSS and Atom: their names, words, markup and addresses."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import islice

from lxml import etree

from dibao.dates import parse_date
from dibao.feeds.plain import tidy
from dibao.feeds.zones import spoken_in, zone_of
from dibao.urls import absolute

Element = etree._Element

XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE, _LANG = f"{XML}base", f"{XML}lang"
# Vocabularies by their usual prefix; case and a slash or hash at the end of an address are ignored.
PREFIXES = {
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://purl.org/rss/1.0/modules/link": "l",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/rss": "media",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://purl.org/rss/1.0": "rss",
    "http://backend.userland.com/rss2": "rss",
    "http://backend.userland.com/rss": "rss",
    "http://blogs.law.harvard.edu/tech/rss": "rss",
    "http://my.netscape.com/rdf/simple/0.9": "rss",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://wellformedweb.org/commentapi": "wfw",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.w3.org/2003/01/geo/wgs84_pos": "geo",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://web.resource.org/cc": "cc",
    "http://creativecommons.org/ns#license": "cc",
    "http://webns.net/mvcb": "admin",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
# Vocabularies that say the same as a feed's own: where an element stands there, it counts as the feed's.
_OWN = ("rss", "")
ENTRIES = frozenset(("item", "entry"))
_MOST_NAMES, _MOST_HOMES = 2048, 64  # remembered at once
_DEEPEST = 20  # levels of xml:base above an element; feeds have three
_HTML_NAME = re.compile(r"[a-zA-Z][\w.-]*", re.A)
_WHOLE = ("http://", "https://")  # an address that begins so needs no base
PLAIN_TYPES = ("text", "text/plain", "plain")


class Fields(dict[str, Element]):
    """The first child of each name; the further ones of a name, if there are any, are in `again`."""

    again: Mapping[str, list[Element]] = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """What an entry is read by: where its feed stands, and what the feed says of all its entries."""

    url: str
    language: str | None = None
    title: str | None = None  # of the feed: its name is no person's
    based: bool = True  # some element names a base of its own
    about: Fields = field(default_factory=Fields)  # all that the feed says of itself


def fields(element: Element) -> Fields:
    """Return the children by lower-case name: "title" in the element's own vocabulary, else "dc:date".

    Entries are no fields.
    """
    names = _NAMES[str(element.tag).rpartition("}")[0]]
    found = Fields()
    again: dict[str, list[Element]] = {}
    for child in element:
        name = names[child.tag]
        if name not in found:
            found[name] = child
        elif name not in ENTRIES:
            again.setdefault(name, []).append(child)
    if again:
        found.again = again
    return found


class _Names(dict[object, str]):
    """The usual names of tags below an element of one vocabulary."""

    def __init__(self, home: str) -> None:
        self.home = home

    def __missing__(self, tag: object) -> str:
        if len(self) > _MOST_NAMES:  # a feed that makes up names
            self.clear()
        name = self[tag] = usual_name(tag, self.home)
        return name


class _Homes(dict[str, _Names]):
    def __missing__(self, home: str) -> _Names:
        if len(self) > _MOST_HOMES:
            self.clear()
        names = self[home] = _Names(home)
        return names


_NAMES = _Homes()


def usual_name(tag: object, home: str) -> str:
    """Return an element's name with its vocabulary's usual prefix, none for the parent's vocabulary."""
    uri, _, local = tag.rpartition("}") if isinstance(tag, str) else ("", "", "")
    if not uri or uri == home:
        return local.lower()
    prefix = PREFIXES.get(uri[1:].rstrip("/#").lower(), "other")
    return local.lower() if prefix in _OWN else f"{prefix}:{local.lower()}"


def every(found: Fields, *names: str) -> list[Element]:
    """Return the children of these names, name by name."""
    children = []
    for name in names:
        if name in found:
            children.append(found[name])
            if name in found.again:
                children += found.again[name]
    return children


def text(element: Element) -> str | None:
    """Return all text in an element, or None where there is only space."""
    words = "".join(map(str, element.itertext())) if len(element) else element.text
    return words if words and not words.isspace() else None


def first(found: Fields, *names: str) -> str | None:
    """Return the first of these children's texts that says anything."""
    for name in names:
        if name in found:
            words = text(found[name]) or (_further(text, found, name) if name in found.again else None)
            if words:
                return words
    return None


def first_html(found: Fields, names: tuple[str, ...]) -> str | None:
    """Return the first of these children's HTML that says anything."""
    for name in names:
        if name in found:
            words = html(found[name]) or (_further(html, found, name) if name in found.again else None)
            if words:
                return words
    return None


def _further(read: Callable[[Element], str | None], found: Fields, name: str) -> str | None:
    return next(filter(None, map(read, found.again[name])), None)


def html(element: Element) -> str | None:
    """Return an element's HTML: its text as written, or its child elements, if it was left unescaped.

    What says that it is plain text is escaped; base64 (RFC 4287 §4.1.3.3, and Atom 0.3) is decoded.
    """
    if not element.attrib and not len(element):  # as nearly all are in RSS
        return text(element)
    kind = element.get("type", "").lower()
    if len(element):
        return _inner(element, kind)
    words = words_of(element, kind)
    return escape(words, quote=False) if words and kind in PLAIN_TYPES else words


def words_of(element: Element, kind: str) -> str | None:
    """Return the text in an element of a media type, decoded if it is base64, or None if it is only space."""
    words = text(element)
    if words and (element.get("mode") == "base64" or ("/" in kind and _is_binary(kind))):
        return _decoded(words)
    return words


def _is_binary(kind: str) -> bool:
    return not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _decoded(words: str) -> str:
    """Return what base64 stands for, or the words where they are none."""
    try:
        return b64decode(words, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return words


def _inner(element: Element, kind: str) -> str | None:
    if kind in PLAIN_TYPES:
        return escape(text(element) or "", quote=False) or None
    parent = _plainly_named(element)
    children = list(parent)
    if kind == "xhtml" and len(children) == 1 and children[0].tag == "div":
        parent = children[0]  # RFC 4287 §3.1.1.3: the div is not part of the content
    inner = "".join(str(etree.tostring(child, method="html", encoding="unicode")) for child in parent)
    return escape(parent.text or "", quote=False) + inner


def _plainly_named(element: Element) -> Element:
    copy = deepcopy(element)
    for child in copy.iter(etree.Element):
        name = str(child.tag).rpartition("}")[2].rpartition(":")[2]
        child.tag = name if _HTML_NAME.fullmatch(name) else "span"  # half a name, in what was recovered
    etree.cleanup_namespaces(copy)
    return copy


def source_of(element: Element) -> str:
    """Return an element as it stands in its feed, with the namespaces it needs."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def address(element: Element, written: str | None, setting: Setting) -> str | None:
    """Return a link absolute, seen from the element's xml:base and the feed's address, or None."""
    if not written:
        return None
    if "&amp;" in written:  # escaped twice
        written = written.replace("&amp;", "&")
    base_tells = setting.based and not written.startswith(_WHOLE)
    return absolute(base_of(element, setting) if base_tells else setting.url, written)


def first_address(
    elements: Iterable[Element], setting: Setting, written: Callable[[Element], str | None]
) -> str | None:
    """Return the first of the links that elements hold, where `written` says, or None."""
    for element in elements:
        link = address(element, written(element), setting)
        if link:
            return link
    return None


def href(element: Element) -> str | None:
    """Return where an element points to."""
    return element.get("href")


def base_of(element: Element, setting: Setting) -> str:
    """Return what relative links in an element are relative to (XML Base)."""
    base = setting.url
    if setting.based:
        for above in (*reversed(list(islice(element.iterancestors(), _DEEPEST))), element):
            said = above.get(_BASE)
            base = (_joined(base, said) or base) if said else base
    return base


_joined = lru_cache(maxsize=256)(absolute)


def attribute(element: Element, *names: str) -> str | None:
    """Return the first of these attributes that isn't empty, or None."""
    for name in names:
        value = (element.get(name) or "").strip()
        if value:
            return value
    return None


def about(element: Element) -> str | None:
    """Return the address by which RDF knows an element."""
    return attribute(element, "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")


def language(element: Element, found: Fields) -> str | None:
    """Return the language an element says it is in."""
    said = element.get(_LANG)
    if "language" in found or "dc:language" in found:
        said = tidy(first(found, "language", "dc:language")) or said
    return said.strip().replace("_", "-") or None if said else None


def when(found: Fields, names: tuple[str, ...], language: str | None) -> tuple[datetime | None, str | None]:
    """Return the first readable date of these children with its raw text, or None with the first raw text.

    A date that names no zone is read in the one that the feed's language keeps, where it keeps one.
    """
    unread = None
    for name in names:
        if name not in found:
            continue
        for element in every(found, name) if name in found.again else (found[name],):
            raw = tidy(text(element))
            date = moment(raw, language, found) if raw else None
            if date:
                return date, raw
            unread = unread or raw
    return None, unread


def moment(raw: str, language: str | None, found: Fields) -> datetime | None:
    """Return a date as its writer means it: one in words is the local time of the entry's language."""
    if language is None and not raw.isascii():
        language = spoken_in(first(found, "title"))
    return parse_date(raw, language=language, timezone=zone_of(language))
