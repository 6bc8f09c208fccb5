"""The JSON-LD of a page (schema.org): arrays, @graph and broken JSON included."""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from dibao.text import printable, squeeze

Thing = dict[str, Any]

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage|VideoObject)$")
_BEFORE = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)")
_AFTER = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?|;)\s*$")
_ENDS = (">", ";", "/")  # what the above ends with
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_BETWEEN = re.compile(r"}\s*{")
_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})")
_TEXT = r'"\s*:\s*"((?:[^"\\]|\\.)*)"'
_FIELD = re.compile(
    rf'"(headline|datePublished|dateModified|articleSection|description|keywords|inLanguage){_TEXT}'
)
_AUTHOR = re.compile(rf'"author"\s*:\s*\[?\s*(?:\{{[^{{}}\[\]]*?"name{_TEXT}|"([^"\\]*)")')
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_SHARED = (
    "author",
    "datePublished",
    "dateModified",
    "articleSection",
    "keywords",
    "description",
    "publisher",
    "inLanguage",
)
_DEEPEST = 12
_MOST = 2000  # things on one page


def read(text: str) -> list[Thing]:
    """Return the things that one script says, however it is wrapped or broken."""
    return list(islice(_things(_load(text)), _MOST))


def best(found: list[Thing]) -> Thing:
    """Return what is said of the article, its gaps filled from what is said of the page; else nothing."""
    by_id = {thing["@id"]: thing for thing in found if isinstance(thing.get("@id"), str) and len(thing) > 2}
    ranked = sorted((thing for thing in found if _rank(thing) < 3), key=_rank)
    if not ranked:
        return {}
    whole = dict(ranked[0])
    for other in ranked[1:]:
        if _same_page(whole, other):
            whole |= {name: other[name] for name in _SHARED if other.get(name) and not whole.get(name)}
    return {key: _resolve(value, by_id) for key, value in whole.items()}


def _rank(thing: Thing) -> int:
    types = texts(thing.get("@type"))
    if any(_ARTICLE.search(kind) for kind in types):
        return 0 if "headline" in thing else 1
    return 2 if any(_PAGE.search(kind) for kind in types) or "headline" in thing else 3


def _same_page(one: Thing, other: Thing) -> bool:
    """Say whether two things may be one article: the same headline, or a page without one."""
    headline = first(other.get("headline"))
    return headline == first(one.get("headline")) if headline else _rank(other) == 2


def of_type(found: list[Thing], name: str) -> list[Thing]:
    """Return the things of a type."""
    return [thing for thing in found if name in texts(thing.get("@type"))]


def _load(text: str) -> Any:
    text = printable(_unwrapped(text))
    if '"' not in text and "&quot;" in text:
        text = unescape(text)
    for repaired in _repairs(text):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return _fields(text)


def _unwrapped(text: str) -> str:
    """Return a script without the comment or section around it, looking at its ends alone."""
    before = _BEFORE.match(text)
    text = text[before.end() :] if before else text
    return _AFTER.sub("", text) if text.rstrip()[-1:] in _ENDS else text


def _repairs(text: str) -> Iterator[str]:
    yield text
    text = _TRAILING_COMMA.sub("", text)
    yield text
    text = _ESCAPE.sub(r"\\\\", text)
    yield text
    yield f"[{_BETWEEN.sub('},{', text)}]"


def _fields(text: str) -> Thing:
    """Return what can be read field by field from JSON beyond repair."""
    said: Thing = {name: _plain(value) for name, value in reversed(_FIELD.findall(text))}
    author = _AUTHOR.search(text)
    if author:
        said["author"] = _plain(author[1] or author[2] or "")
    return {"@type": "Article", **said} if said else {}


def _plain(value: str) -> str:
    return value.replace('\\"', '"').replace("\\/", "/")


def _things(value: Any, depth: int = 0) -> Iterator[Thing]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in _WITHIN:
            yield from _things(value.get(name), depth + 1)


def _resolve(value: Any, by_id: dict[str, Thing]) -> Any:
    """Return the thing that a reference by @id means."""
    if isinstance(value, list):
        return [_resolve(item, by_id) for item in value]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return by_id.get(str(value.get("@id")), value)
    return value


def texts(value: Any) -> list[str]:
    """Return the strings of a value that may be one, a list, or a thing with a name."""
    if isinstance(value, str):
        text = printable(unescape(unescape(value)))  # JSON can name half a character
        text = squeeze(_TAG.sub("", text) if "<" in text else text)
        return [text] if text else []
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value") or value.get("url"))
    return []


def first(value: Any) -> str | None:
    """Return the first string of a value, or None."""
    return next(iter(texts(value)), None)


def people(value: Any) -> list[str]:
    """Return the names of the authors that aren't said to be organisations."""
    return [name for name, is_one in signed(value) if not is_one]


def signed(value: Any) -> list[tuple[str, bool]]:
    """Return the names of the authors, and whether each is said to be an organisation."""
    if isinstance(value, list):
        return [name for item in value for name in signed(item)]
    if isinstance(value, dict):
        kinds = " ".join(texts(value.get("@type")))
        whole = " ".join(texts(value.get("givenName")) + texts(value.get("familyName")))
        is_one = "Organization" in kinds or "Thing" in kinds or "Corporation" in kinds
        return [(name, is_one) for name in texts(value.get("name") or whole)]
    return [(name, False) for name in texts(value)]
