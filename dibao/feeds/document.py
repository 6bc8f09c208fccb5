"""UTF-8 of a feed -> its root element and its entries.

Nothing outside the text is ever loaded: all before the root element is cut away, and with it every
DOCTYPE, so that no entity can be declared, let alone expanded.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import islice, product
from typing import Any, NamedTuple

from lxml import etree

from dibao.feeds.elements import Element, source_of

MOST_ENTRIES = 50_000
HUGE = (
    4 * 1024 * 1024
)  # bytes; what is larger is read piece by piece, and raw entries are left to the capture

_BEFORE = re.compile(
    rb"(?:\s+|(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>))*+", re.S | re.I
)
_SAFE: dict[str, Any] = {  # loads nothing, declares nothing, and keeps only what is read
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}
_DEEPEST = 8  # entries within entries
_AFTER_NAME = rb"(?=[\s>/])"


class Cutting(NamedTuple):
    """Where the root element of a document stands in its text."""

    whole: bytes  # UTF-8
    start: int
    stop: int
    notes: tuple[str, ...]
    closed: bool  # the root element's end is there
    junk_before: bool

    @property
    def utf8(self) -> bytes:
        """Return the document from its root element's start to its end."""
        text = self.whole[self.start : self.stop]
        return text + b">" if self.closed and not text.endswith(b">") else text  # only that was cut off


def cut_out(utf8: bytes, roots: str) -> Cutting | None:
    """Return the first of the root elements (local names joined by ``|``), or None if there is none."""
    before = _BEFORE.match(utf8)
    skipped = before.end() if before else 0
    name = rb"<((?:[\w.-]+:)?(?:" + roots.encode() + rb"))" + _AFTER_NAME
    found = re.compile(name, re.I).search(utf8, skipped)
    if found is None:
        return None
    end = _end(utf8, found[1], found.end())
    stop = (utf8.find(b">", end) + 1 if end > 0 else 0) or len(utf8)
    after = utf8[stop : stop + 1000].strip()
    junk = found.start() > skipped, bool(after) and not after.startswith(b"<!--")
    places = zip(("before", "after"), junk, strict=True)
    notes = tuple(f"text {place} the feed left out" for place, is_there in places if is_there)
    return Cutting(utf8, found.start(), stop, notes, end > 0, junk[0])


def _end(utf8: bytes, name: bytes, begin: int) -> int:
    """Return where the last end tag of this name stands, or -1; in a section that is cut off, it is text."""
    end = utf8.rfind(b"</" + name, begin)
    while end >= 0 and utf8[end + 2 + len(name) : end + 3 + len(name)].strip() not in (
        b"",
        b">",
    ):  # </feedburner:…>
        end = utf8.rfind(b"</" + name, begin, end)
    opened = utf8.rfind(b"<![CDATA[", begin, end) if end >= 0 else -1
    is_text = opened >= 0 and utf8.find(b"]]>", opened, end) < 0
    return -1 if is_text and utf8[end + 3 + len(name) :].strip() else end


def mentions(utf8: bytes, parts: Sequence[str]) -> bool:
    """Say whether any of the elements begins somewhere in the text."""
    return re.search(rf"<(?:[\w.-]+:)?(?:{'|'.join(parts)})[\s>]".encode(), utf8, re.I) is not None


def parser(*, recover: bool = False) -> etree.XMLParser:
    """Return a parser that loads nothing and declares nothing."""
    return etree.XMLParser(recover=recover, **_SAFE)


def parse_strictly(utf8: bytes) -> Element | None:
    """Return the root of a well-formed document, or None."""
    try:
        return etree.fromstring(utf8, parser())
    except etree.XMLSyntaxError:
        return None


@cache
def in_any_case(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what libxml2 is asked for to find these elements, whatever their capitals and vocabulary.

    It passes over at once what a document nowhere says, so that the many ways cost next to nothing.
    """
    letters = (product(*((small, small.upper()) for small in part)) for part in parts)
    return tuple(f"{{*}}{''.join(written)}" for ways in letters for written in ways)


def entries_of(root: Element, parts: tuple[str, ...]) -> list[Element]:
    """Return the entries below a root, at most `MOST_ENTRIES`, whatever their capitals."""
    found = list(islice(root.iter(*in_any_case(parts)), MOST_ENTRIES))
    if len({each.getparent() for each in found}) < 2:  # as usual: none stands in another
        return found
    names = {str(each.tag) for each in found}
    return [each for each in found if not _is_too_deep(each, names)]


def _is_too_deep(element: Element, names: set[str]) -> bool:
    """Say whether an entry stands in so many others that their texts would add up to no end."""
    return sum(1 for _ in islice(element.iterancestors(*names), _DEEPEST)) >= _DEEPEST


_BASES = etree.XPath("boolean(//@xml:base)")


def is_based(root: Element) -> bool:
    """Say whether any element names a base of its own."""
    return bool(_BASES(root))


def local_name(element: Element) -> str:
    """Return an element's name without its vocabulary, in small letters."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def piecemeal(document: Cutting, parts: tuple[str, ...], troubles: list[str]) -> Iterator[Element]:
    """Yield the entries of a huge document as they end, then its root; an entry is gone when the next comes.

    What isn't well-formed is skipped, as libxml2 recovers from it, and told in `troubles`.
    """
    text = BytesIO(document.whole)  # shares its bytes
    text.seek(document.start)
    found = etree.iterparse(
        text,
        tag=in_any_case(parts),
        encoding="utf-8",
        recover=True,
        **_SAFE,
    )
    root: Element | None = None
    for _, entry in islice(found, MOST_ENTRIES):
        if root is None:
            root = entry.getroottree().getroot()
        yield entry
        entry.clear()
        parent = entry.getparent()
        while parent is not None and (past := entry.getprevious()) is not None and local_name(past) in parts:
            parent.remove(past)
    troubles += ["not well-formed: what could not be read is left out"] if len(found.error_log) else []
    last = root if root is not None else found.root
    if last is not None:
        yield last


def raws(utf8: bytes, entries: Sequence[Element]) -> Iterator[str]:
    """Yield each entry as it stands in the document."""
    spans = _spans(utf8, entries)
    if spans is None:  # entries within entries, or in comments: serialised, they are at least complete
        return map(source_of, entries)
    return (utf8[start:end].decode("utf-8", "replace") for start, end in spans)


def _spans(utf8: bytes, entries: Sequence[Element]) -> list[tuple[int, int]] | None:
    """Return start and end of each entry, or None where they can't be told by their tags alone."""
    if not entries:
        return []
    name = re.escape(_written_name(entries[0]))
    starts, ends = re.compile(rb"<" + name + _AFTER_NAME), re.compile(rb"</" + name + rb"[^<>]*>")
    spans, stop = list[tuple[int, int]](), 0
    while start := starts.search(utf8, stop):
        begin = start.start()
        if spans and utf8.find(b"]]>", stop, begin) >= 0:  # what ended before that stood in an entry
            return None
        end = ends.search(utf8, begin)
        if end is None and not utf8.endswith(b">"):
            return None
        stop = end.end() if end else len(utf8)  # cut off between two elements of the last entry
        spans.append((begin, stop))
    return spans if len(spans) == len(entries) else None


def _written_name(element: Element) -> bytes:
    local = str(element.tag).rpartition("}")[2]
    return (f"{element.prefix}:{local}" if element.prefix else local).encode()
