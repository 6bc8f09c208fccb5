"""Who wrote an article: people, and apart from them the agencies and desks that sign it.

In this order: JSON-LD, meta elements, then what the page shows: names marked as an author's, bylines,
author boxes, and lines that begin with "By". People count before outlets wherever they stand.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice

from dibao.extract import jsonld
from dibao.extract.credits.words import CITIES
from dibao.extract.said import Role, Said, brief
from dibao.extract.showing import beside, is_full_name, is_rare, is_written_as_name, shown
from dibao.extract.titles import same
from dibao.people import is_job, is_person, named
from dibao.text import squeeze

_HOST = re.compile(r"\(?(?:https?://)?www\.[\w.-]+\.[a-z]{2,}\)?", re.I)
_NAMED_SO = 0.85  # how sure is a name that is marked as an author's name
_MOST = 50  # lines of one byline
_NAMES = (
    "author",
    "article:author",
    "og:article:author",
    "og:author",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "creator",
    "byl",
    "byline",
)
_NAMED = re.compile(r"(?:^|[-_.:a-z])author(?:s|-?name|_name)?$|written by$|^byline")
_LABELS = re.compile(
    r"^(?:written by|author|by|verfasst von|geschrieben von|autor|escrito por|écrit par|scritto da|"
    r"geschreven door|作者|撰文)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs an article, and where that was read."""

    people: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    byline: str | None = None
    source: str = ""
    confidence: float = 0.0

    @property
    def fact(self) -> tuple[object, str, float]:
        """Return who signs, where that was read, and how sure it is."""
        return self.people or self.outlets, self.source, self.confidence


def signed(said: Said, outlets: Iterable[str | None], anchor: int | None) -> Signed:
    """Return who signs the article: people if any are named, and the outlets beside or instead of them."""
    known = tuple(outlets)
    told: list[Signed] = []
    for each in _stated(said, known):
        if each.people:
            people = _whole(each.people, said, known, anchor)
            sure = min(0.99, each.confidence + 0.05 * _is_shown(said, people))
            return replace(each, people=people, confidence=sure)
        told.append(each)
    owner = _owner(said, told, known)
    if owner:
        return owner
    formal = _chief([each for each in told if each.outlets], known)
    # Where it is said that an outlet signs, a name must be marked as an author's.
    least = 0.5 if formal else 0.0
    read: list[Signed] = []
    for source, confidence, lines in shown(said, anchor):
        each = _read(lines, known, source, confidence)
        each = _sure_of(each, said) if formal else each
        read.append(each)
        if read[-1].people and confidence > least:
            return replace(read[-1], outlets=formal.outlets if formal else read[-1].outlets)
    owner = _owner(said, read, known)
    return owner or formal or next((each for each in read if each.outlets), None) or Signed()


def _is_host(name: str, known: tuple[str | None, ...]) -> bool:
    """Say whether a host is called as a person's pages are: jane.doe.example, janedoe2.platform.example."""
    words = "".join(rf"{same(word)}\.?" for word in name.split())
    forms = (rf"{same(name)}\d{{0,4}}\.[\w-]{{4,}}\.\w", rf"(?=[\w-]+\.[\w-]+\.\w){words}\w+$")
    return any(re.match(form, each or "") for each in known for form in forms)


def _chief(formal: list[Signed], known: tuple[str | None, ...]) -> Signed | None:
    """Return the first statement that names another organisation than the outlet itself, else the first."""
    own = [same(name) for name in known if name and len(same(name)) > 2]
    others = (each for each in formal if not any(_is_one(name, own) for name in each.outlets))
    return next(others, None) or next(iter(formal), None)


def _is_one(name: str, own: list[str]) -> bool:
    """Say whether a name is the outlet's, whole or in part."""
    folded = same(name)
    return any(folded in each or each in folded for each in own)


def _sure_of(found: Signed, said: Said) -> Signed:
    """Return who signs beside a stated outlet, without what is no person for sure: "Text Size", Berlin."""
    alone = len(found.people) == 1 and found.confidence >= _NAMED_SO
    return replace(found, people=tuple(name for name in found.people if _is_sure(name, said, alone=alone)))


def _is_sure(name: str, said: Said, *, alone: bool) -> bool:
    if not name.isascii() or (is_full_name(name) and is_rare(name, said)):
        return True
    return alone and not re.fullmatch(CITIES, name, re.I)


