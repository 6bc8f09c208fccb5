"""Lists of sources: OPML in and out, and the ``subs.json`` form.

http://opml.org/spec2.opml

OPML is read outline by outline, not as one XML document: lists are often written by hand, and so a
bare ``&``, a lost quote or an end that was cut off costs no more than the line it stands in. Nothing is
declared, loaded or expanded, and there is no depth at which reading stops.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import chain, groupby, islice, pairwise
from typing import Any, NamedTuple

from lxml import etree

from dibao.charset import decode
from dibao.errors import FeedError
from dibao.feeds.discover import web_address
from dibao.feeds.plain import plain, tidy
from dibao.model import Source
from dibao.text import clip, printable
from dibao.urls import absolute

_OURS, _XML = "urn:dibao:opml", "http://www.w3.org/XML/1998/namespace"
_Read = tuple[tuple[Source, ...], tuple[str, ...]]


class Place(NamedTuple):
    """Where an outlet stands, as the mark before its name says."""

    region: str  # ISO 3166
    timezone: str
    language: str | None = None  # None where outlets of many languages are


_TAIWAN = Place("TW", "Asia/Taipei", "zh-Hant")
_SINGAPORE = Place("SG", "Asia/Singapore")
_KOREA = Place("KR", "Asia/Seoul")
_PLACES = {
    "臺": _TAIWAN,
    "台": _TAIWAN,
    "港": Place("HK", "Asia/Hong_Kong", "zh-Hant"),
    "澳": Place("MO", "Asia/Macau", "zh-Hant"),
    "中": Place("CN", "Asia/Shanghai", "zh-Hans"),
    "美": Place("US", "America/New_York"),
    "英": Place("GB", "Europe/London"),
    "日": Place("JP", "Asia/Tokyo"),
    "韓": _KOREA,
    "韩": _KOREA,
    "新": _SINGAPORE,
    "星": _SINGAPORE,
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
    sources = tuple(sources)
    prefixes = _prefixes(sources)
    root = etree.Element("opml", {"version": "2.0"}, nsmap=prefixes)
    etree.SubElement(etree.SubElement(root, "head"), "title").text = printable(title)
    body = etree.SubElement(root, "body")
    for category, members in groupby(sources, key=lambda source: source.category):
        folder = (
            body if category is None else etree.SubElement(body, "outline", {"text": printable(category)})
        )
        for source in members:
            etree.SubElement(folder, "outline", _attributes(source))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


# --- OPML, in ---------------------------------------------------------------------------------------

# A value may hold "<", as those written by hand do; but where a tag begins, a quote was lost before it.
_INNER = r"[^<Q]++|<(?!/?(?:[\w.-]{1,40}:)?(?:outline|opml|body)[\s/>])"
_VALUE = "|".join(f"{quote}(?:{_INNER.replace('Q', quote)})*+{quote}" for quote in "\"'")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<(?P<end>/?)(?:[\w.-]{1,40}:)?(?P<name>outline|opml)(?=[\s/>])"
    rf"(?P<said>(?:[^\"'<>]++|{_VALUE})*+|[^<>]*)>",
    re.S | re.I,
)
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});", re.I)
_BREAK = re.compile(r"[\t\r\n]")  # as written; a reference to one stays
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?opml[\s>/]", re.I)
_END = re.compile(r"</(?:[\w.-]{1,40}:)?opml\s*>", re.I)
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.A)
_NAMESPACE = re.compile(
    r"https?://[\w.-]{1,100}(?::\d{1,5})?(?:/[\w./~-]{0,200})?#?|urn:[\w.:-]{1,200}", re.A
)
_MOST_SPACES, _MOST_SPARE, _LONGEST = 20, 50, 10_000
# What we write ourselves, and what would make another reader take the line for something else.
_OWN = frozenset(("text", "title", "type", "xmlurl", "url", "category", "language", "xmlns"))


class Outline(NamedTuple):
    """One outline: what it says, and where it stands."""

    said: dict[str, str]  # by name as written, or "{namespace}name"
    words: dict[str, str]  # the same by lower-case name, without what is empty
    folder: str | None  # the nearest folder above
    empty: bool  # no outline stands below it

    @property
    def address(self) -> str | None:
        """Return the address of its feed as written, or None."""
        is_feed = self.words.get("type", "").lower() in ("rss", "atom")  # some say "url" for "xmlUrl"
        return self.words.get("xmlurl") or (self.words.get("url") if is_feed else None)


def _read_opml(text: str, url: str) -> _Read:
    if not _ROOT.search(text):
        raise FeedError(url, "neither OPML nor a list of sources in JSON")
    # Others' lists may have escaped a name twice; what we wrote means what it says.
    named = tidy if f'"{_OURS}"' in text else plain
    found = (_of_outline(outline, url, named) for outline in _outlines(text, named))
    sources, reasons = _sorted_out(each for each in found if each is not None)
    cut = () if _END.search(text) else ("the list ends before its end: what is whole of it was read",)
    return sources, (*reasons, *cut)


def _outlines(text: str, named: Callable[[str | None], str | None]) -> Iterator[Outline]:
    folders: list[str | None] = [None]  # of each outline that is open: the folder of those below it
    spaces: dict[str, str] = {}
    tags = (tag for tag in _TAG.finditer(text) if tag["name"])
    for tag, following in pairwise(chain(tags, (None,))):
        assert tag
        written = tag["said"].rstrip()
        said, closed = _attributes_of(written.removesuffix("/"), spaces), written.endswith("/")
        if tag["name"].lower() == "opml":
            continue
        if tag["end"]:
            del folders[max(1, len(folders) - 1) :]
            continue
        words = {name.lower(): value.strip() for name, value in said.items() if value.strip()}
        outline = Outline(said, words, folders[-1], closed or following is None or bool(following["end"]))
        yield outline
        if not closed:
            name = None if outline.address else named(words.get("text") or words.get("title"))
            folders.append(name or outline.folder)


def _attributes_of(written: str, spaces: dict[str, str]) -> dict[str, str]:
    """Return attributes by their full names, and learn which namespaces the prefixes stand for."""
    found = {name: _value("".join(quoted)) for name, *quoted in _ATTRIBUTE.findall(written)}
    for name, value in found.items():
        if name.startswith("xmlns:") and _NAMESPACE.fullmatch(value) and len(spaces) < _MOST_SPACES:
            spaces[name.removeprefix("xmlns:")] = value
    return {_full(name, spaces): value for name, value in found.items()}


def _full(name: str, spaces: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{spaces[prefix]}}}{local}" if colon and prefix in spaces else name


def _value(written: str) -> str:
    decoded = _REFERENCE.sub(lambda found: unescape(found.group()), _BREAK.sub(" ", written))
    return printable(decoded)


def _of_outline(outline: Outline, url: str, named: Callable[[str | None], str | None]) -> Source | str | None:
    """Return the source an outline names, or why it names none; None for a folder."""
    name = named(outline.words.get("title") or outline.words.get("text"))
    address = outline.address
    if address is None:
        return _refusal(name, _instead(outline)) if outline.empty or outline.words.get("url") else None
    link = absolute(url or None, web_address(address))
    if link is None:
        return _refusal(name, f"not an http address: {clip(address, 100)}")
    place = {} if named is tidy else _place(name or "")  # what we wrote says it in words
    known = {field: read(value) for field, key, read, _ in _KEPT if (value := outline.words.get(key.lower()))}
    spare = tuple(islice(filter(_is_spare, outline.said.items()), _MOST_SPARE))
    return Source(name=name or link, url=link, category=outline.folder, extra=spare, **(place | known))


def _instead(outline: Outline) -> str:
    """Return what an outline has where its feed's address should be."""
    other, page = outline.words.get("url"), outline.words.get("htmlurl")
    if other and ((outline.words.get("type", "")).lower() == "include" or other.lower().endswith(".opml")):
        return f"a list of its own, to be imported by itself: {clip(other, 100)}"
    if other or page:
        return f"no feed address, only a page for `dibao add` to look at: {clip(other or page or '', 100)}"
    return "no feed address"


