"""Text of a feed -> XML tree, with as little mending as it needs.

Nothing outside the text is ever loaded: all before the root element is cut away, and with it every
DOCTYPE, so that no entity can be declared, let alone expanded. A document that isn't well-formed is
read entry by entry, so that damage stays where it is.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice
from typing import NamedTuple

from lxml import etree

from dibao.feeds.elements import PREFIXES
from dibao.text import printable

MOST_ENTRIES = 50_000

# Sections that must be left alone come first: they are skipped as a whole, closed or not.
_SKIPPED = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_AMPERSAND = re.compile(rf"{_SKIPPED}|&(?!(?:#\d+|#x[\da-f]+|amp|lt|gt|quot|apos);)(\w*;)?", re.S | re.I)
_TAG = re.compile(rf"{_SKIPPED}|<[\w.:-]+\s[^<>]*>", re.S)
_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*'|([^\s\"'<>]+))")
_PROLOG = re.compile(r"\s*(?:(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE.*)\s*)*+", re.S | re.I)


# Prefixes of elements and attributes, also inside HTML, where one declaration too many does no harm.
_PREFIX = re.compile(r"(?:</?|\s)([a-z_][\w.-]*):[a-z_]", re.I)
_ATTRIBUTE = re.compile(r"\s[\w.:-]+=(?:\"[^\"<]*\"|'[^'<]*')")
_DECLARATION = re.compile(r"\bxmlns:([\w.-]+)")
_MOST_PREFIXES = 10_000


class Mended(NamedTuple):
    """A document, and what had to be done to read it."""

    root: etree._Element
    notes: tuple[str, ...]
    cut: bool = False  # the text ends before the root element does


class _Cutting(NamedTuple):
    text: str  # from the root element's start to its end
    notes: tuple[str, ...]
    closed: bool  # the root element's end is there


def read_xml(text: str, roots: str, parts: str | None) -> Mended | None:
    """Return the tree below the first of the root elements, or None if there is none.

    ``roots`` and ``parts`` are local names joined by ``|``; parts are the elements (entries) that
    are saved one by one when the document as a whole isn't well-formed; None where no part stands
    for itself.
    """
    found = _cut_out(text, roots)
    if found is None:
        return None
    root = _parse(found.text)
    if root is not None:
        return Mended(root, found.notes)
    mended = found._replace(text=_mend(found.text))
    root = _parse(mended.text)
    if root is not None:
        return Mended(root, (*found.notes, "not well-formed: characters mended"))
    return _salvage(mended, parts) if parts else _what_is_left(mended)


def mentions(text: str, parts: str) -> bool:
    """Say whether any of the elements begins somewhere in the text."""
    return re.search(rf"<(?:[\w.-]+:)?(?:{parts})[\s>]", text, re.I) is not None


def _cut_out(text: str, roots: str) -> _Cutting | None:
    start = re.search(rf"<((?:[\w.-]+:)?(?:{roots}))(?=[\s>/])", text, re.I)
    if start is None:
        return None
    end = text.rfind(f"</{start[1]}", start.end())
    stop = text.find(">", end) + 1 if end > 0 else 0
    notes = (
        *(("text before the feed left out",) if not _PROLOG.fullmatch(text[: start.start()]) else ()),
        *(("text after the feed left out",) if stop and text[stop:].strip() else ()),
    )
    return _Cutting(text[start.start() : stop or len(text)], notes, stop > 0)


def _parse(document: str, *, recover: bool = False) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        strip_cdata=False,
    )
    try:
        return etree.fromstring(document.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _mend(document: str) -> str:
    """Return the document without the sins of hand-made XML: what can be put right character by character."""
    return _declared(_TAG.sub(_quoted, _AMPERSAND.sub(_ampersand, printable(document))))


def _quoted(match: re.Match[str]) -> str:
    """Return a start tag with quotes around each attribute's value."""
    tag = match.group()
    return tag if tag.startswith("<!") else _VALUE.sub(lambda at: f'="{at[1]}"' if at[1] else at[0], tag)


def _ampersand(match: re.Match[str]) -> str:
    if not match.group().startswith("&"):
        return match.group()
    name = match.group(1) or ""
    if len(name) > 1 and name in html5:
        return "".join(f"&#{ord(char)};" for char in html5[name])
    return f"&amp;{name}"


def _declared(document: str) -> str:
    """Return the document with a namespace for each prefix that has none; known prefixes get their own."""
    end = re.search(r"[\s/>]", document)
    used = {match[1] for match in islice(_PREFIX.finditer(document), _MOST_PREFIXES)}
    unknown = sorted(used - set(_DECLARATION.findall(document)) - {"xml", "xmlns"})
    if not unknown or end is None:
        return document
    added = "".join(f' xmlns:{prefix}="{_namespace(prefix)}"' for prefix in unknown)
    return document[: end.start()] + added + document[end.start() :]


def _namespace(prefix: str) -> str:
    return next(
        (uri for uri, known in PREFIXES.items() if known == prefix.lower()), f"urn:undeclared:{prefix}"
    )


def _what_is_left(found: _Cutting) -> Mended | None:
    root = _parse(found.text, recover=True)
    return None if root is None else Mended(root, (*found.notes, "not well-formed"), not found.closed)


def _salvage(found: _Cutting, parts: str) -> Mended | None:
    """Return what surrounds the parts as one tree, with each part read by itself put back into it."""
    opening, document = _opened(found.text)
    spans = list(islice(_spans(document, parts), MOST_ENTRIES))
    half = not found.closed and spans and spans[-1][1] == len(document)
    pieces = [_piece(opening + document[start:end], parts) for start, end in (spans[:-1] if half else spans)]
    lost = pieces.count(None)
    root = _parse(_without(document, spans), recover=True)
    if root is None or 0 < lost == len(pieces):
        return None
    root.extend([piece for piece in pieces if piece is not None])
    troubles = (
        "not well-formed: read entry by entry",
        *((f"{lost} entries could not be read",) if lost else ()),
        *(("cut off: only what was whole is kept",) if not found.closed else ()),
    )
    return Mended(root, (*found.notes, *troubles), not found.closed)


def _opened(document: str) -> tuple[str, str]:
    """Return the root's start tag with only its sound attributes, and the document beginning with it."""
    end = document.find(">") + 1 or len(document)
    name = re.match(r"<[\w.:-]+", document)
    opening = (name.group() if name else "<feed") + "".join(_ATTRIBUTE.findall(document[:end])) + ">"
    return opening, opening + document[end:]


def _piece(document: str, parts: str) -> etree._Element | None:
    root = _parse(document, recover=True)
    if root is None:
        return None
    return next((found for name in parts.split("|") for found in root.iter(f"{{*}}{name}")), None)


def _spans(document: str, parts: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each part; one that isn't closed ends at the next, or with the document."""
    token = re.compile(rf"{_SKIPPED}|<(?P<end>/?)(?:[\w.-]+:)?(?:{parts})(?=[\s>/])[^<>]*>?", re.S | re.I)
    start = None
    for match in token.finditer(document):
        if match["end"] is None:
            continue
        if match["end"] and start is not None:
            yield start, match.end()
            start = None
        elif not match["end"]:
            if start is not None:
                yield start, match.start()
            start = match.start()
    if start is not None:
        yield start, len(document)


def _without(document: str, spans: list[tuple[int, int]]) -> str:
    kept, position = [], 0
    for start, end in spans:
        kept.append(document[position:start])
        position = end
    return "".join((*kept, document[position:]))
