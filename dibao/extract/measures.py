"""What can be measured of each block of a page: by itself, by the boxes around it, by its neighbours."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dibao.extract.blocks import Block, Box, Walk, units
from dibao.extract.signs import BIT, CLOSING, DENSE_HINTS, HINTS, SIGNS

Numbers = NDArray[np.float32]
Places = NDArray[np.int64]

_KINDS = {tag: place for place, tag in enumerate(("p", "li", "td", "div", "figcaption"), 1)}
_KINDS |= {f"h{level}": 5 + level for level in range(1, 7)}
_KINDS |= {"th": 3, "dd": 2, "dt": 2, "section": 4, "article": 4, "header": 4, "blockquote": 12, "pre": 12}
_ENDS = frozenset('.!?。！？…”"」』)）')
_STARTS = frozenset("►▶•·▲▼※◎【[（(*＊-–—>»#")
_HEAD = 30  # characters in which capitals are counted
_START = 80  # characters that are compared with what the page says of its article
_PART = 9  # letters of a title from which another line that has them says a part of it
_SHORT = 30  # words: lines that may be about the article rather than of it
_NEAR = 150  # characters of them that are looked at
_FEW = 12  # words of a line after which other things follow
_ALL_LINK = 0.9  # share of link text of a line that is only a link
_PROSE = 8  # words from which a block with a sentence in it is prose
_MOST_PROSE = 60  # words of prose outside of comments and the like: less, and those are the article
_FADE = 0.6  # of what a paragraph counts for a box, counts for the box around it
_LEVELS = 4
_FAR = 50
_TITLE_WORDS = 16
_WORD = re.compile(r"[^\W_\u3400-\u9fff\u3040-\u30ff]{4,}")
_DENSE = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]+")
_NOT_LETTERS = re.compile(r"\W+")
_ELSEWHERE = sum(BIT[name] for name in ("comment", "consent", "nav", "unseen", "hidden"))
_BITS = np.arange(len(SIGNS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page says of its article, as letters only: what blocks are compared with."""

    title: str = ""
    dek: str = ""
    body: str = ""
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str | None, dek: str | None, body: str | None) -> "Told":
        """Return what is told; ``body`` is the article's text as JSON-LD gives it."""
        return cls(
            title=letters(title or ""),
            dek=letters(dek or ""),
            body=letters(body) if body and len(body) > 200 else "",
            words=tuple(sorted(_words(f"{title or ''} {dek or ''}"), key=_rarest)[:_TITLE_WORDS]),
        )


def _rarest(word: str) -> tuple[int, str]:
    return -len(word), word  # long words are seldom


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return _NOT_LETTERS.sub("", text).casefold()


def _words(text: str) -> set[str]:
    """Return the longer words of a text, and pairs of ideographs."""
    low = text.lower()
    pairs = (run[at : at + 2] for run in _DENSE.findall(low) for at in range(len(run) - 1))
    return {*_WORD.findall(low), *pairs}


@dataclass(slots=True, kw_only=True)
class Measures:
    """A row for each block of text, a column for each of `names`."""

    blocks: list[Block] = field(default_factory=list)
    rows: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    words: Numbers = field(default_factory=lambda: np.zeros(0, np.float32))  # the length of each block
    names: tuple[str, ...] = ()


def measure(walk: Walk, told: Told) -> Measures:
    """Return the measures of a page's blocks of text."""
    blocks = [block for block in walk.blocks if block.figure is None]
    if not blocks:
        return Measures()
    texts = _texts(blocks, told)
    page = _Page(walk, blocks, texts)
    columns = {name: texts[name] for name in texts}
    columns["words"] = np.log1p(page.words)
    columns |= _signs(page) | _place(page) | _anchored(page) | _around(page) | _groups(page)
    columns |= _neighbours(page, columns["words"], columns["kind"])
    table = np.empty((len(columns), page.count), np.float32)
    for line, column in zip(table, columns.values(), strict=True):
        line[:] = column
    return Measures(blocks=blocks, rows=table.T, words=page.words, names=tuple(columns))


# --- a block by itself ----------------------------------------------------------------------------

_TEXTS_WORDS = (
    "words linked links bold letters_per_link kind sentences ends commas capitals times starts is_title "
    "in_title closing hints is_dek in_body told told_share"
)
_NOTHING_SAID = (0.0,) * 5
_TEXTS = tuple(_TEXTS_WORDS.split())


def _texts(blocks: list[Block], told: Told) -> dict[str, Numbers]:
    times = Counter([block.text for block in blocks])
    rows = [_text(block, told, times[block.text]) for block in blocks]
    return dict(zip(_TEXTS, np.array(rows, dtype=np.float32).T, strict=True))


