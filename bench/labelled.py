"""The labelled pages and feed items of DIBAO_TEST_DATA: what is read of them, and how right that is.

The data's own scorers judge. What they count is kept page by page, so that any sample has its figures.
"""

import gzip
import hashlib
import json
import os
import re
import runpy
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dibao.errors import ExtractError
from dibao.extract import from_entry, read_page
from dibao.model import Article, Entry
from learn.pages import labels
from learn.scores import MEASURES, scorer

Counts = NDArray[np.float64]
Label = dict[str, Any]
Found = dict[str, Any]
NOWHERE = "https://x.example/a/b"  # of a page that came without its address


# --- what there is --------------------------------------------------------------------------------


def data() -> Path:
    return Path(os.environ["DIBAO_TEST_DATA"])


def digest() -> str:
    """Return what names the labels: figures of other ones can't be compared."""
    files = [data() / folder / "labels.jsonl" for folder in ("pages", "zh-gold")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def pages() -> list[tuple[Label, Path]]:
    return list(labels(data()))


def items() -> list[tuple[Label, Path]]:
    """Return the labelled feed items, and where each one's content is."""
    rows = map(json.loads, (data() / "zh-gold/labels.jsonl").read_text(encoding="utf-8").splitlines())
    found = [row | {"source_set": "items"} for row in rows if row["kind"] == "item"]
    return [(row, data() / "zh-gold/items" / f"{row['id']}.md") for row in found]


def entry(path: Path) -> Entry:
    """Return a kept post as the feed's entry that it was."""
    _, front, body = path.read_text(encoding="utf-8").split("---", 2)
    said = dict(re.findall(r"^(\w+): (.*)$", front, re.M))
    content = body.split("\n------\n", 1)[1] if "\n------\n" in body.split("<div", 1)[0] else body
    authors = (said["author"],) if "author" in said else ()
    return Entry(link=said.get("from"), title=said["title"].strip('"'), content=content, authors=authors)


# --- what is read of it ---------------------------------------------------------------------------


def ours(given: tuple[Label, Path]) -> Found:
    """Return what we read of a page or item, under the names that the scorers know."""
    label, path = given
    try:
        return {"id": label["id"]} | as_scored(article(label, path))
    except ExtractError as error:
        return {"id": label["id"], "error": str(error)}


def article(label: Label, path: Path) -> Article:
    outlet = label.get("outlet")
    if path.suffix == ".md":
        return from_entry(entry(path), outlet=outlet)
    return read_page(gzip.decompress(path.read_bytes()), url=label.get("url") or NOWHERE, outlet=outlet)


def as_scored(article: Article) -> Found:
    made, at = article.credits, article.published_at
    signed = (*made.reporters, *made.editors, *made.translators) if made else ()
    return {
        "text": article.text,
        "title": article.title,
        "author": list(article.authors),
        "authors": list(article.authors),
        "signed": [*article.authors, *article.outlets],
        "people": list(dict.fromkeys((*article.authors, *signed))),
        "date": at.astimezone(UTC).date().isoformat() if at else None,
        "own_date": at.date().isoformat() if at else None,
        "section": article.section,
        "keywords": list(article.keywords),
        "images": [media.url for media in article.media],
        "lead_image": next((media.url for media in article.media), None),
        "captions": [media.caption for media in article.media if media.caption],
        "photo_credit": next((media.credit for media in article.media if media.credit), None),
        "related": [link.url for link in article.links if link.role == "related"],
        "names": dict(article.names),
        "confidence": article.confidence,
    }


# --- how right it is ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted on each page, and how the sums of it are told."""

    counts: Counts  # (pages x numbers)
    told: Callable[[Counts], float]

    @property
    def value(self) -> float:
        return self.told(self.counts.sum(axis=0))

    def interval(self, samples: int = 1000) -> tuple[float, float]:
        """Return between which values 95 of 100 samples of as many pages lie."""
        pages = len(self.counts)
        taken = np.random.default_rng(1).multinomial(pages, np.full(pages, 1 / pages), samples)
        values = [self.told(sums) for sums in taken @ self.counts]
        low, high = np.percentile(values, (2.5, 97.5))
        return float(low), float(high)


def measured(given: Sequence[Label], found: Mapping[str, Found]) -> dict[str, Measured]:
    """Return every measure that the labels allow, by its name."""
    rows = [(label, found.get(label["id"], {})) for label in given]
    by_set: dict[str, list[tuple[Label, Found]]] = {}
    for label, read in rows:
        by_set.setdefault(label["source_set"], []).append((label, read))
    told = {f"text, {name}": _text(by_set[name], how) for name, how in TEXTS.items() if name in by_set}
    chinese = [row for row in rows if row[0]["source_set"] in TEXTS and _is_chinese(row[0])]
    told |= {"text, all Chinese pages": _text(chinese, "cjkf1")} if chinese else {}
    for name in ("fundus", "wcxb"):
        told |= {f"{fact}, {name}": counted for fact, counted in _facts(by_set.get(name, []))}
    told |= {f"{fact}, fundus": counted for fact, counted in _pictures(by_set.get("fundus", []))}
    for name in ("zh-gold", "items"):
        told |= {f"{fact}, {name}": counted for fact, counted in _gold(by_set.get(name, []))}
    return {name: counted for name, counted in told.items() if len(counted.counts)}


TEXTS = {name: how for name, how in MEASURES.items() if name != "zh-gold"}  # that one has its own scorer


def _is_chinese(label: Label) -> bool:
    return str(label.get("lang") or "").startswith("zh")


def _table(rows: Iterable[Sequence[float]]) -> Counts:
    return np.array(list(rows), float)


def _mean(sums: Counts) -> float:
    return float(sums[0] / sums[1]) if sums[1] else 0.0


def _harmonic(sums: Counts) -> float:
    """Return the F1 of two means: their sums, each before how many pages it is of."""
    precision, recall = _mean(sums[:2]), _mean(sums[2:])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _by_snippets(sums: Counts) -> float:
    right, wrong, missed = sums
    return float(2 * right / (2 * right + wrong + missed)) if right else 0.0


def _text(rows: Sequence[tuple[Label, Found]], how: str) -> Measured:
    score = scorer()
    said = [(label, read.get("text") or "") for label, read in rows]
    if how == "snip_f1":
        return Measured(_table(_snippets(said)), _by_snippets)
    whole = [(label["text"], text) for label, text in said if label.get("text") is not None]
    if how == "wordf1":
        return Measured(_table((score.word_f1(*both), 1) for both in whole), _mean)
    tokens = score.CJK if how == "cjkf1" else score.TOK
    return Measured(_table(_shares(*score.tpfpfn(*both, tokens)) for both in whole), _harmonic)


def _shares(right: float, wrong: float, missed: float) -> tuple[float, float, float, float]:
    """Return precision and recall, each with whether it counts, as the scorer has it."""
    nothing = float(wrong == missed == 0)
    precision = right / (right + wrong) if right else nothing * (right + wrong > 0)
    recall = right / (right + missed) if right else nothing * (right + missed > 0)
    return precision, right + wrong > 0, recall, right + missed > 0


def _snippets(said: Iterable[tuple[Label, str]]) -> Iterator[tuple[int, int, int]]:
    plain = scorer().ws
    for label, text in said:
        if label.get("with") and label.get("without"):
            flat = plain(text)
            right = sum(plain(each) in flat for each in label["with"])
            yield right, sum(plain(each) in flat for each in label["without"]), len(label["with"]) - right


def _facts(rows: Sequence[tuple[Label, Found]]) -> Iterator[tuple[str, Measured]]:
    """Yield title, author and date: each right where it is exactly the label's."""
    score = scorer()
    titled = [(label["title"], read.get("title")) for label, read in rows if label.get("title")]
    yield "title", Measured(_table((score.title_ok(*both)[0], 1) for both in titled), _mean)
    signed = [(score.authors(label.get("author")), read) for label, read in rows]
    for fact, parts in (("author", ["author"]), ("author or outlet", ["author", "signed"])):
        right = [
            names in [score.authors(read.get(part)) for part in parts] for names, read in signed if names
        ]
        yield fact, Measured(_table((each, 1) for each in right), _mean)
    dated = [(score.day(label.get("date")), read) for label, read in rows]
    days = [(day, score.day(read.get("date")), score.day(read.get("own_date"))) for day, read in dated if day]
    yield "date (UTC)", Measured(_table((day == utc, 1) for day, utc, _ in days), _mean)
    yield (
        "date (the page's own day)",
        Measured(_table((day == (own or utc), 1) for day, utc, own in days), _mean),
    )


def _pictures(rows: Sequence[tuple[Label, Found]]) -> Iterator[tuple[str, Measured]]:
    """Yield the lead image, by the name of its file, and the captions, by their first forty letters."""
    pictured = [(_same(label["images"][0]), read) for label, read in rows if label.get("images")]
    kept = [bool(names & {file_name(url) for url in read.get("images", ())}) for names, read in pictured]
    yield "lead image", Measured(_table((each, 1) for each in kept), _mean)
    captioned = [(label["captions"], read) for label, read in rows if label.get("captions")]
    yield "captions", Measured(_table((_told(said, read), len(said)) for said, read in captioned), _mean)


def _same(addresses: str | list[str]) -> set[str]:
    return {file_name(url) for url in ([addresses] if isinstance(addresses, str) else addresses)}


def file_name(url: str) -> str:
    return re.sub(r"[?#].*", "", url).rstrip("/").rpartition("/")[2].lower()


def _told(captions: Sequence[str], read: Found) -> int:
    found = [_letters(caption) for caption in read.get("captions", ())]
    return sum(any(_letters(caption)[:40] in each for each in found) for caption in captions)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


# --- Chinese pages and items by their own scorer --------------------------------------------------


@cache
def gold_scorer() -> dict[str, Any]:
    """Return the scorer that came with them; it is a script, so it is run on nothing."""
    before = sys.argv
    with tempfile.NamedTemporaryFile() as nothing, redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files to be closed for it
        sys.argv = ["score_gold.py", nothing.name, nothing.name]
        try:
            return runpy.run_path(str(data() / "zh-gold/score_gold.py"))
        finally:
            sys.argv = before


def _gold(rows: Sequence[tuple[Label, Found]]) -> Iterator[tuple[str, Measured]]:
    score = gold_scorer()
    whole = [("".join(label["paragraphs"]), read) for label, read in rows if "paragraphs" in label]
    yield "text", Measured(_table((score["f1"](text, read.get("text"))[2], 1) for text, read in whole), _mean)
    yield "furniture left", Measured(_table([_left(*row)] for row in rows), lambda sums: float(sums[0]))
    for name in ("title", "section", "lead_image", "photo_credit"):
        held = [(label[name], read.get(name)) for label, read in rows if name in label]
        same = score["SC"][name]
        yield name.replace("_", " "), Measured(_table((same(a) == same(b), 1) for a, b in held), _mean)
    signed = [_overlap(label, read, "authors") for label, read in rows if "authors" in label]
    yield "authors", Measured(_table((both == found == given, 1) for both, found, given in signed), _mean)
    for name in ("people", "keywords", "captions", "images"):
        listed = [_overlap(label, read, name) for label, read in rows if name in label]
        yield f"{name}, precision", Measured(_table((both, found) for both, found, _ in listed), _mean)
        yield f"{name}, recall", Measured(_table((both, given) for both, _, given in listed), _mean)
    names = [(_pairs(label["names"]), _pairs(read.get("names"))) for label, read in rows if "names" in label]
    yield "names, recall", Measured(_table((len(a & b), len(a)) for a, b in names), _mean)


def _left(label: Label, read: Found) -> int:
    flat = gold_scorer()["flat"]
    text = flat(read.get("text"))
    return sum(flat(each) in text for each in label.get("must_not_contain", ()))


def _overlap(label: Label, read: Found, name: str) -> tuple[int, int, int]:
    """Return how many of a list are right, how many were found and how many there are."""
    plain = gold_scorer()["LIST"][name]
    given, found = (Counter(map(plain, each.get(name) or [])) for each in (label, read))
    return (given & found).total(), found.total(), given.total()


def _pairs(names: Mapping[str, str] | None) -> set[tuple[str, str]]:
    plain = gold_scorer()["n"]
    return {(plain(native), plain(latin)) for native, latin in (names or {}).items()}