def _whole(
    people: tuple[str, ...], said: Said, known: tuple[str | None, ...], anchor: int | None
) -> tuple[str, ...]:
    """Return people as the page shows them: those signing beside one, and the full name of an account."""
    if len(people) > 1:
        return people
    name = people[0]
    if " " in name or not name.isascii():
        return tuple(beside(name, said, anchor)) or people
    for source, confidence, lines in shown(said, anchor):
        names = _read(lines, known, source, confidence).people
        found = next((each for each in names if is_written_as_name(each) and _is_account(name, each)), None)
        if found:
            return (found,)
    return people


def _is_account(account: str, name: str) -> bool:
    """Say whether an account is a person's: the first name alone, or a word with the last, as jroe2."""
    words = [_plain(word) for word in name.split()]
    return _plain(account) == words[0] or (len(words[-1]) > 3 and words[-1] in _plain(account))


def _plain(name: str) -> str:
    """Return the letters of a name without accents, small."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFKD", name).casefold()))


def _is_shown(said: Said, people: Iterable[str]) -> bool:
    """Say whether a byline of the page names the people that are stated."""
    spots = [spot for spot in said.spots if spot.role & (Role.NAME | Role.BYLINE)][:3]
    return any(name in brief(spot.node, 500) for spot in spots for name in people)


def _folded(name: str) -> str:
    return squeeze(name).casefold()


def _read(lines: Iterable[str], outlets: tuple[str | None, ...], source: str, confidence: float) -> Signed:
    lines = [line for line in islice(lines, _MOST) if line]
    names, others = named((line for line in lines if not _HOST.search(line)), outlets)
    people = [name for name in names if is_person(name)]
    people = [name for name in people if not is_job(name)] or people
    if any(" " in name for name in people):  # beside full names, a small word is a label
        people = [name for name in people if " " in name or not name.islower() or not name.isascii()]
    organisations = (*others, *(_HOST.sub("", line).strip(" ()") for line in lines if _HOST.search(line)))
    byline = ", ".join(map(squeeze, lines))[:300] or None
    return Signed(
        tuple(people[:12]), tuple(filter(_may_be_outlet, organisations))[:4], byline, source, confidence
    )


def _may_be_outlet(name: str) -> bool:
    return 2 <= len(name) <= 60 and any(map(str.isalpha, name)) and "@" not in name and not name[0].isdigit()


# --- what is stated -------------------------------------------------------------------------------------


def _stated(said: Said, outlets: tuple[str | None, ...]) -> Iterator[Signed]:
    for position, (source, confidence, lines) in enumerate(_given(said)):
        if position == 1:
            yield _organisations(said)
        if lines:
            yield _read(lines, outlets, source, confidence)


def _given(said: Said) -> Iterator[tuple[str, float, list[str]]]:
    for name in ("author", "creator"):
        yield "json-ld", 0.93, [who for who, is_one in jsonld.signed(said.thing.get(name)) if not is_one]
    for name in _NAMES:
        yield "meta", 0.9, _words(said.meta.get(name, ()))
    for name in said.meta:
        if name not in _NAMES and _NAMED.search(name):
            yield "meta", 0.85, _words(said.meta[name])
    for number in "12":
        if _LABELS.match(said.first(f"twitter:label{number}") or ""):
            yield "meta", 0.85, _words(said.meta.get(f"twitter:data{number}", ()))


def _organisations(said: Said) -> Signed:
    """Return the authors that JSON-LD says are organisations."""
    names = [who for who, is_one in jsonld.signed(said.thing.get("author")) if is_one]
    return Signed((), tuple(dict.fromkeys(names))[:4], ", ".join(names)[:300] or None, "json-ld", 0.8)


def _words(values: Iterable[str]) -> list[str]:
    """Return the values that may be names: no addresses, no accounts, nothing that a template left."""
    return [
        unescape(value)
        for value in dict.fromkeys(values)
        if not value.startswith(("http", "@", "/", "{", "#"))
    ]


def _owner(said: Said, told: list[Signed], known: tuple[str | None, ...]) -> Signed | None:
    """Return the author who is called as the site or its host is: the owner of a site without a newsroom."""
    is_news = "News" in " ".join(jsonld.texts(said.thing.get("@type")))
    publishers = (*said.meta.get("og:site_name", ()), *jsonld.texts(said.thing.get("publisher")))
    called = set(map(_folded, publishers))
    for each in told:
        for name in each.outlets if each.source != "text" and not _HOST.search(each.byline or "") else ():
            is_outlet = is_news and _folded(name) in called and not _is_host(name, known)
            if is_full_name(name) and not is_outlet and is_rare(name, said):
                return Signed((name,), (), each.byline, each.source, 0.6)
    return None