def _is_spare(item: tuple[str, str]) -> bool:
    """Say whether an attribute is none of ours, and can be written again for other readers."""
    space, _, name = item[0].removeprefix("{").rpartition("}")
    if len(item[1]) > _LONGEST or not _PLAIN_NAME.fullmatch(name):
        return False
    if not space:
        return name.lower() not in _OWN
    return space not in (_OURS, _XML) and bool(_NAMESPACE.fullmatch(space))


# --- OPML, out --------------------------------------------------------------------------------------

_USUAL_PREFIXES = {"https://freshrss.org/opml": "frss"}


def _prefixes(sources: Iterable[Source]) -> dict[str, str]:
    """Return a prefix for each namespace that the sources' attributes are in, and for ours."""
    spare = (item for source in sources for item in source.extra if _is_spare(item))
    spaces = dict.fromkeys(name[1:].partition("}")[0] for name, _ in spare if name.startswith("{"))
    named = {_USUAL_PREFIXES.get(space, f"n{number}"): space for number, space in enumerate(spaces, 1)}
    return {"dibao": _OURS, **named}


def _attributes(source: Source) -> dict[str, str]:
    name = printable(source.name)
    kept = {
        key: write(value)
        for field, key, _, write in _KEPT
        if (value := getattr(source, field)) != _usual(field)
    }
    spare = {name: printable(value) for name, value in filter(_is_spare, source.extra)}
    return {"type": "rss", "text": name, "title": name, "xmlUrl": printable(source.url), **kept, **spare}


