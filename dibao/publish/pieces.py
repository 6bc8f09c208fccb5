"""A line of Markdown from runs of marked text.

Emphasis is never nested, and stands only where CommonMark, goldmark and kramdown agree that it does: in
Chinese CommonMark's rules about punctuation else print the asterisks.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from dibao.publish.escape import escape, line_start

SPACES = re.compile("[ \t\n\r\f]+")

_CODE = re.compile(r"(?!.*(\{[{%]|\]:))[^`|@]+", re.S)  # what all readers agree to be code
_GAP = frozenset(" \t\n")
_MARKUP = frozenset("*_~`\\<[!&{")


@dataclass(frozen=True, slots=True)
class Run:
    """Text as it should be read, and how it is marked: ``*``, ``**``, ``~~``, a backtick or not at all."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Finished Markdown."""

    markdown: str


Piece = Run | Done
BREAK = Done("  \n")


def line(pieces: list[Piece], *, opening: bool = True) -> str:
    """Return a paragraph's Markdown; `opening` says that it stands at the start of a line."""
    out = ""
    fitted = list(_fitted(pieces))
    for piece, after in zip(fitted, [*fitted[1:], None], strict=False):
        if isinstance(piece, Done):
            out = (out.rstrip(" ") if piece is BREAK else out) + piece.markdown
            continue
        starts = out.endswith("\n") or (opening and not out)
        text = _marked(piece.text.lstrip(" ") if starts or not out else piece.text, piece.mark)
        out += line_start(text) if starts else text
        if out.endswith("!") and isinstance(after, Done):
            out = out[:-1] + "\\!"  # "!" before "[" would make a link a picture
    return re.sub("(?: *\n)+$", "", out).strip(" ").lstrip("\n")


def _marked(text: str, mark: str) -> str:
    return f"`{text}`" if mark == "`" else f"{mark}{escape(text)}{mark}" if text else ""


def _fitted(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield pieces whose spaces are single, and whose marks stand where every reader sees them."""
    whole = list(_merged(pieces))
    sides = zip([BREAK, *whole], whole, [*whole[1:], BREAK], strict=False)
    trimmed = (part for before, piece, after in sides for part in _trimmed(before, piece, after))
    space = False  # was the last thing a space?
    for piece in _merged(_parted(trimmed)):
        if isinstance(piece, Done):
            yield piece
            space = piece is BREAK
            continue
        text = SPACES.sub(" ", piece.text)
        text = text.removeprefix(" ") if space else text
        if text:
            yield Run(text, piece.mark)
            space = text.endswith(" ")


def _parted(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces without the second of two marked runs' marks when they touch: they'd be read as one."""
    touching = False
    for piece in pieces:
        if isinstance(piece, Run) and piece.text:
            yield Run(piece.text) if touching else piece
            touching = bool(piece.mark) and not touching
        elif isinstance(piece, Done):
            yield piece
            touching = False


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for mark, group in groupby(pieces, key=lambda piece: piece.mark if isinstance(piece, Run) else None):
        if mark is None:
            yield from group
        else:
            yield Run("".join(run.text for run in group if isinstance(run, Run)), mark)


def _trimmed(before: Piece, piece: Piece, after: Piece) -> Iterator[Piece]:
    if isinstance(piece, Done) or not piece.mark:
        yield piece
        return
    if piece.mark == "`" and not _CODE.fullmatch(piece.text):
        yield Run(piece.text)
        return
    start, end, text = 0, len(piece.text), piece.text
    while start < end and _is_edge(text[start], piece.mark, _is_apart(before, -1)):
        start += 1
    while end > start and _is_edge(text[end - 1], piece.mark, _is_apart(after, 0)):
        end -= 1
    yield Run(text[:start])
    if start < end:
        yield Run(text[start:end], piece.mark)
    yield Run(text[end:])


def _is_apart(beside: Piece, at: int) -> bool:
    return beside is BREAK or (isinstance(beside, Run) and not beside.mark and beside.text[at:][:1] in _GAP)


def _is_edge(letter: str, mark: str, apart: bool) -> bool:
    """Say whether a mark must not touch this letter: a space, and beside other text any punctuation."""
    if mark == "`":
        return letter.isspace()
    if apart:
        return letter.isspace() or letter in _MARKUP
    return unicodedata.category(letter)[0] in "PSZC"
