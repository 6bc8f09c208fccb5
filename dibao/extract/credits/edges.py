"""The lines at both ends of a text, and what each of them says of the story's making."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dibao.extract.credits import chinese, eastern, european
from dibao.extract.credits.closing import closing
from dibao.extract.credits.notes import note
from dibao.extract.credits.parts import Found, fold, is_east_asian, lines
from dibao.extract.credits.roles import roles
from dibao.model import Note

_HEAD = 5  # lines from the start in which datelines and bylines stand
_TAIL = 5  # lines from the end in which credits and notes stand
_PIECES = 16  # lines, empty ones too, among which those are
_REACH = 4000  # characters from either end that are looked at
_OPENING = 200  # characters of a line that can belong to its dateline
_WHOLE = 600  # characters of a line that can be a note
_CLOSING = 200  # characters at the end of a longer line that can be credits


@dataclass(frozen=True, slots=True)
class Line:
    """A line at an edge of a text: where it begins, and at which edge it stands."""

    start: int
    text: str
    first: bool
    last: bool


def edges(text: str) -> list[Line]:
    """Return the lines in which a text can say something of its making, each once, in order."""
    base = max(0, len(text) - _REACH)
    pieces = text[base:].rsplit("\n", _PIECES)
    base += len(pieces[0]) + 1 if len(pieces) > _PIECES else 0
    firsts = dict(islice(lines(text[:_REACH], _PIECES), _HEAD))
    lasts = {base + at: line for at, line in list(lines(text[base:]))[-_TAIL:]}
    both = {**lasts, **firsts}
    return [Line(at, both[at], at in firsts, at in lasts) for at in sorted(both)]


def said(line: Line) -> Iterator[Found | tuple[int, int, Note]]:
    """Yield what a line says of the story's making, and where in the line."""
    folded = _folded(line.text)
    opened = _opening(folded) if line.first else None
    if opened:
        yield opened
    skipped = max(0, len(line.text) - _CLOSING) if len(line.text) > _WHOLE else 0
    folded = folded[skipped:]
    marked = note(line.text[skipped:], folded)
    if marked:
        yield skipped + marked[0], skipped + marked[1], marked[2]
    elif line.last and not (opened and opened.end >= len(line.text)):
        for found in closing(folded):
            yield Found(skipped + found.start, skipped + found.end, found.parts)


def _folded(line: str) -> str:
    """Return the line with the letters at its ends folded: of a long one, nothing else is looked at."""
    if len(line) <= _OPENING + _CLOSING:
        return fold(line)
    return fold(line[:_OPENING]) + line[_OPENING:-_CLOSING] + fold(line[-_CLOSING:])


def _opening(folded: str) -> Found | None:
    """Return the dateline or byline that a folded line begins with, or None."""
    start = folded[:_OPENING]
    east = is_east_asian(start)
    if east:
        for read in (chinese.opening, eastern.japanese, eastern.korean):
            found = read(start)
            if found:
                return found
    return european.dateline(start) or (_signed(start, east) if len(folded) <= _OPENING else None)


def _signed(folded: str, east: bool) -> Found | None:
    parts = roles(folded) if east else None
    return Found(0, len(folded), parts) if parts else european.byline(folded)