def _usual(field: str) -> object:
    return Source.__dataclass_fields__[field].default


def _seconds(written: str) -> int:
    digits = written if written.isdecimal() and len(written) < 10 else ""
    return int(digits or 0) or 3600


def _day(written: str) -> str | None:
    return written if re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.A) else None


def _kind(written: str) -> str:
    return written if written in ("sitemap", "page") else "feed"


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
    ("steady", f"{{{_OURS}}}steady", "true".__eq__, lambda value: "true"),
    ("feed_only", f"{{{_OURS}}}feedOnly", "true".__eq__, lambda value: "true"),
    ("kind", f"{{{_OURS}}}kind", _kind, printable),
    ("selector", f"{{{_OURS}}}selector", tidy, printable),
    ("since", f"{{{_OURS}}}since", _day, printable),
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
    if address is None:
        return _refusal(name, "no feed address")
    link = absolute(url or None, web_address(address))
    if link is None:
        return _refusal(name, f"not an http address: {clip(address, 100)}")
    return Source(name=name or link, url=link, category=_string(fields, "category"), **_place(name or ""))


def _string(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return tidy(value) if isinstance(value, str) else None


# --- both -----------------------------------------------------------------------------------------


def _place(name: str) -> dict[str, Any]:
    """Return what a mark such as (臺) before a name says, as fields of a source."""
    mark = name[1:2] if name[:1] in ("(", "（") and name[2:3] in (")", "）") else ""
    return _PLACES[mark]._asdict() if mark in _PLACES else {}


def _refusal(name: str | None, why: str) -> str:
    return f"{f'“{clip(name, 60)}”' if name else 'a line without a name'}: {why}"


def _sorted_out(found: Iterable[Source | str]) -> _Read:
    sources: dict[str, Source] = {}
    reasons: list[str] = []
    for each in found:
        if isinstance(each, str):
            reasons.append(each)
        elif each.url in sources:
            reasons.append(_refusal(each.name, f"listed twice: {clip(each.url, 100)}"))
        else:
            sources[each.url] = each
    return tuple(sources.values()), tuple(reasons)
