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


def to_text(html: str) -> str:
    """Return clean HTML as plain text, paragraphs apart by a blank line, items and rows each on a line.

    Cells are apart by a tab; what they hold is on one line.
    """
    inside: list[str] = []  # lists and cells that are open

    def mark(found: re.Match[str]) -> str:
        return _mark(found[2], bool(found[1]), inside)

    marked = _TAG.sub(mark, _UNSAID.sub("", html))
    parts = _GAPS.sub(lambda gap: "\t" if "\t" in gap[0] else " ", marked).split(_PART)
    texts = ("\n".join(line for each in part.split(_LINE) if (line := each.strip(" \t"))) for part in parts)
    return unescape("\n\n".join(text for text in texts if text)).strip()


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
