"""The main content of a page: which of its blocks are the article's, and what they are written as."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from dibao.extract import edges
from dibao.extract.blocks import Block, Box, Walk
from dibao.extract.brief import briefly
from dibao.extract.clean import write
from dibao.extract.measures import Measures, Numbers, Told, letters, measure
from dibao.extract.notes import with_notes
from dibao.extract.parted import completed
from dibao.extract.pictures import CANDIDATES
from dibao.extract.signs import BIT
from dibao.extract.tree import Node, attribute
from dibao.extract.trees import likely
from dibao.extract.unseen import seen

MOST_BLOCKS = 16_000  # of text, ten times what the longest page met has: each costs 12 KB to measure
KEPT = 0.45  # likelihood from which a block is the article's
_DOUBT = 0.75  # confidence below which another opinion is heard
_LEAST = 8  # words of an article; where less is that likely, the likeliest are taken, but no menus
_LEAST_LIKELY = 0.15
_OURS = 0.3  # of the text around a figure: where less is the article's, the figure isn't either
_CAPTION = 200  # characters of text beside a figure that may be about it
_NEAR = 3  # figures with captions that may stand before the text, outside of its box
_LINKED = 0.5  # share of link text from which a line is a menu's, or what stands around a figure a list's
_SIZE = re.compile(r"(?:[-_]\d{2,4}x\d{2,4})?(?:\.\w{3,5})?$")
_CELLS = frozenset(("td", "th"))
_PARTS = frozenset(("tr", "tbody", "thead", "tfoot", "td", "th"))  # of a table: nothing by themselves
_LINES = frozenset(("p", "li", "td", "th", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"))
_NOT_OURS = BIT["comment"] | BIT["consent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The main content of a page."""

    html: str = ""  # clean
    byline: str | None = None  # that stood at its head
    confidence: float = 0.0  # the F1 of its words that is to be expected
    said: str = ""  # its text before the lines at its edges went, paragraphs apart by a blank line
    beside: tuple[Block, ...] = ()  # what was left out


def main(body: Node, told: Told, base: str, offered: Sequence[str] = ()) -> Content:
    """Return the main content below an element; empty where there is none.

    Pictures must have been framed, navigation and machinery must be gone.
    """
    walk = Walk(body)
    measures = measure(walk, told) if len(walk.blocks) <= MOST_BLOCKS else Measures()
    if not measures.blocks:
        return Content()
    sure = likely(measures)
    kept = _kept(measures, sure)
    confidence = _expected(measures.words, sure, kept)
    kept = completed(measures, sure, kept)
    if confidence < _DOUBT:
        kept = _doubted(body, measures, kept)
    kept = briefly(measures, kept, sure=confidence >= _DOUBT)
    kept = with_notes(body, measures.blocks, seen(measures.blocks, measures.words, kept))
    texts = [block for block, keep in zip(measures.blocks, kept, strict=True) if keep]
    texts = _without_headlines(texts, told.title)
    said = "\n\n".join(block.text for block in texts)
    texts, byline = edges.trimmed(texts)
    if not texts:
        return Content()
    ours = {id(block) for block in texts} | {
        id(block) for block in _figures(walk, texts, told.title, offered)
    }
    html = _written(walk, ours, base)
    beside = tuple(block for block in measures.blocks if id(block) not in ours)
    return Content(html=html, byline=byline, said=said, confidence=confidence, beside=beside)


# --- which blocks ---------------------------------------------------------------------------------


def _kept(measures: Measures, sure: Numbers) -> NDArray[np.bool_]:
    kept = sure > KEPT
    if measures.words[kept].sum() >= _LEAST:
        return kept
    menus = np.array([block.linked > _LINKED for block in measures.blocks])
    return np.asarray((sure > max(_LEAST_LIKELY, 0.6 * float(sure.max()))) & ~menus, np.bool_)


