"""What the end of a text says of its making: a line of its own, or the brackets after the last sentence."""

import re
from collections.abc import Iterator

from dibao.extract.credits.chinese import wire
from dibao.extract.credits.clauses import agency_line, clauses
from dibao.extract.credits.eastern import in_brackets, korean_line
from dibao.extract.credits.european import byline
from dibao.extract.credits.names import is_japanese
from dibao.extract.credits.parts import Found, Parts, at_end
from dibao.extract.credits.roles import roles
from dibao.extract.credits.words import AGENCIES_EAST, HAN

_LONGEST = 200  # characters of a line that is nothing but credits
_MOST = 3  # brackets in a row
_DAY = re.compile(r"(?<=[)\]])\s{0,3}(?P<year>1\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)\s{0,3}[。.]?\s{0,3}$")
_CLOSED = re.compile(r"[)\]][\d\s。.]*$")
_ENDED = re.compile(r"(?:[。.!?！？…」』”\"’»)\]]|^)\s*$")
_KANA = re.compile("[\u3040-\u30ff]")
_NO_ONE = re.compile(r"敬称略|続く|要旨|抜粋|終わ|時点|当時|原文|写真|動画|資料|全文|完結|完$|了$")


def closing(line: str) -> Iterator[Found]:
    """Yield what a folded line at the end of a text says of who made it, the last first."""
    whole = _whole(line) if len(line) <= _LONGEST else None
    if whole:
        yield whole
    elif _CLOSED.search(line[-12:]):
        yield from _brackets(line)


def _whole(line: str) -> Found | None:
    said, day = _dated(line)
    inside = at_end(said)
    enclosed = inside[0] if inside and inside[1] == 0 else None
    if day and enclosed is None:
        return None
    parts = _said(enclosed, line, after_sentence=True) if enclosed else _unenclosed(line)
    return Found(0, len(line), {**parts, **day}) if parts else korean_line(line)


def _unenclosed(line: str) -> Parts | None:
    """Return what a line without brackets says: offices, clauses or a byline, never an outlet alone."""
    signed = None if line[-1] in ".。" else byline(line)
    return roles(line) or (signed.parts if signed else clauses(line))


def _brackets(line: str) -> Iterator[Found]:
    end = len(line)
    for _ in range(_MOST):
        said, day = _dated(line[:end])
        inside = at_end(said)
        if not inside:
            return
        start = inside[1]
        parts = _said(inside[0], line, after_sentence=bool(_ENDED.search(line[max(0, start - 3) : start])))
        if parts:
            yield Found(start, end, {**parts, **day})
        elif len(inside[0]) > 2:  # (完), (下): what it says is no credit, but one may stand before it
            return
        end = start


def _dated(line: str) -> tuple[str, Parts]:
    """Return the line without the date behind its bracket, as 1130312 of the Republic, and the date."""
    found = _DAY.search(line, max(0, len(line) - 18))
    if not found:
        return line.rstrip(" 。."), {}
    year, month, day = int(found["year"]) + 1911, int(found["month"]), int(found["day"])
    real = 1 <= month <= 12 and 1 <= day <= 31
    return line[: found.start()], {"text_date": (f"{year}-{month:02}-{day:02}",)} if real else {}


def _said(said: str, line: str, *, after_sentence: bool) -> Parts | None:
    parts = wire(said) or roles(said)
    if parts or not after_sentence:
        return parts
    signed = byline(said) or korean_line(said)
    found = (signed.parts if signed else clauses(said)) or agency_line(said)
    return found or in_brackets(said) or _signature(said, line)


def _signature(said: str, line: str) -> Parts | None:
    """Return an agency alone in brackets, or a name that stands so after a Japanese sentence."""
    if said in AGENCIES_EAST:
        return {"agency": (said,)}
    if _NO_ONE.search(said) or not _KANA.search(line) or not re.match(rf"[{HAN}々 、]{{3,30}}$", said):
        return None
    names = tuple(said.split("、"))
    return {"reporters": names} if all(len(name) > 2 and is_japanese(name) for name in names) else None
