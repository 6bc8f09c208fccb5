"""A feed that isn't well-formed -> XML tree, with as little mending as it needs.

What mending characters doesn't cure is read entry by entry, so that damage stays where it is.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice
from typing import NamedTuple

from lxml import etree

from dibao.feeds.document import MOST_ENTRIES, Cutting, cut_out, in_any_case, parse_strictly, parser
from dibao.feeds.elements import PREFIXES
from dibao.text import printable

# Sections that must be left alone come first: they are skipped as a whole, closed or not.
_SKIPPED = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_AMPERSAND = re.compile(
    rf"{_SKIPPED}|&(?!(?:#\d+|(?-i:#x)[\da-f]+|(?-i:amp|lt|gt|quot|apos));)(#x[\da-f]+;|\w*;)?", re.S | re.I
)
_TAG = re.compile(rf"{_SKIPPED}|<[\w.:-]+\s[^<>]*>", re.S)
_BARE = re.compile(rf"{_SKIPPED}|<(?![\w/!?:])|<(?=[^<>]*(?:<|\Z))", re.S)  # what begins no tag
_CODE = re.compile(r"&#(x?)0*([\da-f]{1,8});")
_REFERENCES = re.compile(r"(?:&#(?:x0*[\da-f]{1,8}|0*\d{1,8});)+", re.I)
_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*'|([^\s\"'<>]+))")
# Prefixes of elements and attributes, also inside HTML, where one declaration too many does no harm.
_PREFIX = re.compile(r"(?:</?|\s)([a-z_][\w.-]*):[a-z_]", re.I)
_ATTRIBUTE = re.compile(r"\s[\w.:-]+=(?:\"[^\"<]*\"|'[^'<]*')")
_DECLARATION = re.compile(r"\bxmlns:([\w.-]+)")
_MOST_PREFIXES = 100  # each entry that is saved by itself is read with all of them


class Mended(NamedTuple):
    """A document, and what had to be done to read it."""

    root: etree._Element
    notes: tuple[str, ...] = ()
    cut: bool = False  # the text ends before the root element does
    half: bool = False  # it ends in the last entry, of which only the whole parts are there


def read_xml(text: str, roots: str, parts: str | None) -> Mended | None:
    """Return the tree below the first of the root elements, or None if there is none.

    ``roots`` and ``parts`` are local names joined by ``|``; parts are the elements (entries) that
    are saved one by one when the document as a whole isn't well-formed; None where no part stands
    for itself.
    """
    found = cut_out(text.encode("utf-8", "replace"), roots)
    if found is None:
        return None
    root = parse_strictly(found.utf8)
    return Mended(root, found.notes) if root is not None else mend(found, parts)


def mend(found: Cutting, parts: str | None) -> Mended | None:
    """Return what can be read of a document that isn't well-formed, with as little mending as it needs."""
    document = _mended(found.utf8.decode("utf-8", "replace"))
    root = parse_strictly(document.encode("utf-8", "replace"))
    if root is not None:
        return Mended(root, (*found.notes, "not well-formed: characters mended"))
    return _salvage(document, found, parts) if parts else _what_is_left(document, found)


def _mended(document: str) -> str:
    """Return the document without the sins of hand-made XML: what can be put right character by character."""
    document = _BARE.sub(_escaped, _AMPERSAND.sub(_ampersand, printable(document)))
    return _declared(_TAG.sub(_quoted, _REFERENCES.sub(_characters, document)))


def _escaped(match: re.Match[str]) -> str:
    return "&lt;" if match.group() == "<" else match.group()


def _characters(match: re.Match[str]) -> str:
    """Return a run of character references without those to no character; surrogate pairs are one."""
    codes = (int(code, 16 if x else 10) for x, code in _CODE.findall(match.group().lower()))
    text = "".join(chr(code) for code in codes if code < 0x110000)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return "".join(f"&#{ord(character)};" for character in printable(whole))


