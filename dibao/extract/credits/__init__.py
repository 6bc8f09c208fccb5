"""What a story says of its own making: dateline, byline, closing credits, notes, names in two scripts."""

import re

from dibao.extract.credits.edges import edges, said
from dibao.extract.credits.pairs import bilingual
from dibao.extract.credits.parts import Found
from dibao.extract.credits.photo import photo_credit, taken
from dibao.extract.credits.without import without_credits
from dibao.model import Credits, Note

__all__ = ["bilingual", "credits", "photo_credit", "taken", "without_credits"]

_OURS = re.compile("本[報报網网台刊社]")  # "our paper" says of a story that no agency wrote it


def credits(text: str) -> Credits | None:
    """Return what the first and last lines of a story say of its making, or None if nothing."""
    found: list[Found] = []
    notes: dict[Note, None] = {}
    for line in edges(text):
        for each in said(line):
            if isinstance(each, Found):
                found.append(each)
            else:
                notes[each[2]] = None
    made = _credits(found, tuple(notes))
    return made if made != Credits() else None


def _credits(found: list[Found], notes: tuple[Note, ...]) -> Credits:
    """Return all that was found as one; of what can only be once, the first holds."""
    parts: dict[str, tuple[str, ...]] = {}
    for each in found:
        for name, values in each.parts.items():
            parts[name] = tuple(dict.fromkeys((*parts.get(name, ()), *values)))
    return Credits(
        agency=next((name for name in parts.get("agency", ()) if not _OURS.fullmatch(name)), None),
        place=next(iter(parts.get("place", ())), None),
        day=next(map(int, parts.get("day", ())), None),
        reporters=parts.get("reporters", ()),
        editors=parts.get("editors", ()),
        translators=parts.get("translators", ()),
        photographers=parts.get("photographers", ()),
        text_date=next(iter(parts.get("text_date", ())), None),
        notes=notes,
    )
