"""A line that says how a story was made, and what it says; letters folded to one form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Parts = Mapping[str, tuple[str, ...]]

_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED |= {ord(mark): ord("[") for mark in "【〔［〖"} | {ord(mark): ord("]") for mark in "】〕］〗"}
_FOLDED |= {ord(mark): ord(" ") for mark in "\u3000\xa0\u2002\u2003\u2009\u202f\t"}
_FOLDED |= {ord(mark): ord("/") for mark in "∕╱⁄"} | {ord(mark): ord("|") for mark in "︱丨│"}
_FOLDED |= {ord("︰"): ord(":"), ord("∶"): ord(":"), ord("﹕"): ord(":"), ord("ˉ"): ord("-")}
_FOLDED |= {ord(mark): ord("·") for mark in "‧•"}
_FOLDS = re.compile(f"[{''.join(map(re.escape, map(chr, _FOLDED)))}]")  # to look is faster than to write
_CLOSED = {"(": ")", "[": "]"}
_OPENED = {closing: opening for opening, closing in _CLOSED.items()}
EAST = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a part of a line says, and where it stands in it."""

    start: int
    end: int
    parts: Parts = field(default_factory=dict)


def fold(line: str) -> str:
    """Return the line with full-width letters, brackets and spaces made plain, each in its place."""
    return line.translate(_FOLDED) if _FOLDS.search(line) else line


def joined(first: Parts, second: Parts) -> Parts:
    """Return what both say: all names, the first before the second; of what can only be once, the first."""
    lists = {name: (*first.get(name, ()), *second.get(name, ())) for name in (*first, *second)}
    once = ("agency", "place", "day", "text_date")
    return {name: values[:1] if name in once else values for name, values in lists.items()}


def is_east_asian(said: str) -> bool:
    """Say whether a text has Chinese, Japanese or Korean letters."""
    return bool(EAST.search(said))


def within(line: str, limit: int = 90) -> tuple[str, int] | None:
    """Return what stands in the bracket that a folded line begins with, and where that ends."""
    closing = _CLOSED.get(line[:1])
    end = line.find(closing, 1, limit) if closing else -1
    return (line[1:end].strip(), end + 1) if end > 1 else None


def at_end(line: str, limit: int = 160) -> tuple[str, int] | None:
    """Return what stands in the bracket that a folded line ends with, and where that begins."""
    closing = line[-1:]
    opening = _OPENED.get(closing)
    if not opening:
        return None
    depth, start, least = 1, len(line) - 1, max(0, len(line) - limit)
    while depth:
        start = max(line.rfind(closing, least, start), line.rfind(opening, least, start))
        if start < 0:
            return None
        depth += 1 if line[start] == closing else -1
    return line[start + 1 : -1].strip(), start


def lines(text: str, most: int = -1) -> Iterator[tuple[int, str]]:
    """Yield the first lines of a text that say something, and where each begins."""
    start = 0
    for line in text.split("\n", most)[: most if most > 0 else None]:
        bare = line.strip()
        if bare:
            yield start + line.index(bare), bare
        start += len(line) + 1
