"""What belongs together on a page: a table or list is kept whole or not at all, a heading with its text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dibao.extract.blocks import Block, Box
from dibao.extract.measures import Measures, Numbers
from dibao.extract.signs import BIT

_WHOLE = frozenset(("table", "ul", "ol", "dl"))
_BESIDE_WORDS = "share related comment promo nav consent byline hidden unseen"
_BESIDE = sum(BIT[name] for name in _BESIDE_WORDS.split())
_LISTED = BIT["table"] | BIT["list"]
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_KEPT_WHOLE = 0.4  # likelihood of its words from which a table or list is kept
_LEFT_WHOLE = 0.15
_IN_THE_FLOW = 0.01  # likelihood from which one that stands between paragraphs of the article is kept
_LINKED = 0.5  # share of link text of a list that is a menu
_LAYOUT = 0.5  # of the article in one table: the page is laid out with it
_CELL = 30  # words that a cell or item holds at most where a table or list is no layout
_NEAR = 3  # blocks
_BETWEEN = 0.2  # likelihood from which a line with those of the article on both sides is kept
_HEADING = 0.02  # likelihood from which a heading between paragraphs of the article is kept

Kept = NDArray[np.bool_]


def completed(measures: Measures, sure: Numbers, kept: Kept) -> Kept:
    """Return which blocks are kept when what belongs together stays together."""
    kept = kept.copy()
    whole = float(measures.words[kept].sum())
    for outer, rows in reversed(_tables_and_lists(measures.blocks)):
        flows = _is_in_the_flow(measures.blocks, kept, outer, rows)
        _decide(measures, sure, kept, (outer, rows), whole, flows)
    for place in np.flatnonzero(~kept[1:-1] & kept[:-2] & kept[2:] & (sure[1:-1] > _BETWEEN)) + 1:
        before, here, after = (block.box.parent for block in measures.blocks[place - 1 : place + 2])
        if before is here and here is after:
            kept[place] = True
    for place in np.flatnonzero(~kept[:-1] & kept[1:] & (sure[:-1] > _HEADING)):
        if place and kept[:place].any() and _leads(measures.blocks[place], measures.blocks[place + 1]):
            kept[place] = True
    return kept


def _decide(
    measures: Measures,
    sure: Numbers,
    kept: Kept,
    listed: tuple[Box, Sequence[int]],
    whole: float,
    flows: bool,
) -> None:
    outer, rows = listed
    weight = measures.words[rows] + 0.5
    linked = np.array([measures.blocks[row].linked for row in rows])
    if len(rows) < 2 or float((weight * linked).sum()) > _LINKED * float(weight.sum()):
        return
    is_most = float(measures.words[rows][kept[rows]].sum()) > _LAYOUT * whole
    if is_most and (outer.tag != "table" or float(measures.words[rows].max()) >= _CELL):
        return  # the page is laid out with it
    likely = float((weight * sure[rows]).sum() / weight.sum())
    enough = _LEFT_WHOLE if outer.tag == "table" else _KEPT_WHOLE  # half a table says nothing
    if is_most or likely > (_IN_THE_FLOW if flows else enough):
        kept[rows] = True
    elif likely < _LEFT_WHOLE:
        kept[rows] = False


def _is_in_the_flow(blocks: Sequence[Block], kept: Kept, outer: Box, rows: Sequence[int]) -> bool:
    """Say whether a table or list stands among kept blocks in the box that holds them, or ends it.

    What comes after it must be decided by now; headings are not, and stand for what is below them.
    """
    around = outer.parent
    if around is None or not any(
        kept[place] and _stands_in(blocks[place].box, around) for place in range(rows[0])
    ):
        return False
    after = [
        place
        for place in range(rows[-1] + 1, len(blocks))[:_NEAR]
        if _is_below(blocks[place].box, around) and blocks[place].box.tag not in _HEADINGS
    ]
    return any(kept[place] for place in after) if after else not outer.above & _BESIDE


def _is_below(box: Box | None, around: Box) -> bool:
    while box is not None and box is not around:
        box = box.parent
    return box is around


def _stands_in(box: Box, around: Box) -> bool:
    """Say whether a box stands directly in another one, or is it."""
    return box is around or box.parent is around


def _tables_and_lists(blocks: Sequence[Block]) -> list[tuple[Box, list[int]]]:
    """Return each outermost table or list, and the places of its blocks."""
    found: dict[int, tuple[Box, list[int]]] = {}
    for place, block in enumerate(blocks):
        outer = _outer(block.box) if block.box.above & _LISTED else None
        if outer is not None:
            found.setdefault(outer.place, (outer, []))[1].append(place)
    return list(found.values())


def _outer(box: Box | None) -> Box | None:
    outer = None
    while box is not None:
        outer = box if box.tag in _WHOLE else outer
        box = box.parent
    return outer


def _leads(heading: Block, text: Block) -> bool:
    """Say whether a heading stands in the box that holds the text after it."""
    if heading.box.tag not in _HEADINGS or heading.linked > _LINKED:
        return False
    return heading.box.parent is not None and _is_below(text.box, heading.box.parent)
