"""Learn how likely a block is the article's own, and write the weights.

    python -m learn [--check]      needs DIBAO_TEST_DATA, and catboost

``--check`` learns five times on four fifths of the sites, tells how well the last fifth is read, and
writes nothing.
"""

import argparse
import json
import os
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import catboost
import numpy as np

from dibao.extract.measures import Numbers
from dibao.extract.trees import Forest
from learn.pages import FOLDS, NOT_LEARNED, Labelled, labelled, labels
from learn.scores import told

WEIGHTS = Path(__file__).parent.parent / "dibao/extract/weights.json"
_SETTINGS: dict[str, Any] = {
    "iterations": 200,
    "depth": 5,
    "learning_rate": 0.12,
    "l2_leaf_reg": 5,
    "loss_function": "Logloss",
    "border_count": 64,
    "random_seed": 1,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.8,
    "rsm": 0.6,
    "verbose": False,
    "allow_writing_files": False,
}


def forest(rows: Sequence[Numbers], pages: Sequence[Labelled]) -> Forest:
    """Return trees learned from the rows of pages."""
    weight = np.concatenate([page.weight for page in pages])
    own = np.concatenate([page.own for page in pages])
    used = weight > 0
    model = catboost.CatBoostClassifier(**_SETTINGS)
    model.fit(catboost.Pool(np.vstack(rows)[used], own[used].astype(int), weight=weight[used]))
    return _read(model)


def _read(model: Any) -> Forest:
    path = Path("/tmp") / f"learned-{os.getpid()}.json"
    model.save_model(str(path), format="json")
    written = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    trees = [tree for tree in written["oblivious_trees"] if tree["splits"]]
    depth = max(len(tree["splits"]) for tree in trees)
    columns = np.zeros((len(trees), depth), np.intp)
    limits = np.full((len(trees), depth), np.inf, np.float32)  # never reached: the tree has fewer levels
    leaves = np.zeros((len(trees), 2**depth), np.float32)
    for place, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            columns[place, level], limits[place, level] = split["float_feature_index"], split["border"]
        leaves[place, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, (bias,) = written["scale_and_bias"]
    return Forest(columns, limits, leaves * scale, float(bias))


def thoughts(rows: Sequence[Numbers], pages: Sequence[Labelled]) -> list[Numbers]:
    """Return what is thought of each page's blocks by trees that never saw its site."""
    found: list[Numbers] = [np.zeros(0, np.float32)] * len(pages)
    for fold in range(FOLDS):
        others = [place for place, page in enumerate(pages) if page.fold != fold and taught(page)]
        trees = forest([rows[place] for place in others], [pages[place] for place in others])
        for place, page in enumerate(pages):
            if page.fold == fold:
                found[place] = trees.likely(rows[place])
    return found


def check(pages: Sequence[Labelled]) -> None:
    """Tell how well pages are read whose sites were not learned from."""
    found = thoughts([page.rows for page in pages], pages)
    for limit in (0.35, 0.4, 0.45, 0.5, 0.55):
        print(limit, told(pages, [likely > limit for likely in found]))


def taught(page: Labelled) -> bool:
    """Say whether a page may be learned from."""
    return page.label["source_set"] not in NOT_LEARNED


def write(trees: Forest, names: Sequence[str]) -> None:
    """Write the weights, rounded, a line for each tree."""
    parts = {
        "columns": trees.columns.tolist(),
        "limits": [[_short(limit) for limit in tree] for tree in trees.limits.tolist()],
        "leaves": [[round(leaf, 4) for leaf in tree] for tree in trees.leaves.tolist()],
    }
    rows = (f'"{part}": [\n{_lines(found)}\n]' for part, found in parts.items())
    head = f'{{"names": {json.dumps(list(names))},\n"bias": {trees.bias:.6f},\n'
    WEIGHTS.write_text(head + ",\n".join(rows) + "}\n", encoding="utf-8")


def _lines(rows: list[list[float]]) -> str:
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)


def _short(limit: float) -> float:
    return 1e30 if limit == float("inf") else float(f"{limit:.7g}")


def main() -> None:
    """Read the pages, learn, and write or check."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    only_check = arguments.parse_args().check
    given = list(labels(Path(os.environ["DIBAO_TEST_DATA"])))
    with Pool() as pool:
        pages = [page for page in pool.imap(labelled, given, chunksize=8) if page is not None]
    if only_check:
        check(pages)
        return
    used = [page for page in pages if taught(page)]
    write(forest([page.rows for page in used], used), used[0].names)


if __name__ == "__main__":
    main()