def _text(block: Block, told: Told, times: int) -> tuple[float, ...]:
    text, tag = block.text, block.box.tag
    length, size, plain = len(text), units(text), text.isascii()
    ends, head = text[-1] in _ENDS, text[:_HEAD]
    start = letters(text[:_START]) if block.linked < _ALL_LINK else ""
    is_title, in_title = _as_title(text, start, told.title)
    return (
        size,
        block.linked,
        block.links,
        block.bold,
        length / (block.links + 1),
        _KINDS.get(tag, 0),
        _sentences(text, plain) + ends,
        ends,
        (text.count(",") if plain else text.count(",") + text.count("，") + text.count("、")) / length,
        sum(map(str.isupper, head)) / len(head),
        times,
        text[0] in _STARTS,
        is_title,
        in_title,
        size < _FEW and CLOSING.match(text[:60]) is not None,
        *(_saying(text, size, start, told, plain=plain) if block.linked < _ALL_LINK else _NOTHING_SAID),
    )


def _sentences(text: str, plain: bool) -> int:
    """Return how many sentences end before the text does."""
    latin = text.count(". ") + text.count("! ") + text.count("? ")
    return (
        latin if plain else latin + text.count("。") + text.count("！") + text.count("？") + text.count(".” ")
    )


def _as_title(text: str, start: str, title: str) -> tuple[bool, bool]:
    """Return whether a text says the title, and whether it says a part of it, or it and more."""
    if not title or not min(len(title), _PART) <= len(text) < 2 * len(title) + 20:
        return False, False
    whole = start if start and len(text) <= _START else letters(text)
    return whole == title, len(whole) >= _PART and (whole in title or title in whole)


def _saying(text: str, size: float, start: str, told: Told, *, plain: bool) -> tuple[float, ...]:
    """Return what the words of a text say; those of a line that is all link say nothing of an article."""
    low = text[:400].lower()
    shared = sum([word in low for word in told.words])
    return (
        _hints(low[:_NEAR], plain) if size < _SHORT else 0,
        bool(told.dek) and len(start) > 20 and (start[:40] in told.dek or told.dek[:40] in start),
        -1 if not told.body else start[:40] in told.body if len(start) >= 12 else 0,
        shared,
        shared / (size + 5),
    )


def _hints(low: str, plain: bool) -> int:
    hints = len(HINTS.intersection(low.split()))
    return hints if plain else hints + sum([hint in low for hint in DENSE_HINTS])


# --- the page as arrays ---------------------------------------------------------------------------


class _Page:
    """The boxes of a page as arrays, and sums over the blocks below each."""

    def __init__(self, walk: Walk, blocks: list[Block], texts: dict[str, Numbers]) -> None:
        boxes = walk.boxes
        self.boxes, self.blocks, self.texts, self.count = boxes, blocks, texts, len(blocks)
        self.words, self.linked = texts["words"], texts["linked"]
        self.prose = np.where(
            (self.words >= _PROSE) & (texts["sentences"] > 0), self.words * (1 - self.linked), 0
        )
        before = np.cumsum([0] + [block.figure is None for block in walk.blocks])
        self.starts = before[[box.start for box in boxes]]
        self.ends = before[[box.end for box in boxes]]
        self.parents = np.array([box.parent.place if box.parent else 0 for box in boxes])
        self.depths = np.array([box.depth for box in boxes], np.float32)
        self.own = np.array([box.own for box in boxes])
        self.above = np.array([box.above for box in boxes])
        self.home = np.array([block.box.place for block in blocks])
        inside = np.where((self.above[self.home] & _ELSEWHERE) == 0, self.prose, 0)
        self.inside = inside if inside.sum() >= _MOST_PROSE else self.prose
        self.sum_words = self.sums(self.words)
        self.sum_prose = self.sums(self.prose)
        self.sum_inside = self.sums(self.inside)
        self.density = self.sums(self.words * self.linked) / (self.sum_words + 1e-6)
        self.prosy = self.sum_prose / (self.sum_words + 1e-6)
        self.all_words = self.sum_words[0] + 1e-6
        self.all_prose = self.sum_prose[0] + 1e-6
        self.all_inside = self.sum_inside[0] + 1e-6
        self.top = self._top()

    def sums(self, values: NDArray[np.generic]) -> Numbers:
        """Return the sum over the blocks below each box."""
        running = np.concatenate([[0], np.cumsum(values)])
        return np.asarray(running[self.ends] - running[self.starts], np.float32)

    def _top(self) -> int:
        """Return the box that holds the most prose, near to it and without links."""
        found = np.zeros(len(self.boxes))
        at, share = self.home, 1.0
        for _ in range(_LEVELS):
            found += np.bincount(at, self.inside * share, len(found))
            at, share = self.parents[at], share * _FADE
        return int(np.argmax(found * (1 - self.density)))

    def meeting(self, place: int) -> "_Meeting":
        """Return for every box where it meets the line from one box up to the page."""
        at = np.zeros(len(self.boxes), np.int64)
        box: Box | None = self.boxes[place]
        line = []
        while box is not None:
            line.append(box)
            box = box.parent
        for each in reversed(line):  # inner ones last
            at[each.place : each.last] = each.place
        up = self.depths - self.depths[at]
        branch = np.maximum.accumulate(np.where(up <= 1, np.arange(len(at)), 0))
        return _Meeting(at, up, self.depths[place] - self.depths[at], branch)


