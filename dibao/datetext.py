"""A date in words and numbers, as sites write it in any language -> aware UTC.

It is taken apart: first the time of day and its zone are cut out, then words become what they mean
("5 de março de 2024" turns into "5 m3 2024"), and what is left must be one of few forms from end to
end. `datewords.py` says what the words mean.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import date as calendar_day
from datetime import timezone as fixed
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dibao import datewords as said


def read(line: str, language: str, timezone: str | None) -> datetime | None:
    """Return the date that a line is from end to end, or None; ValueError where it says no such thing."""
    named = _PLACE.search(line)
    whole = _fold(_WEEKDAY_VI.sub(" ", _PLACE.sub(" ", line)))
    if not language and _HAN.search(whole) and not _KANA.search(whole):
        language = "zh"
    rest, eastern = _cut_eastern(whole)
    rest, asides = _cut_asides(_HAN_NUMBER.sub(_han_number, rest))
    before, clock, after = _cut_clock(rest)
    name, after = _cut_zone(after, clock)
    if not name:
        before, name = _cut_zone_before(before)
    if not name and any(re.search(r"\d", aside) and not _zone_alone(aside) for aside in asides):
        return None  # "March 5, 2024 (March 6 in Taipei)"
    name = name or (named[1] if named else "") or next(filter(None, map(_zone_alone, asides)), "")
    thai = language.startswith("th") or bool(_THAI.search(whole))
    hints = _Hints(language, clock.get("after") in ("am", "pm"), "t" in clock, thai)
    local = _at(_day(f"{before} {after}".strip(), hints), clock)
    zone = (_zone(name, local, language, timezone) if name else None) or _tz(eastern)
    return local.replace(tzinfo=zone or _unnamed(whole, language, timezone)).astimezone(UTC)


# --- letters and words ------------------------------------------------------------------------------

_MARKS = re.compile("[\u0300-\u036f\u064b-\u0655\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ALIKE = str.maketrans("ıیىکʼ’‘׳‐‑‒–—−、،॰", "iييك''''------,,.")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LETTER = r"[^\s\d\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f。·•“”«»]"


def _fold(text: str) -> str:
    """Return text without case, accents and other alphabets' digits, so that words can be compared."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return _FOREIGN.sub(_western, plain.casefold().translate(_ALIKE))


def _western(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit[0], digit[0]))


def _phrase(words: str) -> str:
    """Return how words are looked up: folded, one space where they are apart."""
    return " ".join(re.split(r"[\s._'-]+", _fold(words).strip("._")))


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
    passed_over = dict.fromkeys(map(_phrase, f"{said.WEEKDAYS} {said.FILLERS}".split()), "")
    return passed_over | _numbered(said.SOLAR_MONTHS, "s")


def _is_word(name: str) -> bool:
    return name in _months_of_all() or name in _other_words()


def _numbered(months: str, letter: str) -> dict[str, str]:
    cells = enumerate(months.split(","), 1)
    return {_phrase(name): f"{letter}{n}" for n, names in cells for name in names.split()}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(map(_phrase, said.WEEKDAYS.split()))


