"""Footnotes: short texts away from the article that its own text points to."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from dibao.extract.blocks import Block, Box
from dibao.extract.signs import BIT, CLOSING
from dibao.extract.tree import BLOCKS, Node, ancestors, attribute, words

_MARK = re.compile(
    r"[\[(（〔［【]?\s*(?:[注註脚腳]\s*)?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*＊†‡§]{1,4}|[①-⑳]|[注註])\s*[\])）〕］】]?",
    re.I,
)
_BESIDE_WORDS = "comment promo consent share form aside"
_BESIDE = sum(BIT[name] for name in _BESIDE_WORDS.split())
_LINKED = 0.8  # share of link text from which a text only leads elsewhere
_LONGEST = 6  # blocks of one note
_MOST = 1 / 3  # of the text, what its notes come to
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

Kept = NDArray[np.bool_]


def with_notes(body: Node, blocks: Sequence[Block], kept: Kept) -> Kept:
    """Return which blocks are kept, with the notes that kept ones point to, and a heading above them.

    A list of works that is a third as long as the text is no part of it.
    """
    homes = {blocks[place].box.node.mem_id: int(place) for place in np.flatnonzero(kept)[::-1]}
    links = [(name, _home(link)) for link in body.css('a[href^="#"]') if (name := _points_to(link))]
    from_us = [(name, homes[home]) for name, home in links if home in homes]
    if not from_us:
        return kept
    first = min(place for _, place in from_us)
    notes = np.zeros_like(kept)
    for places in _notes(body, blocks, {name for name, _ in from_us}):
        if places[0] > first:
            notes[places] = True
            above = blocks[places[0] - 1]
            notes[places[0] - 1] |= above.box.tag in _HEADINGS and not CLOSING.match(above.text)
    sizes = np.array([len(block.text) for block in blocks])
    if sizes[notes & ~kept].sum() > _MOST * sizes[kept].sum():
        return kept
    return np.asarray(kept | notes, np.bool_)


def _points_to(link: Node) -> str:
    """Return the name of the place that a mark of a note points to; empty for other links."""
    name = attribute(link, "href")[1:]
    return unquote(name) if name and _MARK.fullmatch(words(link)) else ""


def _home(node: Node) -> int:
    """Return the ``mem_id`` of the block that an element stands in, or is."""
    around = (each for each in (node, *ancestors(node)) if each.tag in BLOCKS)
    return next((each.mem_id for each in around), 0)


def _notes(body: Node, blocks: Sequence[Block], named: set[str]) -> Iterator[list[int]]:
    """Yield the places of the blocks of each note, in their order on the page."""
    wanted = {
        _home(node)
        for node in body.css("[id],a[name]")
        if attribute(node, "id") in named or attribute(node, "name") in named
    }
    found: dict[int, list[int]] = {}
    for place, block in enumerate(blocks):
        for box in _upwards(block.box):
            if box.node.mem_id in wanted:
                found.setdefault(box.node.mem_id, []).append(place)
    for places in found.values():
        if len(places) <= _LONGEST and all(_may_be_note(blocks[place]) for place in places):
            yield places


def _may_be_note(block: Block) -> bool:
    """Say whether a text may be a note: no heading, comment or advertisement, nor a link to elsewhere."""
    return block.box.tag not in _HEADINGS and block.linked < _LINKED and not block.box.above & _BESIDE


def _upwards(box: Box | None) -> Iterator[Box]:
    while box is not None:
        yield box
        box = box.parent
