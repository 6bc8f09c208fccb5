"""Bytes of a feed or page -> text, whatever they say of themselves.

What is declared is a hint: every candidate is tried on the bytes, and the one that reads most like
writing wins. A damaged byte costs one character, never the text.
"""

import codecs
import re
from functools import cache
from typing import NamedTuple

_SAMPLE = 20_000  # bytes, from the first one that isn't ASCII: enough to tell encodings apart
_PIECE = (
    1 << 15
)  # bytes decoded at a time where the text itself is not wanted: what a processor's cache holds
_HEAD = 4096  # bytes in which a declaration is looked for
_DECLARED = 0.25  # what being declared is worth, next to a share (0 to 1) of ordinary characters
_FEW = 8  # foreign bytes
_SINGLE_BYTE = 0.5  # any bytes are Latin text of a sort: believed only where nothing reads better

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL_OF = {
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
}
_WIDE_MARKUP = {b"<\x00\x00\x00": "utf-32-le", b"\x00\x00\x00<": "utf-32-be"}
_MARKUP = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]*?\scharset\s*=\s*[\"']?\s*([\w.:-]+)|<meta[^>]*?;\s*charset=([\w.:-]+)", re.I)
_HIGH = re.compile(rb"[\x80-\xff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_TOGETHER = re.compile(r"[^\x00-\x7f]{2,}")
_THREE_BYTES = re.compile(rb"[\xe0-\xf4]")  # in good UTF-8: a character from U+0800 on
_C1 = re.compile(
    rb"\xc2[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f]"
)  # all but NEL (U+0085) that mean something
# A lead byte and a trailing one, each encoded again.
_TWICE = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80-\x84]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xcb[\x86\x9c]|\xc6\x92)"
)
_TWICE_BY_CHANCE = 2  # "Ã©" alone is also what somebody may write about
_LONGEST = 5  # bytes of the longest match of these two
_NEVER_TWICE = re.compile(rb"[\xc4\xc7-\xca\xcc-\xe1\xe3-\xff]")  # begins what is in no Windows text
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_SMALL = 16 << 20  # bytes; larger bodies are not rewritten for the sake of a few characters
_WINDOWS_BYTES = {
    ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0xA0)
}
_CYRILLIC = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")