def _any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for phrases, the longest first, however they are parted."""
    longest = sorted(set(phrases), key=len, reverse=True)
    return "|".join(r"[\s._'-]*".join(map(re.escape, phrase.split())) for phrase in longest)


@cache
def _piece() -> re.Pattern[str]:
    """Return the pattern of all that means something in a date, except plain numbers."""
    phrases = _any_of(phrase for phrase in (*_months_of_all(), *_other_words()) if " " in phrase)
    return re.compile(
        r"(?<!\d)(?P<month>\d{1,2})\s*[月월]"
        r"|\b(?:thang|thg)\.?\s*(?P<thang>\d{1,2})(?!\d)"
        r"|(?<!\d)(?P<sar>\d{1,2})(?:-?р)?\s*сар(?:ын)?\b"
        r"|(?<!\d)(?P<year>\d{4})\s*[年년]"
        r"|(?<!\d)(?P<day>\d{1,2})\s*[日일號号]"
        r"|(?P<weekday>(?:星期|禮拜|礼拜|週|周)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일)"
        rf"|(?<!{_LETTER})(?P<phrase>{phrases})(?!{_LETTER})"
        rf"|(?P<word>{_LETTER}+)"
    )


def _plain(line: str, language: str) -> str:
    """Return a line with its words as what they mean; ValueError if one is unknown."""
    meanings = _meanings(language.partition("-")[0])
    plain = _piece().sub(lambda found: f" {_meaning(found, meanings)} ", line)
    first = re.match(rf"{_LETTER}+", line)
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
    word = _phrase(found[0])
    meaning = next((known[word] for known in meanings if word in known), None)
    if word.isascii() and len(word) == 1 and found.string[found.end() :][:1].isdigit():
        meaning = None  # of "M01" and "Q1"
    if meaning is None and found.start() == 0 and found.string[found.end() :].startswith(","):
        return ""  # the name of a day in a language we don't know
    if meaning is None:
        raise ValueError(f"{word!r} says nothing of a date")
    return meaning


# --- the time of day, and its zone -------------------------------------------------------------------


@cache
def _halves() -> dict[str, str]:
    tables = (said.BEFORE_THE_HOUR, said.AFTER_THE_HOUR)
    return {
        _phrase(word): half for table in tables for half, words in table.items() for word in words.split()
    }


@cache
def _clocks() -> tuple[re.Pattern[str], ...]:
    """Return the forms of a time of day, the surest first."""
    east = _any_of(_phrase(word) for words in said.BEFORE_THE_HOUR.values() for word in words.split())
    noon = _any_of(map(_phrase, said.NOON.split()))
    hour, minute, second = (rf"(?P<{name}>\d{{1,2}})" for name in ("hour", "minute", "second"))
    begins = rf"(?:(?<=\d)\s?(?P<t>t)\s?|(?P<before>{east})\s*|(?<=[a-z]/\d{{4}}):|(?<![\d:./+-]))"
    oclock = rf"(?:\s?(?:{_any_of(map(_phrase, said.OCLOCK.split()))})(?!{_LETTER})\.?)?"
    after = rf"{oclock}(?:\s?(?P<after>{_any_of(_halves())})(?!{_LETTER})\.?)?"
    at = r"\b(?:kl|klo|klokken|um|ore|alle|pukul|jam|om|ob|saat|kell|plkst)\.?"
    dotted = rf"(?:{at}|(?<=\d{{4}}[\s,])|(?<=[-/.]\d\d[\s,]))\s?"
    forms = (
        rf"{begins}{hour}\s?:\s?{minute}(?:\s?:\s?{second}(?:[.,]\d+|:\d{{3}})?)?(?!\d){after}",
        rf"{begins}{hour}\s?(?:[時时點点시]|นาฬิกา)\s?"
        rf"(?:{minute}(?!\d)\s?(?:[分분]|นาที)?\s?(?:{second}\s?(?:[秒초]|วินาที))?)?",
        rf"(?<![\d.]){hour}\s?(?:h|gio|u(?=\d\d))\s?"
        rf"(?:(?P<minute>\d\d)(?!\d)(?:\s?(?:min|m|phut)\.?)?(?:\s?{second}\s?s)?)?(?!{_LETTER})",
        rf"{dotted}{hour}\.(?P<minute>\d\d)(?:\.(?P<second>\d\d))?(?!\.?\d){after}",
        rf"(?<![\d:.]){hour}(?:\.(?P<minute>\d\d))?\s?(?P<after>[ap]\.?\s?m)(?!{_LETTER})\.?",
        r"(?<=\d)t(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d+)?(?!\d)",
        r"(?<=^\d{8})(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?:[.,]\d+)?(?!\d)",
        r"(?<=\d)t(?P<hour>\d\d)(?=z$|[+-])",
        r"(?<=^\d{4}-\d\d-\d\d)(?=z$|[+-]\d\d:\d\d$)",  # XML Schema: a day in a zone
        rf"(?P<noon>(?:\b12\s)?(?:{noon}))(?!{_LETTER})",
    )
    return tuple(map(re.compile, forms))


def _cut_clock(line: str) -> tuple[str, dict[str, str], str]:
    """Return what stands before the time of day, its parts, and what stands behind it."""
    for form in _clocks():
        found = form.search(line)
        if found:
            parts = {name: value for name, value in found.groupdict().items() if value}
            return line[: found.start()], parts, line[found.end() :]
    return line, {}, ""


_OFFSET = re.compile(
    r"[\s,]*(?P<gmt>(?:gmt|utc|ut)\s?)?"
    r"(?P<offset>(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?)(?![\d:./-])"
)
_UNKNOWN = re.compile(r"\s+(?P<name>[a-z]|[a-z]{3,5})(?=\s*$|\s+\d{4}$)")


@cache
def _zone_names() -> re.Pattern[str]:
    return re.compile(rf"[\s,]*(?P<name>{_any_of(map(_phrase, said.ZONES))})(?!{_LETTER})")


def _cut_zone(after: str, clock: dict[str, str]) -> tuple[str, str]:
    """Return the zone that follows a time of day, and what follows the zone.

    "10:00-12:00" are two times rather than a time and a zone, unless the time is exact.
    """
    year = re.match(r"\s+\d{4}(?=\s)", after)
    if year:  # "06:07:08 2024 +0200": git
        name, rest = _cut_zone(after[year.end() :], clock)
        return name, year[0] + rest
    found = _OFFSET.match(after)
    if found:
        exact = found["gmt"] or "hour" not in clock or {"second", "t"} & clock.keys()
        sure = exact or found["sign"] == "+" or ":" not in found[0]
        return (found["offset"], after[found.end() :]) if sure else ("", after)
    found = _zone_names().match(after)
    if found:
        return _phrase(found["name"]), after[found.end() :]
    found = _UNKNOWN.match(after)
    if found is None or _is_word(found["name"]) or len(clock.get("hour", "")) < 2:  # 2:07 xyz: after noon?
        return "", after
    # RFC 2822 §4.3: military zones were used both ways and mean -0000; an unknown name says nothing.
    return "utc" if len(found["name"]) == 1 else "", after[found.end() :]


def _cut_zone_before(before: str) -> tuple[str, str]:
    """Return what stands before a time and its zone: "2024年3月5日 GMT+8 14:07", as browsers write it."""
    found = re.search(r"\b(gmt|utc)([+-][\d:]{1,5})?\s*$", before)
    return (before[: found.start()], found[2] or found[1]) if found else (before, "")


def _zone(name: str, local: datetime, language: str, timezone: str | None) -> tzinfo | None:
    """Return the zone of an offset, an abbreviation or a place; None if it says nothing."""
    found = _OFFSET.fullmatch(name)
    if found:
        return _offset(found)
    if "/" in name:
        return place(name)
    if timezone and _name_there(timezone, local) == name.upper():
        return place(timezone)
    return _tz(_meant(name, language, timezone))


def _offset(found: re.Match[str]) -> tzinfo:
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if offset > timedelta(hours=14):
        raise ValueError(f"no place on earth is {offset} from UTC")
    return fixed(-offset if found["sign"] == "-" else offset)


def _meant(name: str, language: str, timezone: str | None) -> float | str | None:
    """Return what an abbreviation means in a language: IST is in India, in Israel or in Ireland."""
    local = said.ZONES_BY_LANGUAGE.get(name, {})
    if name == "cst" and (timezone or "").startswith("Asia/"):
        language = "zh"
    return next((local[tag] for tag in _tags(language) if tag in local), said.ZONES.get(name))


def _tags(language: str) -> Iterator[str]:
    """Yield a language tag and the wider ones: zh-hant-hk, zh-hant, zh."""
    while language:
        yield language
        language = language.rpartition("-")[0]


def _tz(zone: float | str | None) -> tzinfo | None:
    if isinstance(zone, str):
        return place(zone)
    return None if zone is None else fixed(timedelta(hours=zone))


def place(name: str | None) -> tzinfo | None:
    """Return the zone of a place by its IANA name, or None."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # no such zone: as if none were given
        return None