def _quoted(match: re.Match[str]) -> str:
    """Return a start tag with quotes around each attribute's value."""
    tag = match.group()
    return tag if tag.startswith("<!") else _VALUE.sub(lambda at: f'="{at[1]}"' if at[1] else at[0], tag)


def _ampersand(match: re.Match[str]) -> str:
    if not match.group().startswith("&"):
        return match.group()
    name = match.group(1) or ""
    if name.startswith("#"):
        return f"&{name.lower()}"
    if len(name) > 1 and name in html5:
        return "".join(f"&#{ord(char)};" for char in html5[name])
    return f"&amp;{name}"


def _declared(document: str) -> str:
    """Return the document with a namespace for each prefix that has none; known prefixes get their own."""
    end = re.search(r"[\s/>]", document)
    declared = {"xml", "xmlns", *_DECLARATION.findall(document)}
    used = (match[1] for match in _PREFIX.finditer(document) if match[1] not in declared)
    unknown = tuple(dict.fromkeys(islice(used, 10_000)))[:_MOST_PREFIXES]
    if not unknown or end is None:
        return document
    added = "".join(f' xmlns:{prefix}="{_namespace(prefix)}"' for prefix in unknown)
    return document[: end.start()] + added + document[end.start() :]


def _namespace(prefix: str) -> str:
    return next(
        (uri for uri, known in PREFIXES.items() if known == prefix.lower()), f"urn:undeclared:{prefix}"
    )


def _recovered(document: str) -> etree._Element | None:
    try:
        return etree.fromstring(document.encode("utf-8", "replace"), parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _what_is_left(document: str, found: Cutting) -> Mended | None:
    root = _recovered(document)
    return None if root is None else Mended(root, (*found.notes, "not well-formed"), not found.closed)


def _salvage(whole: str, found: Cutting, parts: str) -> Mended | None:
    """Return what surrounds the parts as one tree, with each part read by itself put back into it."""
    opening, document = _opened(whole)
    spans = list(islice(_spans(document, parts), MOST_ENTRIES))
    half = not found.closed and bool(spans) and spans[-1][1] == len(document)
    pieces = [_piece(opening + document[start:end], parts) for start, end in spans]
    if half:
        last = _whole_part(pieces.pop(), document[spans[-1][0] :])
        half = last is not None
        pieces += [last] if half else []
    lost = pieces.count(None)
    root = _recovered(_without(document, spans))
    if root is None or 0 < lost == len(pieces):
        return None
    root.extend([piece for piece in pieces if piece is not None])
    troubles = (
        "not well-formed: read entry by entry",
        *((f"{lost} entries could not be read",) if lost else ()),
        *(("cut off in the middle",) if not found.closed else ()),
    )
    return Mended(root, (*found.notes, *troubles), not found.closed, half)


def _whole_part(piece: etree._Element | None, written: str) -> etree._Element | None:
    """Return what is whole of an entry that was cut off, or None where that doesn't tell it apart."""
    if piece is None:
        return None
    if len(piece) and f"</{_written_name(piece[-1])}" not in written[_last_start(piece[-1], written) :]:
        piece.remove(piece[-1])
    names = {str(child.tag).rpartition("}")[2].lower() for child in piece}
    return piece if "title" in names or "link" in names else None


def _last_start(element: etree._Element, written: str) -> int:
    return max(written.rfind(f"<{_written_name(element)}{after}") for after in (">", " ", "\n", "\t"))


def _written_name(element: etree._Element) -> str:
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


def _opened(document: str) -> tuple[str, str]:
    """Return the root's start tag with only its sound attributes, and the document beginning with it."""
    end = document.find(">") + 1 or len(document)
    name = re.match(r"<[\w.:-]+", document)
    opening = (name.group() if name else "<feed") + "".join(_ATTRIBUTE.findall(document[:end])) + ">"
    return opening, opening + document[end:]


def _piece(document: str, parts: str) -> etree._Element | None:
    root = _recovered(document)
    if root is None:
        return None
    return next(root.iter(*in_any_case(tuple(parts.split("|")))), None)


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
