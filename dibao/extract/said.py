"""All that a page says of its article outside the text, gathered in one walk over the whole page.

Here nothing is judged: what is an author, a date or a section is for `bylines.py`, `pagedates.py` and
`topics.py`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from dibao.extract import jsonld
from dibao.extract.jsonld import Thing
from dibao.extract.players import TAGS
from dibao.extract.remembered import Remembered
from dibao.extract.tree import Node, Tree, attribute, kind
from dibao.text import squeeze

_MOST = 60_000  # nodes of a page that are looked at
_MOST_SPOTS = 3000  # on one page
_LONGEST = 2000  # characters of one text that are looked at
_SPOTS = 80  # of one role: what comes later stands below the article
_DATA = "ld+json"


class Role:
    """What a block calls itself by tag, class, id or properties; bits, since there are thousands of them."""

    NAME: Final = 1  # an author's name and nothing else
    BYLINE: Final = 2
    AUTHOR: Final = 4  # something about an author: the name, or a box
    PUBLISHED: Final = 8
    MODIFIED: Final = 16
    DATE: Final = 32
    TIME: Final = 64  # <time>
    TAG: Final = 128
    CRUMBS: Final = 256
    KICKER: Final = 512
    DEK: Final = 1024
    SECTION: Final = 2048
    FACTS: Final = 4096  # day, section and author in one line
    OUTSIDE: Final = 8192  # menus, comments, lists of other articles
    NOBODY: Final = 16384  # about an author, and not the name


_NOBODY = Role.NOBODY
_ANY_AUTHOR = Role.NAME | Role.BYLINE | Role.AUTHOR


def _words(*given: tuple[int, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, words in given:
        for word in words.split():
            found[word] = found.get(word, 0) | role
    return found


def _pairs(first: str, second: str) -> str:
    return " ".join(f"{one}{two}" for one in first.split() for two in second.split())


_WRITERS = "author authors byline bylines writer reporter contributor autor auteur journalist"
_PIECES = "article post entry story news content page blog item"
# One word of a name, or two that follow each other: "post-date", "postDate" and "post_date" hold "postdate".
_ROLES = _words(
    (
        Role.NAME,
        _pairs(_WRITERS, "name names fullname link title url anchor listitem")
        + " byauthor nameauthor authordisplayname",
    ),
    (Role.BYLINE, "byline bylines signature firma authored authorship authorline bylinewrapper"),
    (
        Role.AUTHOR,
        f"{_WRITERS} writers reporters journalists contributors autoren autores autorin auteurs vcard "
        f"editor editors postedby writtenby bypost",
    ),
    (
        Role.PUBLISHED,
        f"published pubdate publishedat publishedon datepublished releasedate releasetime dateline posted "
        f"{_pairs('publish published post posted pub', 'date on time datetime')}",
    ),
    (
        Role.MODIFIED,
        f"updated update modified lastmod aktualisiert dateupdated datemodified "
        f"{_pairs('update updated modified', 'date on at time')}",
    ),
    (
        Role.DATE,
        f"date dates datum fecha time times timestamp datetime datestamp zeit clock pubtime "
        f"{_pairs(_PIECES, 'date time')}",
    ),
    (Role.TAG, "tag tags taglist tagslist tagcloud keyword keywords hashtag hashtags topics"),
    (Role.CRUMBS, "breadcrumb breadcrumbs crumb crumbs curpath navpath mbx"),
    (
        Role.KICKER,
        "kicker kickers eyebrow overline overtitle roofline dachzeile spitzmarke topline pretitle "
        "surtitre antetitulo pretitulo supertitle headlineintro",
    ),
    (
        Role.DEK,
        f"dek deck standfirst subheadline subheading subhead subtitle chapeau vorspann strapline bajada "
        f"entradilla sommaire {_pairs(_PIECES, 'summary lead lede intro excerpt abstract')}",
    ),
    (
        Role.SECTION,
        f"rubrik rubrique catlinks "
        f"{_pairs('article post entry story news', 'section category channel categories')} "
        f"{_pairs('section category', 'name label link')}",
    ),
    (Role.FACTS, f"meta metainfo metaline metadata {_pairs(_PIECES, 'meta info details facts data')}"),
    (
        Role.OUTSIDE,
        "related recommend recommended recommendations recommendation comment comments commentlist "
        "respond sidebar footer nav navbar navigation menu popular "
        "trending latest carousel teaser teasers promo recirc ranking outbrain taboola disqus newsletter "
        "popup modal similar alsoread readmore readnext "
        f"{_pairs('more next prev previous', 'news stories posts post articles article')}",
    ),
    (
        Role.NOBODY,
        "bio avatar avatars image img photo pic picture follow social about description desc icon count "
        "role job posts position gravatar twitter thumb thumbnail share",
    ),
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ITEMPROPS = {
    "author": Role.AUTHOR | Role.BYLINE,
    "creator": Role.AUTHOR,
    "datepublished": Role.PUBLISHED,
    "datecreated": Role.PUBLISHED,
    "datemodified": Role.MODIFIED,
    "articlesection": Role.SECTION,
    "keywords": Role.TAG,
}
_PASSED_OVER = (
    "body main head form svg path g use rect circle line polygon img input button picture source br hr"
)
_OUTER = frozenset(["nav", "aside", "footer", "menu"])
_INNER = frozenset(["article", "main", "body"])
_SILENT = frozenset(["script", "style", "noscript", "textarea", "option"])


class Spot(NamedTuple):
    """A block that calls itself something, and how many nodes stand before it."""

    place: int
    node: Node
    role: int


@dataclass(slots=True)
class Said:
    """What a page says, as it stands there."""

    meta: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    things: list[Thing] = field(default_factory=list)
    thing: Thing = field(default_factory=dict)  # the article's own
    root: Node | None = None
    title: Node | None = None
    headings: list[Spot] = field(default_factory=list)  # h1
    lesser: list[Spot] = field(default_factory=list)  # h2
    spots: list[Spot] = field(default_factory=list)
    players: set[str] = field(default_factory=set)  # tags of what may be one
    tree: Tree | None = None
    _texts: list[tuple[int, Node]] | None = None
    _outside: dict[int, bool] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of these meta elements that has one."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @property
    def texts(self) -> list[tuple[int, Node]]:
        """Return the page's texts with their places; a second walk, which only silent pages need."""
        if self._texts is None:
            self._texts = list(_texts(self.tree)) if self.tree is not None else []
        return self._texts

    def is_outside(self, node: Node) -> bool:
        """Say whether a block stands in a menu, among comments or in a list of other articles."""
        return is_outside(node, self._outside)

    def of(self, role: int) -> list[Spot]:
        """Return the blocks of a role that are part of the article, or around it, in their order."""
        found = [spot for spot in self.spots if spot.role & role][:_SPOTS]
        return [spot for spot in found if not self.is_outside(spot.node)]


