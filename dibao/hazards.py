"""Is a page safe to parse? Every HTML parser has inputs that take it minutes; they are refused unparsed.

The limits are an order of magnitude above the largest news pages met. What the scan can't see through
is left to the deadline of the worker process.
"""

import re
from itertools import groupby

LONGEST = 8_000_000  # characters
DEEPEST = 512  # open elements
MOST_TAGS = 300_000
MOST_ATTRIBUTES = 256  # on one tag
MOST_AMPERSANDS = 10_000  # in a row
# What takes a parser no time, however it is nested: as most pages are, it is not looked through.
_FEW_TAGS = 4_000  # in each other: 20 ms
_SHORT_TAG = 100_000  # characters, full of attributes: half a second

# A start or end tag; quotes count only after "=", as in the HTML standard's tokeniser. Possessive, so linear.
_TAG = re.compile(
    r"<(?:(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>[^>=]*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?[^>=]*+)*+)|!--)"
)
_ATTRIBUTE = re.compile(r"[^\s/][^\s/=]*(?>\s*=\s*(?:\"[^\"]*\"?|'[^']*'?|[^\s\"'>]*))?")
_RAW = ("script", "style")  # what stands in them is text
_APART = 5  # characters between two & that are in a row

# Never opened, or closed by what follows: their number says nothing of depth.
_FLAT_WORDS = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup "
    "tr td th thead tbody tfoot html head body"
)
_FLAT = frozenset(_FLAT_WORDS.split())
_FOREIGN = frozenset(("svg", "math"))
# An end tag does not reach past these (HTML standard, "has an element in scope").
_WALLS_WORDS = (
    "applet caption marquee object template foreignobject desc title annotation-xml mi mo mn ms mtext"
)
_WALLS = frozenset(_WALLS_WORDS.split())


def objection(html: str) -> str | None:
    """Return why the page must not be parsed, or None if it may be."""
    if len(html) > LONGEST:
        return f"longer than {LONGEST} characters"
    brackets = html.count("<")
    if brackets > MOST_TAGS and sum(1 for _ in re.finditer(r"</?[a-zA-Z]", html)) > MOST_TAGS:
        return f"more than {MOST_TAGS} tags"
    if html.count("&") >= MOST_AMPERSANDS and _ampersands(html) >= MOST_AMPERSANDS:
        return f"more than {MOST_AMPERSANDS} & in a row"
    if brackets > _FEW_TAGS and brackets - html.count("</") > _FEW_TAGS:
        return _tags(html)
    if _is_dense(html) or all(map(_is_short, html.split("<"))):
        return None
    return _tags(html)


def _ampersands(html: str) -> int:
    """Return how many & follow each other closely."""
    near = groupby(len(piece) <= _APART for piece in html.split("&"))
    return max((sum(1 for _ in group) for is_near, group in near if is_near), default=0)


def _is_dense(html: str) -> bool:
    """Say whether a "<" stands in each stretch: then no tag is long."""
    stretch = _SHORT_TAG // 2
    return all(
        html.find("<", start, start + stretch) >= 0 for start in range(0, len(html) - stretch, stretch)
    )


def _is_short(piece: str) -> bool:
    """Say whether what follows a "<" can't be a tag of very many attributes."""
    if len(piece) <= _SHORT_TAG:
        return True
    head = piece[:_SHORT_TAG].partition(">")[0]
    return "'" not in head and head.count('"') % 2 == 0 and len(head) < _SHORT_TAG


def _tags(html: str) -> str | None:
    position: int | None = 0
    open_ = _Open()
    while position is not None:
        position, why = _tags_from(html, position, open_)
        if why:
            return why
    return None


def _tags_from(html: str, position: int, open_: "_Open") -> tuple[int | None, str | None]:
    """Look at the tags from a position to the next script, style or comment; return where that ends."""
    for found in _TAG.finditer(html, position):
        end, name, rest = found.groups()
        if name is None:
            return _after(html, html.find("-->", found.end())), None
        if len(rest) > MOST_ATTRIBUTES and _attributes(rest) > MOST_ATTRIBUTES:
            return None, f"more than {MOST_ATTRIBUTES} attributes on a tag"
        name = name.lower()
        if name in _FLAT:
            continue
        if name in _RAW and not end and not open_.foreign():
            return _after(html, _raw_end(html, name, found.end())), None
        if open_.see(name, bool(end)) > DEEPEST:
            return None, f"more than {DEEPEST} elements deep"
    return None, None


def _raw_end(html: str, name: str, position: int) -> int:
    """Return where the next end tag of this name begins, -1 if nowhere."""
    length = len(name)
    while (position := html.find("</", position)) >= 0:
        if html[position + 2 : position + 2 + length].lower() == name:
            return position
        position += 2
    return -1


def _after(html: str, position: int) -> int:
    return position if position >= 0 else len(html)


def _attributes(rest: str) -> int:
    return sum(1 for _ in _ATTRIBUTE.finditer(rest))


class _Open:
    """The open elements, much as a parser keeps them."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.count: dict[str, int] = {}

    def foreign(self) -> bool:
        return any(self.count.get(name) for name in _FOREIGN)

    def see(self, name: str, end: bool) -> int:
        """Return how many elements are open after this tag."""
        if not end:
            self.stack.append(name)
            self.count[name] = self.count.get(name, 0) + 1
        elif self.count.get(name):
            self._close(name)
        return len(self.stack)

    def _close(self, name: str) -> None:
        while self.count[name] and (self.stack[-1] == name or self.stack[-1] not in _WALLS):
            closed = self.stack.pop()
            self.count[closed] -= 1
            if closed == name:
                return