@dataclass(slots=True)
class _Meeting:
    at: Places  # the nearest box around both
    up: Numbers  # steps from the box to there
    down: Numbers  # steps from there to the other
    branch: Places  # the box's own branch below there


# --- a block in its boxes -------------------------------------------------------------------------


def _signs(page: _Page) -> dict[str, Numbers]:
    """Return for each sign how near it stands: 5 on the block's own box, 0 nowhere above it."""
    one = page.own | page.own[page.parents]
    two = one | page.own[page.parents[page.parents]]
    four = two | two[page.parents[page.parents]]
    levels = [(held[page.home][:, None] >> _BITS) & 1 for held in (page.own, one, two, four, page.above)]
    found = np.asarray(sum(levels), np.float32)
    return {f"in_{name}": found[:, place] for place, name in enumerate(SIGNS)}


def _place(page: _Page) -> dict[str, Numbers]:
    order = np.arange(page.count, dtype=np.float32)
    whole = np.ones(page.count, np.float32)
    return {
        "depth": page.depths[page.home],
        "place": order / page.count,
        "before": order,
        "after": page.count - order,
        "words_before": (np.cumsum(page.words) - page.words) / page.all_words,
        "prose_before": (np.cumsum(page.prose) - page.prose) / page.all_prose,
        "page_words": whole * np.log1p(page.all_words),
        "page_prose": whole * np.log1p(page.all_prose),
        "page_prosy": whole * (page.all_prose / page.all_words),
        "page_inside": whole * (page.all_inside / page.all_prose),
    }


def _anchored(page: _Page) -> dict[str, Numbers]:
    """Return how blocks stand to the headline, and to the paragraph that the page describes itself with."""
    order = np.arange(page.count, dtype=np.float32)
    head, dek = _headline(page), _first(page.texts["is_dek"])
    found: dict[str, Numbers] = {}
    for name, anchor in (("head", head), ("dek", dek)):
        meeting = page.meeting(page.home[anchor]) if anchor is not None else None
        none = np.full(page.count, 99, np.float32)
        found[f"from_{name}"] = order - anchor if anchor is not None else -none
        found[f"{name}_up"] = meeting.up[page.home] if meeting else none
        found[f"{name}_down"] = meeting.down[page.home] if meeting else none
        if name == "head":
            at = meeting.at[page.home] if meeting else page.home
            branch = meeting.branch[page.home] if meeting else page.home
            known = 1 if meeting else 0
            found["head_prose"] = page.sum_prose[at] / page.all_prose * known - (1 - known)
            count = (page.ends - page.starts)[at] / page.count
            found["head_blocks"] = np.asarray(count * known - (1 - known), np.float32)
            found["branch_prose"] = page.sum_prose[branch] / page.all_prose * known - (1 - known)
    return found


def _headline(page: _Page) -> int | None:
    """Return the heading that says the title, the highest first; else the first h1."""
    said = (page.texts["is_title"] + page.texts["in_title"]) > 0
    kind = page.texts["kind"]
    for level in (6, 7, 8):
        found = _first(said & (kind == level))
        if found is not None:
            return found
    return _first(kind == 6)


def _first(true: NDArray[np.generic]) -> int | None:
    found = np.flatnonzero(true)
    return int(found[0]) if len(found) else None


