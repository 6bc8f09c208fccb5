"""A page as a list of its elements, each with the structure it stands in; made in one pass, however deep.

Elements on one *path* stand in the same structure: their ancestors have the same tags and classes. What
tells repeated elements apart ("post-123", "odd", "category-sport") does not count: of siblings only the
classes that most of them share do.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao.text import squeeze

Node = LexborNode

_MANY = 3  # siblings of one tag that are taken for a repetition
_CLASSES = 12  # of an element that are looked at
_STATES = frozenset(
    "odd even first last active current selected alt new hot on clear clearfix cf left right".split()
)
_ELSEWHERE = frozenset(("nav", "footer", "aside"))
_ROLES = frozenset(("navigation", "contentinfo", "complementary", "search", "banner"))
_BESIDE = re.compile(
    r"(?<![a-z])(nav|navbar|navigation|menu|submenu|footer|foot|sidebar|side|aside|breadcrumbs?|pagination|pager|"
    r"related|popular|trending|rank|ranking|hotnews|most-?(?:read|viewed|popular)|recommend\w*|share|social|login|"
    r"comments?|tag-?cloud|tags|widgets?|ads?|advert\w*|sponsor\w*|promo\w*|friend-?links?|links)(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST = 0.6  # of the headlines' text: what holds as much is the page itself, whatever its name says


@dataclass(slots=True, eq=False)
class Spot:
    """An element where it stands."""

    node: Node
    tag: str
    parent: "Spot | None"
    classes: tuple[str, ...]
    index: int  # its place in the page
    path: int = 0
    is_beside: bool = False  # in navigation, a sidebar, a footer
    weight: int = 0  # length of the headlines in it
    likes: dict[str, "_Likes"] = field(default_factory=dict)  # its children by tag


class _Likes:
    """Children of one element that have one tag: how many, and how many of them bear each class."""

    def __init__(self) -> None:
        self.count, self.classes, self.bare = 0, Counter[str](), 0

    def add(self, classes: tuple[str, ...]) -> None:
        self.count, self.bare = self.count + 1, self.bare + (not classes)
        self.classes.update(classes)

    @cached_property
    def shared(self) -> frozenset[str] | None:
        """The classes that most of them bear, where they repeat each other; None where they do not."""
        most = self.count / 2
        shared = frozenset(name for name, times in self.classes.items() if times > most)
        return shared if self.count >= _MANY and (shared or self.bare > most) else None


def outline(tree: LexborHTMLParser) -> dict[int, Spot]:
    """Return every element of a page's body in its order, by the address of its node."""
    spots: dict[int, Spot] = {}
    for node in tree.body.traverse() if tree.body is not None else ():
        tag = (node.tag or "-").lower()
        if tag.startswith("-"):
            continue
        above = node.parent
        parent = spots.get(above.mem_id) if above is not None else None
        spot = Spot(node=node, tag=tag, parent=parent, classes=_classes(node), index=len(spots))
        spots[node.mem_id] = spot
        if parent is not None:
            parent.likes.setdefault(tag, _Likes()).add(spot.classes)
    _number(spots)
    return spots


def _classes(node: Node) -> tuple[str, ...]:
    names = (attribute(node, "class") or "").split()[:_CLASSES]
    return tuple(sorted({name for name in names if name.lower() not in _STATES and not _has_digit(name)}))


def _has_digit(name: str) -> bool:
    return any(char.isdigit() for char in name)


def _number(spots: dict[int, Spot]) -> None:
    numbers: dict[tuple[int, str, tuple[str, ...]], int] = {}
    for spot in spots.values():
        above = spot.parent.path if spot.parent else 0
        spot.path = numbers.setdefault((above, spot.tag, _telling(spot)), len(numbers) + 1)


def _telling(spot: Spot) -> tuple[str, ...]:
    """Return the classes that say in what structure an element stands: those of most of its like."""
    if spot.parent is None:
        return ()
    shared = spot.parent.likes[spot.tag].shared
    return spot.classes if shared is None else tuple(name for name in spot.classes if name in shared)


def weigh(spots: dict[int, Spot]) -> None:
    """Tell what stands beside the page's matter, from the weight that each link was given."""
    for spot in reversed(spots.values()):
        if spot.parent:
            spot.parent.weight += spot.weight
    most = _MOST * max((spot.weight for spot in spots.values()), default=0)
    for spot in spots.values():
        above = spot.parent is not None and spot.parent.is_beside
        spot.is_beside = above or spot.tag in _ELSEWHERE or (spot.weight < most and _is_named_so(spot.node))


def _is_named_so(node: Node) -> bool:
    if (attribute(node, "role") or "").lower() in _ROLES:
        return True
    names = f"{attribute(node, 'class') or ''} {attribute(node, 'id') or ''}"
    return _BESIDE.search(_CAMEL.sub("-", names).replace("_", "-").lower()) is not None


def attribute(node: Node, name: str) -> str | None:
    """Return an attribute without the space around it, or None where it is missing or says nothing."""
    return (node.attributes.get(name) or "").strip() or None


def words(node: Node) -> str:
    """Return the text below a node on one line."""
    return squeeze(node.text(separator="", strip=False))
