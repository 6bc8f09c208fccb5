"""Clean HTML as plain text."""

import re
from html import unescape

# Figures are left out: their words are the captions in `Article.media`.
_UNSAID = re.compile(r"<figure>.*?</figure>|<rp>.*?</rp>|<rt>.*?</rt>", re.S)
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_PART, _LINE, _GAP = "\x00", "\x01", "\x02"  # in no clean HTML
_GAPS = re.compile(f"{_GAP}*\t{_GAP}*|{_GAP}+")
_CELLS = frozenset(["td", "th"])
_LISTS = frozenset(["ul", "ol", "dl"])
_HOLDERS = _CELLS | _LISTS
_LINES = frozenset(["li", "dt", "dd", "tr", "caption", "br"])
_BLOCKS = frozenset(["p", "h2", "h3", "h4", "blockquote", "pre", "table", "hr"]) | _LISTS | _LINES
# What stands for a tag outside lists and cells.
_PLAIN = dict.fromkeys(_BLOCKS - _HOLDERS, _PART) | dict.fromkeys(_LINES - _HOLDERS, _LINE)


def to_text(html: str) -> str:
    """Return clean HTML as plain text, paragraphs apart by a blank line, items and rows each on a line.

    Cells are apart by a tab; what they hold is on one line.
    """
    inside: list[str] = []  # lists and cells that are open

    def mark(found: re.Match[str]) -> str:
        ends, name = found.groups()
        if inside or name in _HOLDERS:
            return _mark(name, bool(ends), inside)
        return _PLAIN.get(name, "")

    marked = _TAG.sub(mark, _UNSAID.sub("", html))
    if _GAP in marked or "\t" in marked:
        marked = _GAPS.sub(lambda gap: "\t" if "\t" in gap[0] else " ", marked)
    texts = (_lines(part) if _LINE in part else part.strip(" \t") for part in marked.split(_PART))
    return unescape("\n\n".join(text for text in texts if text)).strip()


def _lines(part: str) -> str:
    """Return the lines of a part that hold text."""
    return "\n".join(line for each in part.split(_LINE) if (line := each.strip(" \t")))


def _mark(name: str, ends: bool, inside: list[str]) -> str:
    """Return what stands for a tag in the text."""
    if name in _HOLDERS and not ends:
        inside.append(name)
    within = inside.pop() if name in _HOLDERS and ends and inside else "".join(inside[-1:])
    if name in _CELLS:
        return "\t" if ends else ""
    if not _CELLS.isdisjoint(inside):
        return _GAP if name in _BLOCKS else ""
    if name in _LINES or (name in _HOLDERS and len(inside) + ends > 1):
        return _LINE
    if name not in _BLOCKS:
        return ""
    return _LINE if within in _LISTS and name not in _HOLDERS else _PART