def _name_there(timezone: str, local: datetime) -> str | None:
    zone = place(timezone)
    return zone.tzname(local) if zone else None


def _unnamed(line: str, language: str, timezone: str | None) -> tzinfo:
    """Return the zone of a time that names none."""
    if timezone:
        return place(timezone) or UTC
    zone = next((zone for words, zone in said.WRITTEN_IN if re.search(words, line)), 0)
    own = said.ZONES_OF_LANGUAGES.get(language.partition("-")[0])
    return _tz(own if zone and own else zone) or UTC


# --- a date in words and numbers ---------------------------------------------------------------------

_PLACE = re.compile(
    r"[\[(]?\b((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
    r"/[A-Za-z_+\-0-9]+(?:/[A-Za-z_]+)?)[\])]?"
)
_WEEKDAY_VI = re.compile(r"\bthứ\s*[2-7]\b", re.I)  # before it is folded: "thu 3" is English
_ASIDE = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十百廿卅]+(?=\s*[年月日號号時时點点分秒])")
_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[ぁ-ヿ曜]|午前|午後|令和|平成|昭和")
_EASTERN = tuple((re.compile(words), hours) for words, hours in said.ZONES_EAST)


def _cut_eastern(line: str) -> tuple[str, float | None]:
    for words, hours in _EASTERN:
        if words.search(line):
            return words.sub(" ", line), hours
    return line, None


