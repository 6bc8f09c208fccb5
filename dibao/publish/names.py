"""Names of files: from any text to one that every disk, URL and shell takes."""

import re
import unicodedata

from dibao import text

_INVISIBLE = re.compile("[\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINERS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin|conout|com\d|lpt\d|index)", re.ASCII)  # Windows', and ours
_MARKED = re.compile(r"-[0-9a-f]{8}$")


def fold(name: str) -> str:
    """Return what a disk that ignores case and Unicode form would call the name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFC", name).casefold())


def slug(title: str, limit: int) -> str:
    """Return the letters and digits of a text, any script's, joined by hyphens; at most `limit` bytes.

    Empty when the text has none.
    """
    plain = _JOINERS.sub("", text.printable(unicodedata.normalize("NFC", title)))
    kept = "".join(letter if unicodedata.category(letter)[0] in "LNM" else "-" for letter in plain)
    joined = re.sub("-+", "-", _INVISIBLE.sub("", kept)).strip("-").lower()
    return cut(joined, limit).rstrip("-")


def cut(name: str, limit: int) -> str:
    """Return the longest beginning of a text that fits in so many bytes of UTF-8."""
    return name.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def unique(name: str) -> str:
    """Return a file name for a word or a name: itself if it is fit, else marked by a digest.

    Only spellings that differ in case, width, spacing, stops and Unicode form share one.
    """
    folded = fold(text.squeeze(name))
    wanted = re.sub(r"[\s.,'’·-]+", "-", folded).strip("-")
    plain = slug(wanted, 80)
    fit = plain and plain == wanted and not _RESERVED.fullmatch(plain) and not _MARKED.search(plain)
    return plain if fit else "-".join(filter(None, (plain, text.digest(folded)[:8])))