def gather(tree: Tree) -> Said:
    """Return what a page says; the tree must still be whole."""
    said = Said(tree=tree)
    for place, node in _nodes(tree):
        tag = node.tag
        if tag == "-text":  # more than half of a page
            continue
        if tag in _TAKEN:
            take = _TAKEN[tag]
            if take is not None:
                take(said, place, node)
        elif told := node.attributes:
            found = _role_of(tag, told)
            if found & _KEPT and len(said.spots) < _MOST_SPOTS:
                said.spots.append(Spot(place, node, found))
    said.thing = jsonld.best(said.things)
    return said


def _nodes(tree: Tree) -> Iterator[tuple[int, Node]]:
    nodes = tree.root.traverse(include_text=True) if tree.root is not None else ()
    return enumerate(islice(nodes, _MOST))


def _texts(tree: Tree) -> Iterator[tuple[int, Node]]:
    before: str | None = ""
    for place, node in _nodes(tree):
        tag = node.tag
        if tag == "-text" and before not in _SILENT:
            yield place, node
        before = tag


def _root(said: Said, place: int, node: Node) -> None:
    said.root = said.root or node


def _title(said: Said, place: int, node: Node) -> None:
    said.title = said.title or node


def _meta(said: Said, place: int, node: Node) -> None:
    told = node.attributes
    value = squeeze((told.get("content") or "")[:_LONGEST])
    names = [each.strip().lower() for key in _NAMED if (each := told.get(key))] if value else ()
    for name in names if len(names) < 2 else dict.fromkeys(names):
        if name:
            said.meta[name].append(value)


_NAMED = ("property", "name", "itemprop")  # what says what a meta element holds


def _link(said: Said, place: int, node: Node) -> None:
    told = node.attributes
    for name in (told.get("rel") or "").lower().split():
        if name in ("canonical", "amphtml", "alternate"):
            said.links[name].append(told.get("href") or "")


def _script(said: Said, place: int, node: Node) -> None:
    if _DATA in attribute(node, "type").lower():
        said.things += jsonld.read(node.text() or "")


def _heading(said: Said, place: int, node: Node) -> None:
    if len(said.headings) < _SPOTS:
        said.headings.append(Spot(place, node, role(attribute(node, "class"), attribute(node, "id"))))


def _lesser(said: Said, place: int, node: Node) -> None:
    if len(said.lesser) < _SPOTS:
        said.lesser.append(Spot(place, node, 0))


def _time(said: Said, place: int, node: Node) -> None:
    said.spots.append(Spot(place, node, Role.TIME | _role_of("time", node.attributes)))


