"""Lists of sources: OPML in and out, and the ``subs.json`` form.

http://opml.org/spec2.opml
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from lxml import etree

from dibao.charset import decode
from dibao.errors import FeedError
from dibao.feeds.elements import Element, attribute
from dibao.feeds.plain import tidy
from dibao.feeds.repair import read_xml
from dibao.model import Source
from dibao.text import clip, printable
from dibao.urls import absolute

_OURS = "urn:dibao:opml"
_Read = tuple[tuple[Source, ...], tuple[str, ...]]


class Place(NamedTuple):
    """Where an outlet stands, as the mark before its name says."""

    region: str  # ISO 3166
    timezone: str
    language: str | None = None  # None where outlets of many languages are


_PLACES = {
    "臺": Place("TW", "Asia/Taipei", "zh-Hant"),
    "台": Place("TW", "Asia/Taipei", "zh-Hant"),
    "港": Place("HK", "Asia/Hong_Kong", "zh-Hant"),
    "中": Place("CN", "Asia/Shanghai", "zh-Hans"),
    "美": Place("US", "America/New_York"),
    "英": Place("GB", "Europe/London"),
    "日": Place("JP", "Asia/Tokyo"),
    "韓": Place("KR", "Asia/Seoul"),
    "新": Place("SG", "Asia/Singapore"),
    "德": Place("DE", "Europe/Berlin"),
    "法": Place("FR", "Europe/Paris"),
}


def read_list(body: bytes, *, url: str = "") -> _Read:
    """Return the sources of an OPML or ``subs.json`` list, and why each other line could not be used.

    ``url`` is where the list was found. Raises FeedError if it is neither form.
    """
    text, _ = decode(body)
    return _read_json(text, url) if text.lstrip().startswith(("[", "{")) else _read_opml(text, url)


def write_opml(sources: Iterable[Source], *, title: str) -> bytes:
    """Return the sources as OPML 2.0, in their order; `read_list` gives them back.

    Sources of one category that follow each other share a folder.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"dibao": _OURS})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = printable(title)
    body = etree.SubElement(root, "body")
    for category, members in groupby(sources, key=lambda source: source.category):
        folder = (
            body if category is None else etree.SubElement(body, "outline", {"text": printable(category)})
        )
        for source in members:
            etree.SubElement(folder, "outline", _attributes(source))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


# --- OPML -----------------------------------------------------------------------------------------


def _read_opml(text: str, url: str) -> _Read:
    mended = read_xml(text, "opml", None)
    if mended is None:
        raise FeedError(url, "neither OPML nor a list of sources in JSON")
    return _sorted_out(_of_outline(outline, url) for outline in _leaves(mended.root))


def _leaves(root: Element) -> Iterator[Element]:
    return (outline for outline in root.iter("{*}outline") if _address(outline) or not len(outline))


def _address(outline: Element) -> str | None:
    return attribute(outline, "xmlUrl", "xmlurl", "xmlURL")


def _of_outline(outline: Element, url: str) -> Source | str:
    name = attribute(outline, "title", "text")
    address = _address(outline)
    link = absolute(url or None, address)
    if link is None:
        return _refusal(name, address)
    known = {field: read(str(outline.get(key, ""))) for field, key, read, _ in _KEPT if outline.get(key)}
    return Source(name=name or link, url=link, category=_folder(outline), **known)


def _folder(outline: Element) -> str | None:
    above = (parent for parent in outline.iterancestors("{*}outline") if not _address(parent))
    return next((name for name in (attribute(parent, "text", "title") for parent in above) if name), None)


def _attributes(source: Source) -> dict[str, str]:
    name = printable(source.name)
    kept = {
        key: write(value)
        for field, key, _, write in _KEPT
        if (value := getattr(source, field)) != _usual(field)
    }
    return {"type": "rss", "text": name, "title": name, "xmlUrl": printable(source.url), **kept}


def _usual(field: str) -> object:
    return Source.__dataclass_fields__[field].default


def _seconds(written: str) -> int:
    digits = written if written.isdecimal() and len(written) < 10 else ""
    return int(digits or 0) or 3600


def _tags(written: str) -> tuple[str, ...]:
    parts = (part.strip().replace("%2C", ",").replace("%25", "%") for part in written.split(","))
    return tuple(part for part in parts if part)


def _joined(tags: tuple[str, ...]) -> str:
    return printable(",".join(tag.replace("%", "%25").replace(",", "%2C") for tag in tags))


# field of a source, its attribute, how to read it, how to write it
_KEPT: tuple[tuple[str, str, Callable[[str], Any], Callable[[Any], str]], ...] = (
    ("tags", "category", _tags, _joined),
    ("language", "language", tidy, printable),
    ("region", f"{{{_OURS}}}region", tidy, printable),
    ("timezone", f"{{{_OURS}}}timezone", tidy, printable),
    ("rights", f"{{{_OURS}}}rights", tidy, printable),
    ("every", f"{{{_OURS}}}every", _seconds, str),
    ("feed_only", f"{{{_OURS}}}feedOnly", "true".__eq__, lambda value: "true"),
)


# --- subs.json ------------------------------------------------------------------------------------


def _read_json(text: str, url: str) -> _Read:
    try:
        lines = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(url, "broken JSON") from error
    if not isinstance(lines, list):
        raise FeedError(url, "JSON, but not a list of sources")
    return _sorted_out(_of_line(line, url) for line in lines)


def _of_line(line: object, url: str) -> Source | str:
    fields = line if isinstance(line, dict) else {}
    name, address = (_string(fields, "site") or _string(fields, "name")), _string(fields, "url")
    link = absolute(url or None, address)
    if link is None:
        return _refusal(name, address)
    return Source(name=name or link, url=link, category=_string(fields, "category"), **_place(name or ""))


def _string(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return tidy(value) if isinstance(value, str) else None


def _place(name: str) -> dict[str, Any]:
    """Return what a mark such as (臺) before a name says, as fields of a source."""
    mark = name[1:2] if name[:1] in "(（" and name[2:3] in (")", "）") else ""
    return _PLACES[mark]._asdict() if mark in _PLACES else {}


# --- both -----------------------------------------------------------------------------------------


def _refusal(name: str | None, address: str | None) -> str:
    what = f"“{clip(name, 60)}”" if name else "a line without a name"
    return f"{what}: {f'not an http address: {clip(address, 100)}' if address else 'no feed address'}"


def _sorted_out(found: Iterable[Source | str]) -> _Read:
    sources: dict[str, Source] = {}
    reasons: list[str] = []
    for each in found:
        if isinstance(each, str):
            reasons.append(each)
        elif each.url in sources:
            reasons.append(f"“{clip(each.name, 60)}”: listed twice: {clip(each.url, 100)}")
        else:
            sources[each.url] = each
    return tuple(sources.values()), tuple(reasons)
