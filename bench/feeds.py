"""Milliseconds of reading a feed, next to a bare XML parser and other parsers; memory and time of huge ones.

Needs DIBAO_TEST_DATA. The hundred real feeds are read in turn by all parsers in one process; of five runs
of each the quickest counts, in CPU time. lxml.fromstring alone is the floor: it builds the tree that
we read. fastfeedparser and feedparser-rs are compared where they are installed; fastfeedparser once with
its compiled core, once without, for which its module is loaded again. Entries lost are those that the best
of the others finds and we don't.

A huge feed is 50 MB of long articles. Each reader of it runs in a process of its own, next to
lxml.iterparse, which looks at the same elements and forgets them; memory is counted from when the bytes are
there.
"""

import importlib
import json
import multiprocessing
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from dibao.feeds import parse_feed

RUNS = 5
HUGE = 50_000_000
URL = "https://feed.test/feed.xml"
Reader = Callable[[bytes], int]  # returns the number of entries


def main() -> None:
    if not os.environ.get("DIBAO_TEST_DATA"):
        print("feeds: skipped, DIBAO_TEST_DATA is not set")
        return
    compare(list(real_feeds()))
    for kind in ("CDATA", "escaped", "Chinese"):
        print(f"a feed of {HUGE / 1e6:.0f} MB, {kind}: " + "; ".join(map(str, huge_costs(kind))))


# --- real feeds ---------------------------------------------------------------------------------------


def real_feeds() -> Iterator[bytes]:
    """Yield the real feeds, in a fixed order."""
    folder = Path(os.environ["DIBAO_TEST_DATA"]) / "feeds"
    for row in map(json.loads, (folder / "index.jsonl").open(encoding="utf-8")):
        if row["kind"] == "real":
            yield (folder / row["file"]).read_bytes()


def readers() -> dict[str, Reader]:
    """Return what can read feeds here, by name: the floor and ourselves first."""
    found: dict[str, Reader] = {"lxml.fromstring": floor, "dibao": ours, "feedparser": by_feedparser()}
    others: tuple[tuple[str, Callable[[], Reader]], ...] = (
        ("fastfeedparser", by_fastfeedparser),
        ("fastfeedparser, lxml", lambda: by_fastfeedparser(core=False)),
        ("feedparser-rs", by_feedparser_rs),
    )
    for name, load in others:
        try:
            found[name] = load()
        except ImportError:
            print(f"feeds: {name} is not installed")
    return found


def floor(body: bytes) -> int:
    parser = etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False)
    etree.fromstring(body, parser)
    return 0


def ours(body: bytes) -> int:
    return len(parse_feed(body, url=URL).entries)


def by_feedparser() -> Reader:
    import feedparser

    return lambda body: len(feedparser.parse(BytesIO(body)).entries)


def by_feedparser_rs() -> Reader:
    module = importlib.import_module("feedparser_rs")
    return lambda body: len(module.parse(body).entries)


def by_fastfeedparser(core: bool = True) -> Reader:
    """Return fastfeedparser, loaded afresh with its compiled core or without."""
    os.environ["FASTFEEDPARSER_DISABLE_CORE"] = "" if core else "1"
    for name in [name for name in sys.modules if name.split(".")[0] == "fastfeedparser"]:
        del sys.modules[name]
    module = importlib.import_module("fastfeedparser")
    return lambda body: len(module.parse(body).entries)


def best(read: Reader, body: bytes) -> tuple[float, int]:
    """Return the CPU time of the quickest run in ms, and how many entries were found."""
    times, entries = [], 0
    for _ in range(RUNS):
        start = time.process_time()
        try:
            entries = read(body)
        except Exception:  # others raise whatever comes
            entries = 0
        times.append(time.process_time() - start)
    return min(times) * 1000, entries


def compare(feeds: list[bytes]) -> None:
    """Print the medians, the ratios to ours, and what we lose."""
    warnings.simplefilter("ignore")
    all_readers = readers()
    rows = [{name: best(read, body) for name, read in all_readers.items()} for body in feeds]
    print(f"{len(rows)} feeds, median of {statistics.median(map(len, feeds)) / 1000:.0f} kB:")
    for name in all_readers:
        took = statistics.median(row[name][0] for row in rows)
        ratio = statistics.median(row[name][0] / row["dibao"][0] for row in rows)
        entries = sum(row[name][1] for row in rows)
        print(f"  {name:22} {took:7.3f} ms, {ratio:6.2f} times ours (median of ratios), {entries} entries")
    most = [max(entries for _, entries in row.values()) for row in rows]
    lost = [n - row["dibao"][1] for n, row in zip(most, rows, strict=True)]
    print(
        f"  entries lost against the best of them, feed by feed: {sum(lost)} in {sum(map(bool, lost))} feeds"
    )


# --- huge feeds ---------------------------------------------------------------------------------------


def huge(kind: str) -> bytes:
    """Return a feed of 50 MB: articles of 10,000 letters or so."""
    words = "新聞報導指出今日天氣晴朗" * 300 if kind == "Chinese" else "what the paper said of it " * 400
    body = f"<p>{words}</p>"
    content = body.replace("<", "&lt;").replace(">", "&gt;") if kind == "escaped" else f"<![CDATA[{body}]]>"
    item = (
        "<item><title>Story {0}</title><link>https://e.test/{0}</link><guid>{0}</guid>"
        "<pubDate>Tue, 05 Mar 2024 14:07:08 +0800</pubDate>"
        f"<content:encoded>{content}</content:encoded></item>"
    )
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
    count = HUGE // len(item.encode())
    return (head + "".join(item.format(n) for n in range(count)) + "</channel></rss>").encode()


def by_iterparse(body: bytes) -> int:
    """Look at the children of each item and forget it."""
    count = 0
    for _, item in etree.iterparse(BytesIO(body), tag="item", huge_tree=True):
        count += bool([(child.tag, child.text) for child in item])
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]
    return count


def huge_costs(kind: str) -> Iterator[str]:
    """Yield what each reader takes for a huge feed."""
    for name, read in (("dibao", ours), ("iterparse", by_iterparse)):
        context = multiprocessing.get_context("spawn")
        result: Any = context.Queue()
        process = context.Process(target=report, args=(kind, read, result))
        process.start()
        entries, seconds, extra = result.get(timeout=600)
        process.join()
        yield f"{name} {entries} entries in {seconds:.2f} s CPU, {extra:.0f} MB beyond the bytes"


def report(kind: str, read: Reader, result: Any) -> None:
    """Read a huge feed, and hand over entries, seconds and memory."""
    body = huge(kind)
    read(body[:200_000].rpartition(b"<item>")[0] + b"</channel></rss>")  # what is loaded once is loaded
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before, start = peak(), time.process_time()
    entries = read(body)
    result.put((entries, time.process_time() - start, (peak() - before) / 1000))


def peak() -> int:
    """Return the peak of this process's memory, in kB."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main()
