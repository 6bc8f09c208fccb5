"""The JSON-LD of a page (schema.org): arrays, @graph and broken JSON included."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from dibao.extract.tree import Tree
from dibao.text import printable, squeeze

Thing = dict[str, Any]

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage|VideoObject)$")
_BEFORE = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)")
_AFTER = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?|;)\s*$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_BETWEEN = re.compile(r"}\s*{")
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description)"\s*:\s*"((?:[^"\\]|\\.)*)"'
)
_DEEPEST = 12
_MOST = 2000  # things on one page


def article(tree: Tree) -> Thing:
    """Return what the page's JSON-LD says of its article; empty if it says nothing."""
    found: list[Thing] = []
    for script in tree.css('script[type*="ld+json"]'):
        found += _things(_load(script.text() or ""))
        if len(found) > _MOST:
            break
    by_id = {thing["@id"]: thing for thing in found if isinstance(thing.get("@id"), str) and len(thing) > 2}
    best = min(found, key=_rank, default=Thing())
    return {key: _resolve(value, by_id) for key, value in best.items()} if _rank(best) < 3 else {}


def _rank(thing: Thing) -> int:
    types = texts(thing.get("@type"))
    if any(_ARTICLE.search(kind) for kind in types):
        return 0 if "headline" in thing else 1
    return 2 if any(_PAGE.search(kind) for kind in types) or "headline" in thing else 3


def _load(text: str) -> Any:
    text = printable(_AFTER.sub("", _BEFORE.sub("", text)))
    for repaired in (
        text,
        _TRAILING_COMMA.sub("", text),
        f"[{_BETWEEN.sub('},{', _TRAILING_COMMA.sub('', text))}]",
    ):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return _fields(text)


def _fields(text: str) -> Thing:
    """Return what can be read field by field from JSON beyond repair."""
    said = {
        name: value.replace('\\"', '"').replace("\\/", "/") for name, value in reversed(_FIELD.findall(text))
    }
    return {"@type": "Article", **said} if said else {}


def _things(value: Any, depth: int = 0) -> Iterator[Thing]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"):
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
        text = squeeze(re.sub(r"<[^>]*>", "", unescape(unescape(value))))
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
    if isinstance(value, list):
        return [name for item in value for name in people(item)]
    if isinstance(value, dict):
        kinds = " ".join(texts(value.get("@type")))
        whole = " ".join(texts(value.get("givenName")) + texts(value.get("familyName")))
        return [] if "Organization" in kinds or "Thing" in kinds else texts(value.get("name") or whole)
    return texts(value)
