"""A second opinion on a page that we are unsure of: which of its blocks trafilatura would keep.

Slower by far, so it is asked for one page in fifty; of those its answer is right more often than ours.
"""

from collections.abc import Sequence

import lxml.html
import numpy as np
import trafilatura
from numpy.typing import NDArray

from dibao.extract.blocks import Block
from dibao.extract.guard import TROUBLE
from dibao.extract.measures import letters

_LEAST = 150  # letters of an answer that says anything
_MOST_TAGS = 40_000  # three times what the longest page met has; it takes minutes for ten times as many
_SHORT = 8  # letters of a block that may stand anywhere by chance


def second_opinion(html: str, blocks: Sequence[Block]) -> NDArray[np.bool_] | None:
    """Return which blocks of a page would be kept, or None where there is no answer.

    It is given a tree, since it would fetch what looks like a URL.
    """
    if html.count("<") > _MOST_TAGS:
        return None
    try:
        page = lxml.html.document_fromstring(html)
        answer = letters(trafilatura.extract(page, include_comments=False) or "")
    except TROUBLE:
        return None
    if len(answer) < _LEAST:
        return None
    said = [letters(block.text) for block in blocks]
    return np.array([len(text) > _SHORT and text in answer for text in said])
