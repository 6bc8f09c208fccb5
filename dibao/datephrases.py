"""The words of a date, as what they mean: "5 de março de 2024" is "5 m3 2024".

`datewords.py` says what they mean; here they are made comparable, and found in a line.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from dibao import datewords as said

_MARKS = re.compile("[\u0300-\u036f\u064b-\u0655\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ALIKE = str.maketrans("ıیىکʼ’‘׳‐‑‒–—−、،॰", "iييك''''------,,.")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
LETTER = r"[^\s\d\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f。·•“”«»]"


def fold(text: str) -> str:
    """Return text without case, accents and other alphabets' digits, so that words can be compared."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return _FOREIGN.sub(_western, plain.casefold().translate(_ALIKE))


def _western(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit[0], digit[0]))


def phrase(words: str) -> str:
    """Return how words are looked up: folded, one space where they are apart."""
    return " ".join(re.split(r"[\s._'-]+", fold(words).strip("._")))


def _meanings(language: str) -> tuple[dict[str, str], ...]:
    """Return what words mean in a language, then in any: "m3" is March, "s3" Iran's third month, "" nothing.

    Many a feed is said to be in English and is not, so a language that is known does not rule out the
    words of others; one that we don't know has its own months, which may look like another's.
    """
    language = said.SAME_MONTHS.get(language, language)
    if language in said.MONTHS:
        return _months_of(language), _months_of_all(), _other_words()
    if language in ("", "zh", "ja", "ko"):
        return _months_of_all(), _other_words()
    return _months_of("en"), _other_words()


@cache
def _months_of(language: str) -> dict[str, str]:
    return _numbered(said.MONTHS[language], "m")


@cache
def _months_of_all() -> dict[str, str]:
    """Return the months of all languages, without those that are one here and another there, as listopad."""
    meant: dict[str, set[str]] = {}
    for language in said.MONTHS:
        for name, month in _months_of(language).items():
            if len(name) > 3 or not name.isascii() or language in said.KNOWN_EVERYWHERE:
                meant.setdefault(name, set()).add(month)
    return {name: months.pop() for name, months in meant.items() if len(months) == 1}


@cache
def _other_words() -> dict[str, str]:
    passed_over = dict.fromkeys(map(phrase, f"{said.WEEKDAYS} {said.FILLERS}".split()), "")
    return passed_over | _numbered(said.SOLAR_MONTHS, "s")


def is_word(name: str) -> bool:
    """Return whether a word says something in a date, in any language."""
    return name in _months_of_all() or name in _other_words()


def _numbered(months: str, letter: str) -> dict[str, str]:
    cells = enumerate(months.split(","), 1)
    return {phrase(name): f"{letter}{n}" for n, names in cells for name in names.split()}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(map(phrase, said.WEEKDAYS.split()))


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for phrases, the longest first, however they are parted."""
    longest = sorted(set(phrases), key=len, reverse=True)
    return "|".join(r"[\s._'-]*".join(map(re.escape, words.split())) for words in longest)


@cache
def _piece() -> re.Pattern[str]:
    """Return the pattern of all that means something in a date, except plain numbers."""
    phrases = any_of(words for words in (*_months_of_all(), *_other_words()) if " " in words)
    return re.compile(
        r"(?<!\d)(?P<month>\d{1,2})\s*[月월]"
        r"|\b(?:thang|thg)\.?\s*(?P<thang>\d{1,2})(?!\d)"
        r"|(?<!\d)(?P<sar>\d{1,2})(?:-?р)?\s*сар(?:ын)?\b"
        r"|(?<!\d)(?P<year>\d{4})\s*[年년]"
        r"|(?<!\d)(?P<day>\d{1,2})\s*[日일號号]"
        r"|(?P<weekday>(?:星期|禮拜|礼拜|週|周)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일)"
        rf"|(?<!{LETTER})(?P<phrase>{phrases})(?!{LETTER})"
        rf"|(?P<word>{LETTER}+)"
    )


def plain_words(line: str, language: str) -> str:
    """Return a line with its words as what they mean; ValueError if one is unknown."""
    meanings = _meanings(language.partition("-")[0])
    plain = _piece().sub(lambda found: f" {_meaning(found, meanings)} ", line)
    first = re.match(rf"{LETTER}+", line)
    if first and first[0] in _weekdays() and plain.count("m") > 1:  # "mar. 5 mar 2024"
        plain = re.sub(r"^\s*m\d+", "", plain)
    plain = re.sub(r"(\bm\d+)\s*/\s*\1\b", r"\1", plain)  # آذار/مارس
    plain = re.sub(r"[\s,:;|@'·•。]+", " ", plain).strip()
    return re.sub(r"^[\s./-]+(?=\s)|(?<=\s)[\s./-]+$|\.$", "", plain).strip()


def _meaning(found: re.Match[str], meanings: tuple[dict[str, str], ...]) -> str:
    kind = found.lastgroup or ""
    if kind == "weekday":
        return ""
    if kind not in ("phrase", "word"):
        return f"m{int(found[kind])}" if kind in ("month", "thang", "sar") else found[kind]
    word = phrase(found[0])
    meaning = next((known[word] for known in meanings if word in known), None)
    if word.isascii() and len(word) == 1 and found.string[found.end() :][:1].isdigit():
        meaning = None  # of "M01" and "Q1"
    if meaning is None and found.start() == 0 and found.string[found.end() :].startswith(","):
        return ""  # the name of a day in a language we don't know
    if meaning is None:
        raise ValueError(f"{word!r} says nothing of a date")
    return meaning