def _cut_asides(line: str) -> tuple[str, list[str]]:
    """Return a line without its comments, which may be nested (RFC 2822 §3.2.3), and them."""
    asides: list[str] = []
    line = re.sub(r"\\.", "", line)
    while _ASIDE.search(line):
        asides += _ASIDE.findall(line)
        line = _ASIDE.sub(" ", line)
    return line, asides


def _zone_alone(aside: str) -> str:
    name, rest = _cut_zone(aside.strip(), {})
    return name if not rest else ""


def _han_number(found: re.Match[str]) -> str:
    """Return 二〇二四 or 二十四 in digits; as it was if it is no number."""
    written = found[0].replace("零", "〇").replace("廿", "二十").replace("卅", "三十")
    if not re.search("[十百]", written):
        return "".join(str(said.HAN_DIGITS.index(digit)) for digit in written)
    parts = re.fullmatch("(?:(.)百)?(?:〇|(.?)(十))?(.?)", written)
    if parts is None:
        return found[0]
    tens = parts[2] or ("一" if parts[3] else "〇")
    digits = (parts[1] or "〇", tens, parts[4] or "〇")
    return str(int("".join(str(said.HAN_DIGITS.index(digit)) for digit in digits)))


def _at(day: calendar_day, clock: dict[str, str]) -> datetime:
    """Return a moment of a day, before any zone."""
    midnight = datetime(day.year, day.month, day.day)
    if "noon" in clock:
        return midnight.replace(hour=12)
    hour, minute, second = (int(clock.get(name, 0)) for name in ("hour", "minute", "second"))
    half = _halves().get(_phrase(clock.get("before") or clock.get("after") or ""), "")
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601: the end of a day
        return midnight + timedelta(days=1)
    return midnight.replace(hour=_of_24(hour, half), minute=minute, second=59 if second == 60 else second)


def _of_24(hour: int, half: str) -> int:
    """Return the hour of the day; ValueError where it can't be known."""
    first, last, added = {
        "am": (0, 12, 0),
        "pm": (0, 23, 12),
        "noon": (1, 12, 12),
        "night": (6, 23, 12),
        "": (0, 23, 0),
    }[half]
    if not first <= hour <= last or (half, hour) == ("night", 12):  # whose midnight?
        raise ValueError(f"{hour} is no hour of {half!r}")
    if half == "am" and hour == 12:
        return 0
    return hour if half == "noon" and hour in (11, 12) else hour + (added if hour < 12 else 0)


# --- the day, in words or numbers --------------------------------------------------------------------

_GAP = r"[\s./-]+"
_NAMED = r"(?P<calendar>[ms])(?P<month>\d{1,2})"
_DAYS = (
    re.compile(rf"(?P<day>\d{{1,2}}){_GAP}{_NAMED}{_GAP}(?P<year>\d{{4}}|\d\d)"),
    re.compile(rf"{_NAMED}{_GAP}(?P<day>\d{{1,2}}){_GAP}(?P<year>\d{{4}})"),
    re.compile(rf"(?P<year>\d{{4}}){_GAP}{_NAMED}{_GAP}(?P<day>\d{{1,2}})"),
    re.compile(rf"(?P<year>\d{{4}}){_GAP}(?P<day>\d{{1,2}}){_GAP}{_NAMED}"),
    re.compile(r"(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(r"(?P<roc>1\d\d)\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})"),
    re.compile(r"(?P<roc>1[0-4]\d)(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(r"(?P<left>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<right>\d{1,2})\s?(?P=sep)\s?(?P<year>\d{4}|\d\d)"),
    re.compile(r"(?P<year>\d{4})-(?P<ordinal>\d{3})"),
)
_WEEK = re.compile(r"(\d{4})-?w(\d\d)-?([1-7])")
_ERAS = re.compile(rf"({'|'.join(said.ERAS)})\s*(元|\d{{1,2}})(?!\d)")
_ERA_LETTER = re.compile(r"\b([rhs])\.?\s?(\d{1,2})(?=[年./-])")
_ROC = re.compile(r"(?:中?[華华])?民[國国]\s*(元|\d{1,3})(?!\d)|(?<!\d)(1[0-4]\d)(?=\s*年)")
_THAI = re.compile("[\u0e00-\u0e7f]")


class _Hints(NamedTuple):
    """What helps to understand the numbers of a day."""

    language: str
    american: bool  # AM and PM stand behind the time
    iso: bool  # "T" stands before it
    thai: bool