def _doubted(body: Node, measures: Measures, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    from dibao.extract.second import second_opinion  # seldom wanted, and long to load

    other = second_opinion(body.html or "", measures.blocks)
    if other is None or not other.any():
        return kept
    return completed(measures, other.astype(np.float32), other)


def _expected(words: Numbers, sure: Numbers, kept: NDArray[np.bool_]) -> float:
    """Return the F1 that is to be expected, if each likelihood is right."""
    right = float((words * sure)[kept].sum())
    return round(2 * right / (float(words[kept].sum()) + float((words * sure).sum()) + 1e-9), 3)


def _without_headlines(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without those that say the headline again, and headings with nothing below."""
    found: list[Block] = []
    for block in reversed(blocks):
        heading = block.box.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
        if heading and (not found or letters(block.text) == title):
            continue
        found.append(block)
    return found[::-1]


# --- which figures --------------------------------------------------------------------------------


def _figures(walk: Walk, texts: Sequence[Block], title: str, offered: Sequence[str]) -> list[Block]:
    """Return the figures of an article: those in its box, and the nearest before it.

    ``offered`` are the pictures that the page offers for sharing: they are the article's wherever they are.
    """
    order = {id(block): place for place, block in enumerate(walk.blocks)}
    ours = {id(block) for block in texts}
    root = _climbed(around(texts), _LINES)
    frame = _frame(root)
    start = order[id(texts[0])]
    head = _headline(walk, title, start)
    figures = [block for block in walk.blocks if block.figure is not None]
    inside = [
        block
        for block in figures
        if _is_in(block.box, root)
        and (
            _is_ours(block, root, walk, ours) or (_is_captioned(block) and not _is_listed(block, walk, root))
        )
    ]
    before = [
        block
        for block in figures
        if order[id(block)] < start and not _is_in(block.box, root) and not _is_listed(block, walk, frame)
    ]
    near = [block for block in before if _is_in(block.box, frame) or head < order[id(block)]]
    names = {_name(link) for link in offered}
    shared = [
        block
        for block in figures
        if order[id(block)] < start and block.figure and _names(block.figure) & names
    ][-1:]
    captioned = [block for block in near[-_NEAR:] if block.figure and block.figure.css_first("figcaption")]
    return list({id(block): block for block in (*shared, *captioned, *near[-1:], *inside)}.values())


def _headline(walk: Walk, title: str, start: int) -> int:
    """Return the place of the last headline before the text; past the text where there is none."""
    places = [
        place
        for place, block in enumerate(walk.blocks[:start])
        if block.box.tag == "h1" or (title and block.box.tag == "h2" and letters(block.text) == title)
    ]
    return places[-1] if places else start


def _names(figure: Node) -> set[str]:
    image = figure.css_first("img")
    links = (attribute(image, "src"), *attribute(image, CANDIDATES).split()) if image is not None else ()
    return {_name(link) for link in links}


def _name(link: str) -> str:
    """Return what names a picture's file, whatever its size and format."""
    return _SIZE.sub("", urlsplit(link).path.rstrip("/").rpartition("/")[2]).casefold()


def _is_captioned(block: Block) -> bool:
    return block.figure is not None and block.figure.css_first("figcaption") is not None


def around(blocks: Sequence[Block]) -> Box:
    """Return the smallest box that holds all the blocks."""
    shared = _line(blocks[0].box)
    for block in blocks[1:]:
        here = {id(box) for box in _line(block.box)}
        shared = [box for box in shared if id(box) in here]
    return shared[0]


def _climbed(box: Box, tags: frozenset[str]) -> Box:
    """Return the nearest box around, or this one, that is none of these elements."""
    while box.tag in tags and box.parent is not None:
        box = box.parent
    return box


def _line(box: Box | None) -> list[Box]:
    found = []
    while box is not None:
        found.append(box)
        box = box.parent
    return found


def _frame(root: Box) -> Box:
    """Return the page's own <article> or <main> around the text, else the box two levels up."""
    above = _line(root)[1:]
    named = next((box for box in above if box.tag in ("article", "main")), None)
    return named or next((box for box in reversed(above[:2]) if box.parent is not None), root)


def _is_in(box: Box, other: Box) -> bool:
    return any(each is other for each in _line(box))


def _is_ours(figure: Block, root: Box, walk: Walk, ours: set[int]) -> bool:
    """Say whether the nearest text around a figure is the article's."""
    if figure.box.above & _NOT_OURS:
        return False
    for texts in _texts_around(figure, root, walk):
        whole = sum(len(block.text) for block in texts)
        if whole > _CAPTION or any(block.linked > _LINKED for block in texts):
            return sum(len(block.text) for block in texts if id(block) in ours) >= _OURS * whole
    return True


def _is_listed(figure: Block, walk: Walk, frame: Box) -> bool:
    """Say whether a figure stands in a list of links, or among comments."""
    if figure.box.above & _NOT_OURS:
        return True
    for texts in _texts_around(figure, frame, walk):
        whole = sum(len(block.text) for block in texts)
        return sum(len(block.text) * block.linked for block in texts) > _LINKED * whole
    return False


def _texts_around(figure: Block, outer: Box, walk: Walk) -> Iterator[list[Block]]:
    """Yield the texts in each box around a figure that holds any, up to a box and without it."""
    for box in _line(figure.box):
        if box is outer:
            return
        texts = [block for block in walk.blocks[box.start : box.end] if block.figure is None]
        if texts:
            yield texts


# --- writing --------------------------------------------------------------------------------------


def _written(walk: Walk, ours: set[int], base: str) -> str:
    """Return our blocks as clean HTML; boxes that hold none of them are not looked into again."""
    full = {place for place, block in enumerate(walk.blocks) if id(block) in ours}
    running = np.concatenate([[0], np.cumsum([place in full for place in range(len(walk.blocks))])])
    without = {
        box.node.mem_id
        for box in walk.boxes
        # An empty cell stays: what follows it would move into its column.
        if running[box.end] == running[box.start] and (box.end > box.start or box.tag not in _CELLS)
    }
    for place, block in enumerate(walk.blocks):
        if place not in full:
            without.update(block.nodes)
    root = _climbed(around([walk.blocks[place] for place in sorted(full)]), _PARTS)
    return write([root.node], base, without=frozenset(without))
