"""Sitemaps -> Feed: addresses, news, pictures, films and indexes; XML, gzipped or plain text.

https://www.sitemaps.org/protocol.html, https://www.google.com/schemas/sitemap-news/0.9 and -image/1.1. A
sitemap may hold 50 MB: it is read a few elements at a time, so that no more than these and what was read
of the others is ever held, and damage stays where it is. Namespaces that are wrong or missing do not matter.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree

from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.feeds.packed import Packed
from dibao.feeds.plain import plain, tidy, unique
from dibao.feeds.repair import read_xml
from dibao.feeds.zones import zone_of
from dibao.model import Enclosure, Entry, Feed, Part
from dibao.urls import absolute, parse

MOST = 50_000  # addresses in one sitemap, by the protocol
_HEAD = 2**16  # characters in which the root element must begin
_LONGEST = 2**20  # characters of one element
_WHOLE = 4 * 2**20  # bytes up to which elements are kept as they stood, with all their pictures
_FIRST_ALONE = "so large that only the first picture of each address is read"
_LINES = 0.9  # of the lines of a text sitemap: what must be addresses

_ROOT = re.compile(r"<(?P<name>(?:[\w.-]+:)?(?P<kind>urlset|sitemapindex))(?=[\s>/])[^<>]*>", re.I)
_ELEMENT = re.compile(r"<[a-z]", re.I)
_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.I)
_SEPARATOR = re.compile(r"[,;，、；]")

Element = etree._Element
_Fields = dict[str, list[Element]]


class _Document(NamedTuple):
    """An XML sitemap as it lies before us."""

    name: str  # of the root element, as written
    kind: str  # the same without prefix, in lower case
    opening: str  # its start tag
    rest: Iterator[str]  # all that follows


def is_sitemap(body: bytes) -> bool:
    """Say whether the bytes begin as an XML sitemap does."""
    try:
        texts, _ = Packed(body[: 4 * _HEAD], "").texts(None)
        return _begun(next(texts, ""), iter(())) is not None
    except FeedError:
        return False


def read_sitemap(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the sitemap in the bytes as a feed: its addresses as entries, the sitemaps it names as parts.

    ``url`` is where it was found. Raises FeedError where there is no sitemap, where it was cut off before
    its first whole entry, or where unpacking it would take too much.
    """
    packed = Packed(body, url)
    texts, notes = packed.texts(content_type)
    head = next(texts, "")
    document = _begun(head, texts)
    if document is not None:
        try:
            return _read(document, url, notes, whole=packed.size <= _WHOLE)
        except UnicodeDecodeError as error:  # references to half characters: libxml2 lets them pass
            raise FeedError(url, "refers to characters that are none") from error
    found = _addresses(head, texts, packed, url)
    if found is None:
        raise FeedError(url, "neither a sitemap nor a list of addresses")
    return Feed(format="sitemap-text", entries=tuple(found[:MOST]), notes=(*notes, *_most(found)))


def _most(found: list[Entry]) -> tuple[str, ...]:
    return (f"only the first {MOST} addresses read",) if len(found) > MOST else ()


# --- XML ------------------------------------------------------------------------------------------


def _begun(head: str, texts: Iterator[str]) -> _Document | None:
    """Return the document whose root is the first element of a text, or None if that is no sitemap's."""
    head = _uncommented(head)
    root = _ROOT.search(head)
    if root is None or _ELEMENT.search(head, 0, root.start()):
        return None

    def rest() -> Iterator[str]:
        yield head[root.end() :]
        yield from texts

    return _Document(root["name"], root["kind"].lower(), root.group(), rest())


def _uncommented(text: str) -> str:
    """Return the text without comments; one that goes on beyond its end stays."""
    kept, position = "", 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept, position = kept + text[position:start], end + 3
    return kept + text[position:]


def _read(document: _Document, url: str, notes: tuple[str, ...], *, whole: bool) -> Feed:
    said = dict.fromkeys(notes)
    elements = _elements(document, url, said)
    if document.kind == "sitemapindex":
        parts = {part.url: part for part in _parts(elements, url)}
        return Feed(format="sitemap-index", parts=tuple(parts.values()), notes=tuple(said))
    entries = list(islice(_entries(elements, url, said, whole=whole), MOST + 1))
    pictured = any(entry.enclosures for entry in entries)
    return Feed(
        format="sitemap",
        title=_agreed(outlet for entry in entries for outlet in entry.outlets),
        language=_agreed(entry.language for entry in entries if entry.language),
        entries=tuple(entries[:MOST]),
        notes=(*said, *_most(entries), *(() if whole or not pictured else (_FIRST_ALONE,))),
    )


def _agreed(values: Iterator[str]) -> str | None:
    """Return the one value that all agree on, or None."""
    found = set(islice(values, MOST))
    return found.pop() if len(found) == 1 else None


def _elements(document: _Document, url: str, notes: dict[str, None]) -> Iterator[Element]:
    """Yield each ``url`` or ``sitemap`` element; it must not be kept, since others stand around it."""
    wanted = "sitemap" if document.kind == "sitemapindex" else "url"
    for piece in _pieces(document, url, notes):
        mended = read_xml(f"{document.opening}{piece}</{document.name}>", document.kind, wanted)
        if mended is None:
            notes["some entries could not be read"] = None
            continue
        notes |= dict.fromkeys(mended.notes)
        yield from (each for each in mended.root.iter(etree.Element) if _local(str(each.tag)) == wanted)


