"""Digests and other pure things done to text."""

import re
import unicodedata
from hashlib import sha256

GRAM = 6
# Not allowed in XML 1.0, and of no use to a reader; tab, newline and return stay.
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_LINE_END = re.compile("[\t\n\r\x85\u2028\u2029]")
# C1 controls, which some terminals obey, and marks that turn the direction of all that follows.
_STEERING = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def squeeze(text: str) -> str:
    """Return the text with each run of white space made one space, and none at the ends."""
    return " ".join(text.split())


def printable(text: str) -> str:
    """Return the text without control characters and lone surrogates."""
    return printable_utf8(text).decode("utf-8")


def printable_utf8(text: str) -> bytes:
    """Return the text without control characters and lone surrogates, as UTF-8."""
    try:
        utf8 = text.encode("utf-8")
    except UnicodeEncodeError:  # surrogates
        return _CONTROL.sub("", text).encode("utf-8")
    if "\ufffe" in text or "\uffff" in text:
        return _CONTROL.sub("", text).encode("utf-8")
    return utf8.translate(None, _CONTROL_BYTES)


def one_line(text: str) -> str:
    """Return the text as one line that neither steers a terminal nor turns the direction of writing."""
    return _STEERING.sub("", _LINE_END.sub(" ", printable(text)))


def digest(*parts: str | None) -> str:
    """Return a digest that ignores spacing and Unicode form; 32 hex digits of SHA-256."""
    normal = "\x1f".join(["".join(unicodedata.normalize("NFC", part or "").split()) for part in parts])
    return sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def grams(text: str) -> set[str]:
    """Return the sequences of six letters of a text's first 20,000, folded: what likeness is told by."""
    letters = "".join(filter(str.isalnum, text.casefold()))[:20_000]
    return {letters[start : start + GRAM] for start in range(len(letters) - GRAM + 1)}


def clip(text: str, limit: int) -> str:
    """Return at most so many characters, marked with … where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: "1 article", "2 articles"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
