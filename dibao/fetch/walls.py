"""Pages for browsers only that come in place of what was asked: told apart by a dated table."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

AT_MOST = 2**16  # bytes: no wall is larger, and most articles' pages need not be searched
_START = (b"<!doctype html", b"<html", b"<head", b"<script", b"<meta", b"<title", b"<!--")
_BOM = "\ufeff".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """How one kind of wall is known."""

    name: str  # of the service that puts it up
    seen: date
    header: tuple[str, str] | None = None  # its name, and how its value begins
    all: tuple[tuple[bytes, ...], ...] = ()  # of each line one word is in the page


def wall_in(headers: Sequence[tuple[str, str]], body: bytes) -> str | None:
    """Return who shows a check for browsers instead of what was asked; None if nobody is seen to."""
    told = {name.lower(): value.lower() for name, value in headers}
    page = body.lower() if len(body) <= AT_MOST and is_html(body) else b""
    known = walls() if page else told_by_headers()
    return next((wall.name for wall in known if _stands(wall, told, page)), None)


def is_html(body: bytes) -> bool:
    """Say whether bytes begin as a page does: what is a feed need not be searched."""
    return body[:64].removeprefix(_BOM).lstrip().lower().startswith(_START)


def _stands(wall: Wall, told: dict[str, str], page: bytes) -> bool:
    if wall.header and wall.header[0] in told and told[wall.header[0]].startswith(wall.header[1]):
        return True
    return bool(page and wall.all) and all(any(word in page for word in line) for line in wall.all)


@cache
def walls() -> tuple[Wall, ...]:
    """Return the table of walls."""
    rows = tomllib.loads((files("dibao.fetch") / "walls.toml").read_text("utf-8"))["wall"]
    return tuple(_wall(**row) for row in rows)


@cache
def told_by_headers() -> tuple[Wall, ...]:
    """Return the walls that can be told without a page."""
    return tuple(wall for wall in walls() if wall.header)


def _wall(name: str, seen: date, all: list[list[str]], header: list[str] | None = None) -> Wall:
    lines = tuple(tuple(word.encode() for word in line) for line in all)
    return Wall(name=name, seen=seen, header=(header[0], header[1]) if header else None, all=lines)
