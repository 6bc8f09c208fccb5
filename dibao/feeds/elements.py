"""Elements of RSS and Atom: their names, words, markup and addresses."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from html import escape

from lxml import etree

from dibao.dates import parse_date
from dibao.feeds.plain import tidy
from dibao.urls import absolute, parse

Element = etree._Element
Fields = dict[str, list[Element]]

_XML = "{http://www.w3.org/XML/1998/namespace}"
PREFIXES = {
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/rss": "media",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
}
# Languages of places that keep one time, which their sites seldom write down.
_ZONES = (
    (re.compile(r"zh-(.*-)?tw|zh-hant", re.I), "Asia/Taipei"),
    (re.compile(r"zh-(.*-)?hk", re.I), "Asia/Hong_Kong"),
    (re.compile(r"zh(-.*)?", re.I), "Asia/Shanghai"),
    (re.compile(r"ja(-.*)?", re.I), "Asia/Tokyo"),
    (re.compile(r"ko(-.*)?", re.I), "Asia/Seoul"),
)


def fields(element: Element) -> Fields:
    """Return the children by lower-case name: "title" in the element's own vocabulary, else "dc:date"."""
    home = _namespace(element)
    found: Fields = {}
    for child in element.iterchildren(etree.Element):
        found.setdefault(_name(str(child.tag), home), []).append(child)
    return found


def _namespace(element: Element) -> str:
    return str(element.tag).rpartition("}")[0]


@lru_cache(maxsize=1024)
def _name(tag: str, home: str) -> str:
    uri, _, local = tag.rpartition("}")
    if not uri or uri == home:
        return local.lower()
    prefix = PREFIXES.get(uri[1:].rstrip("/#").lower(), "other")
    return f"{prefix}:{local.lower()}"


def every(found: Fields, *names: str) -> Iterator[Element]:
    """Yield the children of these names, name by name."""
    return (element for name in names for element in found.get(name, ()))


def text(element: Element | None) -> str | None:
    """Return all text in an element, without comments, or None where there is only space."""
    if element is None:
        return None
    words = (element.text or "") if not len(element) else "".join(map(str, element.itertext()))
    return words if words.strip() else None


def first(found: Fields, *names: str) -> str | None:
    """Return the first of these children's texts that says anything."""
    return next((words for words in map(text, every(found, *names)) if words), None)


def html(element: Element) -> str | None:
    """Return an element's HTML: its text as written, or its child elements, if it was left unescaped.

    What says that it is plain text is escaped.
    """
    if element.get("type") in ("text", "text/plain", "plain"):
        return escape(text(element) or "", quote=False) or None
    if not any(isinstance(child.tag, str) for child in element):
        return text(element)
    parent = _plainly_named(element)
    children = list(parent.iterchildren(etree.Element))
    if element.get("type") == "xhtml" and len(children) == 1 and children[0].tag == "div":
        parent = children[0]  # RFC 4287 §3.1.1.3: the div is not part of the content
    inner = "".join(str(etree.tostring(child, method="html", encoding="unicode")) for child in parent)
    return escape(parent.text or "", quote=False) + inner


def _plainly_named(element: Element) -> Element:
    copy = deepcopy(element)
    for child in copy.iter(etree.Element):
        child.tag = str(child.tag).rpartition("}")[2]
    etree.cleanup_namespaces(copy)
    return copy


def source_of(element: Element) -> str:
    """Return an element as it stands in its feed."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def address(element: Element, written: str | None, url: str) -> str | None:
    """Return a link absolute, seen from the element's xml:base and the feed's address, or None."""
    link = (written or "").strip()
    if not link or parse(link):
        return link or None
    base = url
    for above in (*reversed(list(element.iterancestors())), element):
        base = absolute(base, attribute(above, f"{_XML}base")) or base
    return absolute(base, link)


def attribute(element: Element, *names: str) -> str | None:
    """Return the first of these attributes that isn't empty, or None."""
    values = (str(element.get(name) or "").strip() for name in names)
    return next((value for value in values if value), None)


def about(element: Element) -> str | None:
    """Return the address by which RDF knows an element."""
    return attribute(element, "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")


def language(element: Element, found: Fields) -> str | None:
    """Return the language an element says it is in."""
    return tidy(first(found, "language", "dc:language")) or attribute(element, f"{_XML}lang")


def when(found: Fields, names: tuple[str, ...], language: str | None) -> tuple[datetime | None, str | None]:
    """Return the first readable date of these children with its raw text, or None with the first raw text.

    A date that names no zone is read in the one that the feed's language keeps, where it keeps one.
    """
    raws = [raw for raw in map(tidy, map(text, every(found, *names))) if raw]
    for raw in raws:
        date = parse_date(raw, language=language, timezone=zone_of(language))
        if date:
            return date, raw
    return None, raws[0] if raws else None


@lru_cache(maxsize=64)
def zone_of(language: str | None) -> str | None:
    """Return the time zone of a language that is written in one, or None."""
    return next((zone for pattern, zone in _ZONES if pattern.fullmatch(language or "")), None)