def _pieces(document: _Document, url: str, notes: dict[str, None]) -> Iterator[str]:
    """Yield what stands in the root element piece by piece, cut only behind an element."""
    if document.opening.endswith("/>"):
        return
    held, count = "", 0
    for text in document.rest:
        held += text
        end = _last_end(held)
        if end:
            count += 1
            yield held[:end]
            held = held[end:]
        elif len(held) > _LONGEST:
            break
    if f"</{document.name}".lower() in held.lower():
        return
    if not count:
        raise FeedError(url, "cut off before the end of its first entry")
    notes["cut off: only what was whole is kept"] = None


def _last_end(text: str) -> int:
    """Return where the last whole element of a text ends, outside comments that go on; 0 if there is none."""
    comment = text.rfind("<!--")
    stop = comment if comment > text.rfind("-->") else len(text)
    return max((found.end() for found in _END.finditer(text, 0, stop)), default=0)


def _fields(element: Element | None) -> _Fields:
    """Return the child elements by their local name in lower case."""
    found: _Fields = {}
    for child in () if element is None else element.iterchildren(etree.Element):
        found.setdefault(_local(str(child.tag)), []).append(child)
    return found


@lru_cache(maxsize=4096)
def _date(written: str | None, language: str | None) -> datetime | None:
    return parse_date(written, timezone=zone_of(language))


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _first(found: _Fields, name: str) -> Element | None:
    return next(iter(found.get(name, ())), None)


def _text(found: _Fields, *names: str) -> str | None:
    """Return the text of the first of these children that says anything, on one line."""
    for name in names:
        for element in found.get(name, ()):
            words = _words(element)
            if words:
                return words
    return None


def _words(element: Element) -> str | None:
    text = element.text or ""
    if len(element):
        text = "".join(map(str, element.itertext()))
    # Nearly always there is nothing to tidy.
    return text if text.isprintable() and " " not in text and text else tidy(text)


def _address(found: _Fields, name: str, url: str) -> str | None:
    """Return the address in a child, or None; what was escaped once too often is put right."""
    return absolute(url, (_text(found, name) or "").replace("&amp;", "&"))


def _parts(elements: Iterator[Element], url: str) -> Iterator[Part]:
    for element in islice(elements, MOST):
        found = _fields(element)
        link, updated = _address(found, "loc", url), _text(found, "lastmod")
        if link:
            yield Part(url=link, updated=_date(updated, None), updated_raw=updated)


def _entries(
    elements: Iterator[Element], url: str, notes: dict[str, None], *, whole: bool
) -> Iterator[Entry]:
    for element in elements:
        entry = _entry(element, url, whole=whole)
        if entry is None:
            notes["entries without an address left out"] = None
        else:
            yield entry


def _entry(element: Element, url: str, *, whole: bool) -> Entry | None:
    found = _fields(element)
    link, updated = _address(found, "loc", url), _text(found, "lastmod")
    if link is None:
        return None
    news = _fields(_first(found, "news"))
    publication = _fields(_first(news, "publication"))
    language, published = _text(publication, "language"), _text(news, "publication_date")
    return Entry(
        link=link,
        title=plain(_text(news, "title")),
        published=_date(published, language),
        published_raw=published,
        updated=_date(updated, language),
        updated_raw=updated,
        outlets=unique([plain(_text(publication, "name"))]),
        categories=unique(map(plain, _SEPARATOR.split(_text(news, "keywords") or ""))),
        language=language,
        enclosures=tuple(islice(_enclosures(found, url), None if whole else 1)),
        rights=_text(_fields(_first(found, "image")), "license"),
        raw=str(etree.tostring(element, encoding="unicode", with_tail=False)) if whole else "",
    )


def _enclosures(found: _Fields, url: str) -> Iterator[Enclosure]:
    """Yield the pictures of an address, and the still of each film."""
    for name, place in (("image", "loc"), ("video", "thumbnail_loc")):
        for each in map(_fields, found.get(name, ())):
            file = _address(each, place, url)
            if file:
                yield Enclosure(url=file, title=plain(_text(each, "title", "caption")), medium="image")


# --- plain text -----------------------------------------------------------------------------------


def _addresses(head: str, texts: Iterator[str], packed: Packed, url: str) -> list[Entry] | None:
    """Return the addresses of a text that is one address a line, or None if it is something else."""
    if not _is_list(head.splitlines()[:100]):
        return None
    found: dict[str, None] = {}
    lines = others = 0
    for line in _lines(head, texts, packed):
        lines += 1
        link = line if _is_address(line) else None
        others += link is None
        found |= {link: None} if link else {}
        if len(found) > MOST:
            break
    return [Entry(link=link) for link in found] if found and others <= (1 - _LINES) * lines else None


def _is_list(lines: list[str]) -> bool:
    said = [line.strip() for line in lines if line.strip()]
    return sum(map(_is_address, said)) >= _LINES * len(said) > 0


def _is_address(line: str) -> bool:
    return line.lower().startswith(("http://", "https://")) and parse(line) is not None


def _lines(head: str, texts: Iterator[str], packed: Packed) -> Iterator[str]:
    """Yield each line that says anything; the last one of a file that was cut off is not whole."""
    held = head
    for text in texts:
        if len(held) > _LONGEST:
            return
        *lines, held = (held + text).split("\n")
        yield from filter(None, map(str.strip, lines))
    last = held.split("\n")
    yield from filter(None, map(str.strip, last[:-1] if packed.is_cut else last))