def _day(line: str, hints: _Hints) -> calendar_day:
    """Return the day that a line names once its time is cut out; ValueError if it names none."""
    week = _WEEK.fullmatch(line)
    if week:
        return calendar_day.fromisocalendar(*map(int, week.groups()))
    plain = _plain(_western_years(line, hints.language), hints.language)
    found = next(filter(None, (form.fullmatch(plain) for form in _DAYS)), None)
    if found is None:
        raise ValueError(f"{plain!r} is no day")
    return _calendar({name: value for name, value in found.groupdict().items() if value}, hints)


def _western_years(line: str, language: str) -> str:
    """Return a line with the years of eras as ours: 令和6年 and 民國113年 are 2024年."""
    line = _ROC.sub(lambda found: f" {1911 + _year_of(found[1] or found[2])}", line)
    if language.startswith("ja") or "年" in line:
        line = _ERA_LETTER.sub(lambda found: f"{said.ERA_LETTERS[found[1]]}{found[2]}", line)
    return _ERAS.sub(_era, line)


def _year_of(written: str) -> int:
    year = 1 if written == "元" else int(written)
    if not year:
        raise ValueError("no era has a year 0")
    return year


def _era(found: re.Match[str]) -> str:
    first, last = said.ERAS[found[1]]
    year = first + _year_of(found[2]) - 1
    if not first <= year <= last:
        raise ValueError(f"{found[0]} never was")
    return f" {year}"


def _calendar(fields: dict[str, str], hints: _Hints) -> calendar_day:
    """Return a day in our calendar, from the numbers of it or of another."""
    year = _year(fields, hints)
    if "ordinal" in fields:
        return _ordinal(year, int(fields["ordinal"]))
    if "left" in fields:
        month, day = _slashed(fields, hints)
    else:
        month, day = int(fields["month"]), int(fields["day"])
    if fields.get("calendar") == "s" or (1300 <= year < 1500 and hints.language.startswith("fa")):
        return _from_solar(year, month, day)
    if 1300 <= year < 1500 and not hints.iso:  # of Iran, of the Hijra, or of nobody
        raise ValueError(f"whose year is {year}?")
    return calendar_day(year, month, day)


def _ordinal(year: int, number: int) -> calendar_day:
    day = calendar_day(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(f"{year} has no day {number}")
    return day


def _year(fields: dict[str, str], hints: _Hints) -> int:
    if "roc" in fields:  # of the Republic of China
        return int(fields["roc"]) + 1911
    year = int(fields["year"])
    if len(fields["year"]) == 2:
        if hints.thai and year < 50:
            raise ValueError(f"{year} may be Buddha's year or ours")
        return year + 2500 - 543 if hints.thai else year + (2000 if year < 50 else 1900)  # RFC 2822 §4.3
    return year - 543 if hints.thai and 2400 <= year < 2700 else year


def _slashed(fields: dict[str, str], hints: _Hints) -> tuple[int, int]:
    """Return the month and day of 05/03/2024, if its language or its numbers settle which is which."""
    left, right = int(fields["left"]), int(fields["right"])
    first = next((said.DAY_FIRST[tag] for tag in _tags(hints.language) if tag in said.DAY_FIRST), None)
    if first is None and len(fields["year"]) == 2:  # nor is it sure which is the year
        raise ValueError("three short numbers")
    if first is None and hints.american and hints.language in ("", "en"):
        first = False
    if right > 12 or (first is False and left <= 12):
        return left, right
    if left > 12 or first or left == right:
        return right, left
    raise ValueError("the month or the day may come first")


_SPRING = calendar_day(2024, 3, 20)  # 1 Farvardin 1403
_LEAP = {1, 5, 9, 13, 17, 22, 26, 30}  # of each 33 years: right from 1343 to 1502, our 1964 to 2124


def _from_solar(year: int, month: int, day: int) -> calendar_day:
    """Return a day of Iran's calendar in ours."""
    long = 29 + (year % 33 in _LEAP) if month == 12 else 31 if month <= 6 else 30
    if not (1343 <= year <= 1502 and 1 <= month <= 12 and 1 <= day <= long):
        raise ValueError(f"{year}/{month}/{day} can't be converted")
    years = range(min(year, 1403), max(year, 1403))
    days = sum(365 + (each % 33 in _LEAP) for each in years) * (1 if year >= 1403 else -1)
    return _SPRING + timedelta(days=days + (month - 1) * 30 + min(month - 1, 6) + day - 1)
