"""How well articles are read when of each page some blocks are kept: by the data's own scorer."""

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learn.pages import Labelled

MEASURES = {
    "scrapinghub": "f1",
    "fundus": "f1",
    "wcxb": "wordf1",
    "trafeval": "snip_f1",
    "magichtml": "cjkf1",
    "gne_silver": "cjkf1",
    "cx163_silver": "cjkf1",
    "tw_silver": "cjkf1",
    "readabilityjs": "f1",
    "zh-gold": "cjkf1",
}


def scorer() -> ModuleType:
    """Return the scorer that came with the pages."""
    path = Path(os.environ["DIBAO_TEST_DATA"]) / "pages/score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def told(pages: Sequence[Labelled], kept: Sequence[NDArray[np.bool_]]) -> str:
    """Return one line with the score of each set, and of all Chinese pages together."""
    score = scorer()
    sets: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for page, blocks in zip(pages, kept, strict=True):
        text = "\n".join(text for text, keep in zip(page.texts, blocks, strict=True) if keep)
        names = [page.label["source_set"]]
        if (page.label.get("lang") or "").startswith("zh") and names != ["zh-gold"]:
            names.append("zh")
        for name in names:
            sets.setdefault(name, []).append((page.label, text))
    found = []
    for name, measure in {**MEASURES, "zh": "cjkf1"}.items():
        rows = sets.get(name, [])
        labels = [
            {part: row[part] for part in ("id", "text", "with", "without") if part in row} for row, _ in rows
        ]
        result = score.evaluate(labels, {row["id"]: {"text": text} for row, text in rows})
        found.append(f"{name} {result[measure]:.4f}")
    return " · ".join(found)
