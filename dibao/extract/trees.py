"""Learned weights: how likely each block of a page is the article's own. Made by `python -m learn`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dibao.extract.measures import Measures, Numbers


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees in which all nodes of a level ask the same, so that a row's answers are the number of its leaf.

    ``columns`` and ``limits`` are (trees x depth), ``leaves`` (trees x 2**depth).
    """

    columns: NDArray[np.intp]
    limits: Numbers
    leaves: Numbers
    bias: float

    def likely(self, rows: Numbers) -> Numbers:
        """Return for each row the probability, 0 to 1."""
        trees, depth = self.columns.shape
        leaf = np.zeros((trees, len(rows)), np.uint8)
        for level in range(depth):
            answers = rows.T[self.columns[:, level]] > self.limits[:, level, None]
            leaf |= answers.view(np.uint8) << level
        first = np.arange(0, self.leaves.size, self.leaves.shape[1])
        told = self.leaves.take(leaf + first[:, None]).sum(axis=0) + self.bias
        return np.asarray(1 / (1 + np.exp(-told)), np.float32)


@cache
def weights() -> tuple[Forest, tuple[str, ...]]:
    """Return the trees that come with dibao, and the names of the measures that they were made for."""
    written = json.loads(files("dibao.extract").joinpath("weights.json").read_text(encoding="utf-8"))
    trees = Forest(
        np.array(written["columns"], np.intp),
        np.array(written["limits"], np.float32),
        np.array(written["leaves"], np.float32),
        float(written["bias"]),
    )
    return trees, tuple(written["names"])


def likely(measures: Measures) -> Numbers:
    """Return how likely each block is the article's own, 0 to 1."""
    if not measures.blocks:
        return np.zeros(0, np.float32)
    trees, names = weights()
    assert measures.names == names, "the weights were made for other measures: run python -m learn"
    return trees.likely(measures.rows)