# As the web reads them: the label of a subset means the superset (https://encoding.spec.whatwg.org).
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "shift_jisx0213": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_LABELS = {
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "utf8mb4": "utf-8",
}
# Python knows codecs that are no charsets, and UTF-7, which serves nobody but attackers.
_KNOWN = re.compile(
    r"utf-8|gb18030|big5hkscs|cp932|cp949|euc_jp|iso2022_jp|cp125\d|cp874|cp866|iso8859-\d+|koi8-[rut]|mac-\w+"
)
# Korean before Chinese: all Korean bytes are also good Chinese, seldom the other way round.
_DETECTED = ("utf-8", "cp949", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1251", "cp1252")


class Text(NamedTuple):
    """Text as UTF-8, the charset its bytes were read in, and a note for each thing that was repaired."""

    utf8: bytes
    charset: str
    notes: tuple[str, ...]


class _Verdict(NamedTuple):
    codec: str
    label: str  # what the charset is called by those who sent it
    mark: int = 0  # length of the byte order mark
    notes: tuple[str, ...] = ()
    is_utf8: bool = False  # good UTF-8: nothing to decode or to repair


def decode(body: bytes, *, content_type: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of the bytes, and a note for each thing that had to be repaired.

    A byte order mark outranks the charset of ``content_type`` (an HTTP header), that the XML
    declaration, that an HTML ``meta``; each is believed only if the bytes bear it out. Bytes that
    still make no sense become U+FFFD. A byte order mark is not part of the text.
    """
    body = _with_pairs(body)
    found = _decide(body, content_type)
    if found.is_utf8:
        return body[found.mark :].decode("utf-8"), found.notes
    return _read(body[found.mark :], found.codec, found.notes)


def to_utf8(body: bytes, *, content_type: str | None = None) -> Text:
    """Return the bytes as good UTF-8, decided as by `decode`; they are copied only where they must be."""
    body = _with_pairs(body)
    found = _decide(body, content_type)
    utf8, notes = body[found.mark :], found.notes
    if found.is_utf8 and utf8.isascii():
        return Text(utf8, found.label, notes)
    if not found.is_utf8:
        text, notes = _read(utf8, found.codec, notes)
        utf8 = text.encode("utf-8", "replace")
    once = _encoded_once(utf8) if _has(_TWICE, b"\xc3", utf8) else None
    if once:
        return Text(once, found.label, (*notes, "encoded twice: decoded once more"))
    if not _has(_C1, b"\xc2", utf8):
        return Text(utf8, found.label, notes)
    meant = _C1.sub(_as_windows_means, utf8)
    return Text(meant, found.label, (*notes, "control characters read as windows-1252"))


def _has(pattern: re.Pattern[bytes], lead: bytes, utf8: bytes) -> bool:
    """Say whether the text has what begins with this byte: looked for from the first of them to the last."""
    first = utf8.find(lead)
    return first >= 0 and pattern.search(utf8, first, utf8.rfind(lead) + _LONGEST) is not None


def _as_windows_means(control: re.Match[bytes]) -> bytes:
    """Return what a C1 control character means, which only mislabelled Windows text gives."""
    return control[0][1:].decode("cp1252", "replace").encode("utf-8")


def _encoded_once(utf8: bytes) -> bytes | None:
    """Return what UTF-8 was before it was taken for Windows text and encoded again, else None."""
    if _NEVER_TWICE.search(utf8) or len(_TWICE.findall(utf8)) < _TWICE_BY_CHANCE:
        return None
    try:
        once = utf8.decode("utf-8").translate(_WINDOWS_BYTES).encode("latin-1")
        once.decode("utf-8")
    except UnicodeError:  # not all of it: then none of it
        return None
    return once


def _with_pairs(body: bytes) -> bytes:
    """Return the bytes with surrogate pairs, as Java and MySQL write them, made the characters they mean."""
    if b"\xed" not in body or not _PAIR.search(body) or len(body) > _SMALL:
        return body
    whole = _PAIR.sub(lambda pair: _joined(pair[0]), body)
    return whole if _is_utf8(whole) else body


def _joined(pair: bytes) -> bytes:
    text = pair.decode("utf-8", "surrogatepass")
    return text.encode("utf-16", "surrogatepass").decode("utf-16").encode("utf-8")


def _decide(body: bytes, content_type: str | None) -> _Verdict:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            is_utf8 = codec == "utf-8" and _is_utf8(body)
            return _Verdict(codec, _LABEL_OF.get(codec, codec), len(mark), is_utf8=is_utf8)
    wide = _wide(body)
    if wide:
        return _Verdict(wide, _LABEL_OF[wide], notes=(f"read as {wide}, without a byte order mark",))
    names = _declared_names(body, content_type)
    declared = tuple(map(_codec, names))
    known = tuple(codec for codec in declared if codec)
    is_utf8 = _is_utf8(body)
    codec = "utf-8" if is_utf8 and _needs_no_choice(body, known) else _choose(body, known)
    plain = body.isascii()  # is right under every name
    labels = (name for name, read in zip(names, declared, strict=True) if read and (plain or read == codec))
    label = next(labels, codec).lower()
    notes = _disagreement(names, known, codec, body)
    return _Verdict(codec, label, notes=notes, is_utf8=is_utf8 and codec == "utf-8")


def _read(body: bytes, codec: str, notes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    text = body.decode(codec, "replace")
    bad = _damage(body, codec, text)
    return text, notes if not bad else (*notes, f"{bad} unreadable in {codec}, replaced")


def _disagreement(
    names: tuple[str, ...], declared: tuple[str, ...], codec: str, body: bytes
) -> tuple[str, ...]:
    if codec in declared or not names or body.isascii():
        return ()
    return (f"declared {names[0]}, read as {codec}",)


def _damage(body: bytes, codec: str, text: str) -> int:
    written = body.count(b"\xef\xbf\xbd") if codec == "utf-8" else 0  # U+FFFD the author sent us
    return max(0, text.count("\ufffd") - written)


def _wide(body: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 of text that has markup but no byte order mark."""
    head = body[:_HEAD]
    if b"\0" not in head:
        return None
    if head[:4] in _WIDE_MARKUP:
        return _WIDE_MARKUP[head[:4]]
    if head[:2] in _MARKUP:
        return _MARKUP[head[:2]]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 8 < len(head) or min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _declared_names(body: bytes, content_type: str | None) -> tuple[str, ...]:
    head = body[:_HEAD]
    found = (_HTTP.search(content_type or ""), _XML.search(head), _META.search(head))
    names = (match.group(match.lastindex or 1) for match in found if match)
    return tuple(name.decode("ascii", "ignore") if isinstance(name, bytes) else name for name in names)


def _codec(name: str) -> str | None:
    """Return the codec that reads what the web means by a label, or None if we never use it."""
    try:
        known = codecs.lookup(_LABELS.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(known, known)
    return codec if _KNOWN.fullmatch(codec) else None


def _needs_no_choice(body: bytes, declared: tuple[str, ...]) -> bool:
    """Say whether nothing else needs to be tried on good UTF-8.

    Two bytes that are good UTF-8 may be a Chinese character too, so there a declaration is heard.
    """
    heard = any(map(_ordinary, declared)) or "iso2022_jp" in declared
    return not heard or _THREE_BYTES.search(body) is not None


def _is_utf8(body: bytes) -> bool:
    """Say whether the bytes are good UTF-8, never holding more than a piece of them decoded."""
    if body.isascii():
        return True
    rest = memoryview(body)
    try:
        while rest:
            rest = rest[codecs.utf_8_decode(rest[:_PIECE], "strict", len(rest) <= _PIECE)[1] :]
    except UnicodeDecodeError:
        return False
    return True


def _choose(body: bytes, declared: tuple[str, ...]) -> str:
    found = _HIGH.search(body)
    if not found:
        return "iso2022_jp" if "iso2022_jp" in declared and b"\x1b$" in body else "utf-8"
    sample = body[found.start() : found.start() + _SAMPLE]
    if len(_HIGH.findall(sample)) <= _FEW:  # too little to tell by: a declaration that fits is believed
        for codec in declared:
            if not _damage(sample, codec, sample.decode(codec, "replace")):
                return codec
    candidates = dict.fromkeys((*declared, *_DETECTED))  # the first of equals wins
    return max(candidates, key=lambda codec: _merit(sample, codec) + _DECLARED * (codec in declared))


def _merit(sample: bytes, codec: str) -> float:
    """Return how much the bytes look like this encoding's usual text, from 0 to 1."""
    ordinary = _ordinary(codec)
    if codec != "utf-8" and not ordinary:
        return _single_byte_merit(sample, codec)
    text = sample.decode(codec, "replace")
    foreign = _FOREIGN.findall(text)
    bad = _damage(sample, codec, text)
    if codec == "utf-8":  # well-formed sequences seldom happen by chance: their share says enough
        high = len(_HIGH.findall(sample))
        return max(0, high - bad) / max(1, high)
    # One foreign character between Latin letters is an accent or a dash, read with the letter after it.
    together = "".join(_TOGETHER.findall(text))
    return sum(map(ordinary.__contains__, together)) / max(1, len(foreign) + 2 * bad)


def _single_byte_merit(sample: bytes, codec: str) -> float:
    high = len(_HIGH.findall(sample))
    if codec == "cp1251":  # whole words are Cyrillic, where Latin text has single accented letters
        return 0.6 if sum(map(len, _CYRILLIC.findall(sample))) > 0.8 * high else 0.0
    bad = sample.decode(codec, "replace").count("\ufffd")
    return _SINGLE_BYTE * (high - bad) / max(1, high)


def _zone(codec: str, leads: range, trails: range = range(0xA1, 0xFF)) -> str:
    return "".join(bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)


_HAN_MARKS = "　、。〈〉《》「」『』【】〔〕！（），．：；？～—‘’“”…·"
_KANA = "".join(map(chr, range(0x3041, 0x30FF))) + "　、。「」『』・ー！（），：？０１２３４５６７８９"


@cache
def _ordinary(codec: str) -> frozenset[str]:
    """Return the characters that make up nearly all text in a multi-byte encoding of East Asia.

    These are the first level of each national standard, which holds the characters in daily use.
    """
    if codec == "gb18030":
        return _ordinary("big5hkscs") | frozenset(_zone("gb2312", range(0xB0, 0xD8)))
    if codec == "big5hkscs":
        return frozenset(_HAN_MARKS + _zone("big5", range(0xA4, 0xC6), range(0x40, 0xFF)))
    if codec in ("cp932", "euc_jp"):
        return frozenset(_KANA + _zone("euc_jp", range(0xB0, 0xD0)))
    if codec == "cp949":
        return frozenset(_HAN_MARKS + _zone("euc_kr", range(0xB0, 0xC9)))
    return frozenset()
