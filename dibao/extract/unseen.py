"""Text that a page hides inside its article: notes to itself, and not what somebody is to read."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dibao.extract.blocks import Block, Box
from dibao.extract.measures import Numbers
from dibao.extract.signs import BIT

_UNSEEN = BIT["unseen"]
_FOLDED = 1 / 3  # of an article: where as much is hidden, it is folded away and shown by a script
# How boxes are named that a reader opens, or that a script opens for those who pay.
_FOLD = re.compile(
    r"pay-?wall|premium|subscri|fold|more|expan[ds]|collaps|accordion|truncat|toggle|continu|remain|rest\b|"
    r"(?:article|story|post|entry)[-_]?(?:body|content|text)",
    re.I,
)

Kept = NDArray[np.bool_]


def seen(blocks: Sequence[Block], words: Numbers, kept: Kept) -> Kept:
    """Return which kept blocks are to be read: all where much is hidden, else those that a page shows."""
    hidden = np.array([bool(block.box.above & _UNSEEN) for block in blocks], np.bool_) & kept
    if not hidden.any() or float(words[hidden].sum()) >= _FOLDED * float(words[kept].sum()):
        return kept
    folded = np.array([_is_folded(block.box) for block in blocks], np.bool_)
    return np.asarray(kept & (~hidden | folded), np.bool_)


def _is_folded(box: Box | None) -> bool:
    """Say whether a box that hides what is in it names itself a fold."""
    while box is not None:
        if box.own & _UNSEEN and _FOLD.search(box.style):
            return True
        box = box.parent
    return False
