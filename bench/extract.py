"""Pages a second of reading articles, and how right what is read is; trafilatura beside it.

Speed is CPU time, everything that is said of an article included: both read the same pages in turn, round by
round, and the median of the rounds' ratios counts. Without DIBAO_TEST_DATA the pages are made up, and nothing
is said of how right they are read. With it, all labelled pages and items are read by both and judged by the
data's own scorers; behind each figure stands between which values 95 of 100 samples of as many pages lie.

Our weights were learned on these pages: `python -m learn --check` tells how well others are read.
"""

import gzip
import os
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from bench import labelled
from bench.labelled import Found, Label, Measured
from dibao.errors import ExtractError
from dibao.extract import read_page

ROUNDS = 5
Page = tuple[bytes, str]
Reader = Callable[[bytes, str], object]


def main() -> None:
    real = bool(os.environ.get("DIBAO_TEST_DATA"))
    if not real:
        print("extract: DIBAO_TEST_DATA is not set, so the pages are made up and quality is not told")
    compare(real_pages() if real else made_pages())
    if real:
        print("\n".join(table(*judged())))


# --- speed ----------------------------------------------------------------------------------------


def real_pages() -> list[Page]:
    """Return the pages of the scrapinghub set."""
    given = [row for row in labelled.pages() if row[0]["source_set"] == "scrapinghub"]
    return [(gzip.decompress(path.read_bytes()), label["url"]) for label, path in given]


def made_pages() -> list[Page]:
    """Return some pages as news sites have them: a menu, an article, and teasers of others."""
    return [(made_page(number), f"https://made.example/a/{number}") for number in range(20)]


def made_page(number: int) -> bytes:
    menu = "".join(f"<li><a href=/{place}>Section {place}</a></li>" for place in range(60))
    line = f"What the council said of harbour {number}, and what its director answered on Monday. "
    story = "".join(f"<p>{line * (2 + place % 4)}</p>" for place in range(12 + number))
    card = "<div class=card><a href=/s{0}><img src=/{0}.jpg><h4>Another story of the day</h4></a></div>"
    head = f"<title>Harbour {number} | The Gazette</title><meta property=og:title content='Harbour {number}'>"
    signed = "<h1>Harbour</h1><p class=byline>By Jane Roe</p><time datetime=2024-03-05>5 March 2024</time>"
    cards = "".join(card.format(place) for place in range(80))
    body = f"<nav><ul>{menu}</ul></nav><article>{signed}{story}</article><aside>{cards}</aside>"
    return f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def ours(body: bytes, url: str) -> None:
    with suppress(ExtractError):
        read_page(body, url=url)


def theirs(body: bytes, url: str) -> Any:
    import trafilatura

    with suppress(Exception):  # others raise whatever comes
        return trafilatura.bare_extraction(body, url=url, with_metadata=True)


def compare(pages: Sequence[Page]) -> None:
    """Print how many pages a second each reads, and the ratio."""
    seconds(ours, pages), seconds(theirs, pages)  # what is loaded once is loaded
    rounds = [(seconds(ours, pages), seconds(theirs, pages)) for _ in range(ROUNDS)]
    fast, slow = (len(pages) / statistics.median(each) for each in zip(*rounds, strict=True))
    ratios = sorted(their / our for our, their in rounds)
    size = statistics.mean(len(body) for body, _ in pages) / 1000
    print(
        f"extract: {len(pages)} pages, mean of {size:.0f} kB, facts included: "
        f"dibao {fast:.0f} pages per CPU second, trafilatura {slow:.0f}; "
        f"{statistics.median(ratios):.2f} times as many "
        f"(median of {ROUNDS} rounds, {ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def seconds(read: Reader, pages: Sequence[Page]) -> float:
    start = time.process_time()
    for body, url in pages:
        read(body, url)
    return time.process_time() - start


# --- quality --------------------------------------------------------------------------------------


def judged() -> tuple[dict[str, Measured], dict[str, Measured]]:
    """Return all measures of both."""
    given = [*labelled.pages(), *labelled.items()]
    rows = [label for label, _ in given]
    with Pool() as pool:
        both = [list(pool.imap(read, given, chunksize=8)) for read in (labelled.ours, peer)]
    mine, other = (labelled.measured(rows, {each["id"]: each for each in found}) for found in both)
    return mine, other


def peer(given: tuple[Label, Path]) -> Found:
    """Return what trafilatura reads of a page, or of an item in a page of its own."""
    label, path = given
    body = item_page(path) if path.suffix == ".md" else gzip.decompress(path.read_bytes())
    url = label.get("url") or labelled.NOWHERE
    read = theirs(body, url)
    return {"id": label["id"]} | (said(read) | pictured(body, url) if read is not None else {})


def item_page(path: Path) -> bytes:
    item = labelled.entry(path)
    story = f"<article><h1>{item.title}</h1>{item.content}</article>"
    return f"<html><head><title>{item.title}</title></head><body>{story}</body></html>".encode()


def said(read: Any) -> Found:
    authors = [name.strip() for name in (read.author or "").split(";") if name.strip()]
    return {
        "text": read.text,
        "title": read.title,
        "author": authors,
        "people": authors,
        "authors": authors,
        "date": read.date,
        "keywords": list(read.tags or ()),
    }


def pictured(body: bytes, url: str) -> Found:
    """Return the pictures in its text; a caption counts as kept wherever in the text it stands."""
    import trafilatura

    with suppress(Exception):
        read: Any = trafilatura.bare_extraction(body, url=url, include_images=True)
        images = [image.get("src") or "" for image in read.body.iter("graphic")]
        return {"images": images, "lead_image": next(iter(images), None), "captions": [read.text]}
    return {}


def table(mine: dict[str, Measured], other: dict[str, Measured]) -> list[str]:
    """Return a line for each measure."""
    head = f"{'':34}{'pages':>6}  {'dibao':23}trafilatura"
    return [
        head,
        *(f"{name:34}{len(mine[name].counts):6}  {cell(mine[name])}  {cell(other[name])}" for name in mine),
    ]


def cell(measured: Measured) -> str:
    low, high = measured.interval()
    return f"{measured.value:6.3f} ({low:5.3f}-{high:5.3f})"