def _player(said: Said, place: int, node: Node) -> None:
    said.players.add(node.tag or "")
    found = _role_of(node.tag, node.attributes) if node.tag != "iframe" else 0
    if found & _KEPT:
        said.spots.append(Spot(place, node, found))


_KEPT = ~(Role.OUTSIDE | Role.NOBODY)
_TAKEN: dict[str | None, Callable[[Said, int, Node], None] | None] = {
    **dict.fromkeys(_PASSED_OVER.split()),
    **dict.fromkeys(TAGS, _player),
    "-comment": None,
    "html": _root,
    "title": _title,
    "meta": _meta,
    "link": _link,
    "script": _script,
    "h1": _heading,
    "h2": _lesser,
    "time": _time,
}


def _role_of(tag: str | None, told: dict[str, str | None]) -> int:
    names, own = told.get("class"), told.get("id")  # as `role` does, a call less for each block of a page
    found = _of_names[names] if names else 0
    if own:
        found |= _of_names[own]
    if found & _NOBODY:
        found &= ~_ANY_AUTHOR
    if tag == "a" and (href := told.get("href")):
        found |= _of_link(href)
    if "itemprop" in told or "rel" in told:
        found |= _of_property[told.get("itemprop") or ""] | _of_relation[told.get("rel") or ""]
    return found


def _property(itemprop: str) -> int:
    found = 0
    for name in itemprop.lower().split():
        found |= _ITEMPROPS.get(name, 0)
    return found


def _relation(rel: str) -> int:
    named = rel.lower().split()
    return (Role.NAME if "author" in named else 0) | (Role.TAG if "tag" in named else 0)


_of_property, _of_relation = Remembered(_property, 1024), Remembered(_relation, 1024)


_SPECIAL = re.compile(
    r"/(?:(authors?|autor(?:en|es)?|auteurs?|reporters?|writers?|contributors?|journalists?|profile|by|"
    r"people|staff|redaktion)"
    r"|tags?|keywords?|topics?|hashtags?|search/tag)/[^/?#]"
)
_TAGGED = re.compile(r"[?&](?:tag|keyword|kw|tagid|tagname)=[^&]", re.I)


def _of_link(href: str) -> int:
    found = _SPECIAL.search(href)
    if found:
        return Role.AUTHOR if found[1] else Role.TAG
    return Role.TAG if "?" in href and _TAGGED.search(href) else 0


def role(names: str | None, own: str | None) -> int:
    """Return what a class and an id say of a block."""
    found = _of_names[names or ""] | _of_names[own or ""]
    return found & ~_ANY_AUTHOR if found & _NOBODY else found


def _named(names: str) -> int:
    found = 0
    for name in names.split():
        found |= _of_name[name]
    return found


def _name(name: str) -> int:
    found, last = 0, ""
    for word in _WORD.findall(name):
        word = word.lower()
        found |= _ROLES.get(word, 0) | _ROLES.get(last + word, 0)
        last = word
    return found


_of_names, _of_name = Remembered(_named, 16_384), Remembered(_name, 16_384)


def is_outside(node: Node, known: dict[int, bool] | None = None) -> bool:
    """Say whether a block stands in a menu, among comments or in a list of other articles.

    ``known`` remembers by ``mem_id`` what was found of the blocks around: most of a page's share them.
    """
    known = {} if known is None else known
    climbed: list[int] = []
    found = False
    above: Node | None = node
    while above is not None:
        if above.mem_id in known:
            found = known[above.mem_id]
            break
        climbed.append(above.mem_id)
        is_end, found = _says_outside(above)
        if is_end:
            break
        above = above.parent
    known.update(dict.fromkeys(climbed, found))
    return found


def _says_outside(node: Node) -> tuple[bool, bool]:
    """Say whether an element settles if what is in it stands outside, and whether that does."""
    tag = node.tag
    if tag in _INNER:
        return True, False
    told = node.attributes if node.is_element_node else {}
    outside = tag in _OUTER or bool(told and role(told.get("class"), told.get("id")) & Role.OUTSIDE)
    return outside, outside


def pieces(node: Node) -> Iterator[str]:
    """Yield the texts below a node, each on one line."""
    quiet = False
    for each in node.traverse(include_text=True):
        if each.is_text_node:
            text = "" if quiet else squeeze((each.text_content or "")[:_LONGEST])
            quiet = False
            if text:
                yield text
        else:
            quiet = kind(each) in ("script", "style", "noscript")


def brief(node: Node, longest: int) -> str:
    """Return the text below a node, its pieces apart by a space; empty where it is longer than that."""
    text: list[str] = []
    length = 0
    for piece in pieces(node):
        length += len(piece) + 1
        if length > longest + 1:
            return ""
        text.append(piece)
    return " ".join(text)
