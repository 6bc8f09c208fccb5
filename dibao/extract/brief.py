"""A very short article: the few lines below its headline, which look like nothing beside what is around."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dibao.extract.blocks import Block, Box, units
from dibao.extract.measures import Measures, Numbers
from dibao.extract.signs import BIT, asks_consent, signs_or_dates

_ENOUGH = 120  # words that were kept: where there are as many, it is no brief
_MOST = 60  # of them below the headline, where they are likely right
_LEAST = 0.1  # of them, what the lines below the headline come to where they are taken instead
_BESIDE_WORDS = "share related comment promo nav byline caption hidden consent footer aside form unseen"
_BESIDE = sum(BIT[name] for name in _BESIDE_WORDS.split())
_ARTICLE = BIT["article"] | BIT["main"] | BIT["articlebody"]
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HEADLINES = frozenset(("h1", "h2", "h3"))
_LINE = 30  # words of a line that may be a byline or date
_ROWS = frozenset(("td", "th", "li", "dt", "dd"))
_LINKED = 0.5  # share of link text of a line that is there to be followed
_FOLLOWED = 3  # such lines in a row, after which nothing more is told
_SHORT = 4.0  # words of a line that is no sentence, unless it ends as one

Kept = NDArray[np.bool_]


def briefly(measures: Measures, kept: Kept, *, sure: bool) -> Kept:
    """Return the lines below the headline where little was kept, and that is nothing of them or likely wrong.

    Where it is ``sure`` to be right and has some of them, the others beside those come to it, and what stands
    before the headline goes. Where enough was kept, or nothing tells the lines apart, it stays as it is.
    """
    words = measures.words
    if float(words[kept].sum()) >= _ENOUGH:
        return kept
    columns = dict(zip(measures.names, measures.rows.T, strict=True))
    blocks, start, around = measures.blocks, *_start(measures.blocks, columns)
    lines = list(_lines(blocks, columns, start, around))
    if not lines or all(blocks[place].box.tag in _ROWS for place in lines):
        return kept
    told = np.zeros_like(kept)
    told[lines] = True
    if not sure:
        return told if float(words[told].sum()) >= _LEAST * float(words[kept].sum()) else kept
    asking = np.array([asks_consent(block.text) for block in blocks])
    near = kept & ~asking & ~_in_others(blocks, around)
    near[:start] = False
    if float(words[near].sum()) >= _MOST:
        return kept
    return _with_neighbours(blocks, near, told) if near.any() else told


def _with_neighbours(blocks: list[Block], near: Kept, told: Kept) -> Kept:
    """Return what is kept, with the lines that stand side by side with those of it."""
    homes = {_home(block) for block, keep in zip(blocks, near & told, strict=True) if keep}
    beside = np.array([_home(block) in homes for block in blocks])
    return np.asarray(near | (told & beside), np.bool_)


def _in_others(blocks: list[Block], around: set[int]) -> Kept:
    """Return which blocks stand in another <article> than the headline does."""
    articles = [{box.place for box in _upwards(block.box) if box.tag == "article"} for block in blocks]
    own = any(around & each for each in articles)
    return np.array([own and bool(each - around) for each in articles], np.bool_)


def _home(block: Block) -> tuple[str, int]:
    """Return what is the same for paragraphs side by side."""
    return block.box.tag, block.box.parent.place if block.box.parent else -1


def _start(blocks: list[Block], columns: dict[str, Numbers]) -> tuple[int, set[int]]:
    """Return the place after the headline, and the boxes that it stands in.

    Where none is shown, they are the only <article> or <main>; the end of the page where there are several.
    """
    head = _headline(blocks, columns)
    if head is not None:
        return head + 1, {box.place for box in _upwards(blocks[head].box)}
    named = [box for block in blocks for box in _upwards(block.box) if box.own & _ARTICLE]
    outer = {box.place: box for box in named if box.parent is None or not box.parent.above & _ARTICLE}
    if len(outer) != 1:
        return len(blocks), set()
    only = next(iter(outer.values()))
    first = next(place for place, block in enumerate(blocks) if only in _upwards(block.box))
    return first, {box.place for box in _upwards(only)}


def _headline(blocks: list[Block], columns: dict[str, Numbers]) -> int | None:
    """Return the place of the highest heading that says the title, else of the page's only h1."""
    said = columns["is_title"] + columns["in_title"]
    titles = [
        (block.box.tag, place)
        for place, block in enumerate(blocks)
        if block.box.tag in _HEADLINES and said[place]
    ]
    first = [place for place, block in enumerate(blocks) if block.box.tag == "h1"]
    if titles:
        return min(titles)[1]
    return first[0] if len(first) == 1 else None


def _lines(blocks: list[Block], columns: dict[str, Numbers], start: int, around: set[int]) -> Iterator[int]:
    """Yield the places of the lines of text from a place on, up to where something else begins."""
    told, followed = None, 0
    for place in range(start, len(blocks)):
        block = blocks[place]
        follows = block.linked > _LINKED
        followed = followed + 1 if follows else 0
        closes = block.box.tag in _HEADINGS or columns["closing"][place] or followed >= _FOLLOWED
        if closes and told is not None:
            return
        if not follows and (told is block.box or _is_text(block, place, columns, around)):
            told = block.box
            yield place


def _is_text(block: Block, place: int, columns: dict[str, Numbers], around: set[int]) -> bool:
    """Say whether a line is told for its own sake: no heading, byline, date, notice or button."""
    if block.box.tag in _HEADINGS or columns["closing"][place] or columns["hints"][place]:
        return False
    if asks_consent(block.text) or (units(block.text) < _LINE and signs_or_dates(block.text)):
        return False
    if any(box.own & _BESIDE for box in _upwards(block.box) if box.place not in around):
        return False
    ends = bool(columns["ends"][place])
    if columns["is_title"][place]:
        return ends and block.box.tag == "p"  # a flash: its headline is all there is to tell
    return ends or bool(columns["words"][place] > np.log1p(_SHORT))


def _upwards(box: Box | None) -> Iterator[Box]:
    while box is not None:
        yield box
        box = box.parent
