"""Labelled pages as rows to learn from: the measures of each block, and whether it is the article's."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from dibao.charset import decode
from dibao.errors import ExtractError
from dibao.extract.measures import Numbers
from dibao.extract.page import measured
from dibao.extract.tree import parse

NOT_LEARNED = ("gne_silver",)  # its labels' licence asks more than ours
_TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff]|"
    r"[^\W\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff]+"
)
_LONG = 8  # tokens from which a block is told by its sequences of four
_NEAR = 4  # blocks
_SHORT_PAGE = 60  # tokens
_SNIPPET = 0.02  # what a block counts that is only known by a snippet
_MOST = 0.5  # of a page that one block counts for
_MOST_PAGE = 4  # articles that all of a page counts for
FOLDS = 5


@dataclass(slots=True, kw_only=True)
class Labelled:
    """A page to learn from."""

    label: dict[str, Any]
    rows: Numbers
    names: tuple[str, ...]
    texts: list[str]
    own: NDArray[np.bool_]  # whether a block is the article's
    weight: NDArray[np.float64]

    @property
    def fold(self) -> int:
        """Return which of five parts the page's site belongs to."""
        return int(md5(site(self.label).encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def labels(data: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield every label that there is, and its page."""
    for line in (data / "pages/labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        yield label, data / "pages/pages" / f"{label['id']}.html.gz"
    for line in (data / "zh-gold/labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["kind"] == "page" and label.get("paragraphs"):
            label |= {"source_set": "zh-gold", "text": "\n".join(label["paragraphs"])}
            yield label, data / "zh-gold/pages" / f"{label['id']}.html.gz"


def site(label: dict[str, Any]) -> str:
    """Return what names the page's site, so that one site is never learned from and tested on."""
    name = urlsplit(label.get("url") or "").hostname
    if name:
        return ".".join(name.split(".")[-2:])
    return re.sub(r"(_\d+)+$|\d", "", label["id"])


def labelled(given: tuple[dict[str, Any], Path]) -> Labelled | None:
    """Return a page with what is known of its blocks, or None where it can't be read."""
    label, path = given
    url = label.get("url") or "https://x.example/a/b"
    text, _ = decode(gzip.decompress(path.read_bytes()))
    try:
        measures = measured(parse(text, url), url)
    except ExtractError:
        return None
    texts = [block.text for block in measures.blocks]
    if not texts:
        return None
    own, weight = _by_text(texts, label) if label.get("text") else _by_snippets(texts, label)
    return Labelled(
        label=label, rows=measures.rows, names=measures.names, texts=texts, own=own, weight=weight
    )


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _by_text(texts: list[str], label: dict[str, Any]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    whole = _tokens(label["text"])
    known: set[tuple[str, ...]] = {*zip(whole, whole[1:], whole[2:], whole[3:], strict=False)}
    flat = f" {' '.join(whole)} "
    tokens = [_tokens(text) for text in texts]
    own = np.array([_is_in(these, known, flat) for these in tokens])
    size = np.array([len(these) for these in tokens], float)
    if len(whole) > _SHORT_PAGE:
        own &= ~_astray(own, size)
    weight = np.minimum((size + 0.5) / max(len(whole), 100), _MOST) * (size > 0)
    return own, weight * min(1.0, _MOST_PAGE / (weight.sum() + 1e-9))


def _is_in(tokens: list[str], known: set[tuple[str, ...]], flat: str) -> bool:
    if len(tokens) < _LONG:
        return bool(tokens) and f" {' '.join(tokens)} " in flat
    found = [four in known for four in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False)]
    return sum(found) >= len(found) / 2


def _astray(own: NDArray[np.bool_], size: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the short blocks that stand in the article's words by chance: no paragraph of it is near."""
    long = np.flatnonzero(size >= _LONG)
    astray = np.zeros(len(own), bool)
    for at in np.flatnonzero(own & (size < _LONG)):
        behind, ahead = long[(long < at) & (long >= at - _NEAR)], long[(long > at) & (long <= at + _NEAR)]
        sides = [bool(len(behind)) and own[behind[-1]], bool(len(ahead)) and own[ahead[0]]]
        astray[at] = not (all(sides) if size[at] <= 2 else any(sides))
    return astray


def _by_snippets(texts: list[str], label: dict[str, Any]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    held = [f" {' '.join(_tokens(text))} " for text in texts]
    wanted, unwanted = (
        [" ".join(_tokens(snippet)) for snippet in label.get(name) or ()] for name in ("with", "without")
    )
    own = np.array([any(each and f" {each} " in text for each in wanted) for text in held])
    bad = np.array([any(each and f" {each} " in text for each in unwanted) for text in held])
    return own, (own != bad) * _SNIPPET