def _around(page: _Page) -> dict[str, Numbers]:
    """Return what the boxes around a block hold: its own, its parent's, its grandparent's, the fullest."""
    home = page.home
    parent = page.parents[home]
    grand = page.parents[parent]
    meeting = page.meeting(page.top)
    branch = meeting.branch[home]
    children = np.bincount(page.parents, minlength=len(page.boxes)).astype(np.float32)
    blocks = (page.ends - page.starts).astype(np.float32)
    told = page.sums(page.texts["told"]) / (page.sum_words + 5)
    inside = page.sum_inside / page.all_inside
    found: dict[str, Numbers] = {}
    for name, box in (("own", home), ("parent", parent), ("grand", grand), ("branch_top", branch)):
        found[f"{name}_words"] = np.log1p(page.sum_words[box])
        found[f"{name}_density"] = page.density[box]
        found[f"{name}_prosy"] = page.prosy[box]
        found[f"{name}_blocks"] = blocks[box]
        found[f"{name}_children"] = children[box]
        found[f"{name}_inside"] = inside[box]
        found[f"{name}_told"] = told[box]
    top = page.top
    over = int(page.parents[top])
    order = np.arange(page.count)
    found["top_up"], found["top_down"] = meeting.up[home], meeting.down[home]
    found["top_depth"] = page.depths[home] - page.depths[top]
    found["top_inside"] = np.full(page.count, inside[top])
    found["over_inside"] = np.full(page.count, inside[over])
    found["in_top"] = ((order >= page.starts[top]) & (order < page.ends[top])).astype(np.float32)
    found["place_in_top"] = (order - page.starts[top]) / (blocks[top] + 1)
    found["place_in_over"] = (order - page.starts[over]) / (blocks[over] + 1)
    return found


def _groups(page: _Page) -> dict[str, Numbers]:
    """Return what the blocks hold together that stand in boxes of the same kind and name."""
    known: dict[tuple[str, str, str], int] = {}
    keys = [
        (box.tag, box.style, box.parent.style if box.parent else "")
        for box in (block.box for block in page.blocks)
    ]
    group = np.array([known.setdefault(key, len(known)) for key in keys])
    many = np.bincount(group).astype(np.float32)
    size = np.bincount(group, page.words)
    linked = np.bincount(group, page.words * page.linked)
    prose = np.bincount(group, page.inside)
    return {
        "group": many[group],
        "group_mean": (size / many)[group],
        "group_density": (linked / (size + 1e-6))[group],
        "group_prosy": (prose / (size + 1e-6))[group],
        "group_inside": (prose / page.all_inside)[group],
        "group_share": page.words / (size[group] + 1e-6),
    }


# --- neighbours -----------------------------------------------------------------------------------


def _neighbours(page: _Page, size: Numbers, kind: Numbers) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    for steps in (1, 2, -1, -2):
        found[f"words{steps:+}"] = shifted(size, steps)
        found[f"linked{steps:+}"] = shifted(page.linked, steps)
    heading = ((kind > 5) & (kind < 12)).astype(np.float32)
    found["heading+1"], found["heading-1"] = shifted(heading, 1), shifted(heading, -1)
    order = np.arange(page.count)
    prose = np.concatenate([[0], np.cumsum(page.prose)])
    words = np.concatenate([[0], np.cumsum(page.words)])
    for width in (3, 6, 12):
        low, high = np.maximum(order - width, 0), np.minimum(order + width + 1, page.count)
        found[f"prose-{width}"] = np.log1p(prose[order] - prose[low])
        found[f"prose+{width}"] = np.log1p(prose[high] - prose[order + 1])
        found[f"prosy{width}"] = (prose[high] - prose[low]) / (words[high] - words[low] + 1e-6)
    found["to_prose"], found["from_prose"] = _distances(page.prose > 0, order)
    closing = np.maximum.accumulate(np.where(page.texts["closing"] > 0, order, -1))
    found["since_closing"] = np.where(closing >= 0, order - closing, -1).astype(np.float32)
    return found


def shifted(values: Numbers, steps: int) -> Numbers:
    """Return the values of the blocks so many steps before (negative: after), 0 beyond the page."""
    found = np.zeros(len(values), np.float32)
    if abs(steps) >= len(values):
        return found
    if steps > 0:
        found[steps:] = values[:-steps]
    else:
        found[:steps] = values[-steps:]
    return found


def _distances(true: NDArray[np.bool_], order: Places) -> tuple[Numbers, Numbers]:
    """Return the steps back and forward from each block to the nearest other or same one that is true."""
    far = np.full(len(order), _FAR, np.float32)
    places = np.flatnonzero(true)
    if not len(places):
        return far, far
    left = np.searchsorted(places, order)
    right = np.searchsorted(places, order, side="right")
    back = np.where(left > 0, order - places[np.maximum(left - 1, 0)], _FAR)
    ahead = np.where(right < len(places), places[np.minimum(right, len(places) - 1)] - order, _FAR)
    return np.minimum(back, far), np.minimum(ahead, far)
