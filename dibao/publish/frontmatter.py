"""Front matter that every YAML 1.1 and 1.2 parser reads back as it was meant."""

import re
from collections.abc import Mapping, Sequence

from dibao.text import printable

# Line ends and controls of Unicode, and marks that turn a line of source around.
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(value: str) -> str:
    """Return a double-quoted YAML scalar on one line; characters that XML forbids are left out."""
    return f'"{_ESCAPED.sub(_escape, printable(value))}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found.group()) or f"\\u{ord(found.group()):04x}"


def front_matter(fields: Mapping[str, str | Sequence[str] | None]) -> str:
    """Return the block between ``---`` lines; empty and missing fields are left out."""
    lines = [f"{name}: {_value(value)}" for name, value in fields.items() if value]
    return "\n".join(("---", *lines, "---", ""))


def _value(value: str | Sequence[str] | None) -> str:
    if isinstance(value, str):
        return quoted(value)
    return f"[{', '.join(quoted(item) for item in value or ())}]"
