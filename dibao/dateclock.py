"""The time of day in a written date, and its zone: cut out, and understood."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import date as calendar_day
from datetime import timezone as fixed
from functools import cache
from zoneinfo import ZoneInfo

from dibao import datewords as said
from dibao.datephrases import LETTER, any_of, is_word, phrase


@cache
def _halves() -> dict[str, str]:
    tables = (said.BEFORE_THE_HOUR, said.AFTER_THE_HOUR)
    return {phrase(word): half for table in tables for half, words in table.items() for word in words.split()}


@cache
def _clocks() -> tuple[re.Pattern[str], ...]:
    """Return the forms of a time of day, the surest first."""
    east = any_of(phrase(word) for words in said.BEFORE_THE_HOUR.values() for word in words.split())
    noon = any_of(map(phrase, said.NOON.split()))
    hour, minute, second = (rf"(?P<{name}>\d{{1,2}})" for name in ("hour", "minute", "second"))
    begins = rf"(?:(?<=\d)\s?(?P<t>t)\s?|(?P<before>{east})\s*|(?<=[a-z]/\d{{4}}):|(?<![\d:./+-]))"
    oclock = rf"(?:\s?(?:{any_of(map(phrase, said.OCLOCK.split()))})(?!{LETTER})\.?)?"
    after = rf"{oclock}(?:\s?(?P<after>{any_of(_halves())})(?!{LETTER})\.?)?"
    at = r"\b(?:kl|klo|klokken|um|ore|alle|pukul|jam|om|ob|saat|kell|plkst)\.?"
    dotted = rf"(?:{at}|(?<=\d{{4}}[\s,])|(?<=[-/.]\d\d[\s,]))\s?"
    forms = (
        rf"{begins}{hour}\s?:\s?{minute}(?:\s?:\s?{second}(?:[.,]\d+|:\d{{3}})?)?(?!\d){after}",
        rf"{begins}{hour}\s?(?:[時时點点시]|นาฬิกา)\s?"
        rf"(?:{minute}(?!\d)\s?(?:[分분]|นาที)?\s?(?:{second}\s?(?:[秒초]|วินาที))?)?",
        rf"(?<![\d.]){hour}\s?(?:h|gio|u(?=\d\d))\s?"
        rf"(?:(?P<minute>\d\d)(?!\d)(?:\s?(?:min|m|phut)\.?)?(?:\s?{second}\s?s)?)?(?!{LETTER})",
        rf"{dotted}{hour}\.(?P<minute>\d\d)(?:\.(?P<second>\d\d))?(?!\.?\d){after}",
        rf"(?<![\d:.]){hour}(?:\.(?P<minute>\d\d))?\s?(?P<after>[ap]\.?\s?m)(?!{LETTER})\.?",
        r"(?<=\d)t(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d+)?(?!\d)",
        r"(?<=^\d{8})(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?:[.,]\d+)?(?!\d)",
        r"(?<=\d)t(?P<hour>\d\d)(?=z$|[+-])",
        r"(?<=^\d{4}-\d\d-\d\d)(?=z$|[+-]\d\d:\d\d$)",  # XML Schema: a day in a zone
        rf"(?P<noon>(?:\b12\s)?(?:{noon}))(?!{LETTER})",
    )
    return tuple(map(re.compile, forms))


def cut_clock(line: str) -> tuple[str, dict[str, str], str]:
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
    return re.compile(rf"[\s,]*(?P<name>{any_of(map(phrase, said.ZONES))})(?!{LETTER})")


def cut_zone(after: str, clock: dict[str, str]) -> tuple[str, str]:
    """Return the zone that follows a time of day, and what follows the zone.

    "10:00-12:00" are two times rather than a time and a zone, unless the time is exact.
    """
    year = re.match(r"\s+\d{4}(?=\s)", after)
    if year:  # "06:07:08 2024 +0200": git
        name, rest = cut_zone(after[year.end() :], clock)
        return name, year[0] + rest
    found = _OFFSET.match(after)
    if found:
        exact = found["gmt"] or "hour" not in clock or {"second", "t"} & clock.keys()
        sure = exact or found["sign"] == "+" or ":" not in found[0]
        return (found["offset"], after[found.end() :]) if sure else ("", after)
    found = _zone_names().match(after)
    if found:
        return phrase(found["name"]), after[found.end() :]
    found = _UNKNOWN.match(after)
    if found is None or is_word(found["name"]) or len(clock.get("hour", "")) < 2:  # 2:07 xyz: after noon?
        return "", after
    # RFC 2822 §4.3: military zones were used both ways and mean -0000; an unknown name says nothing.
    return "utc" if len(found["name"]) == 1 else "", after[found.end() :]


def cut_zone_before(before: str) -> tuple[str, str]:
    """Return what stands before a time and its zone: "2024年3月5日 GMT+8 14:07", as browsers write it."""
    found = re.search(r"\b(gmt|utc)([+-][\d:]{1,5})?\s*$", before)
    return (before[: found.start()], found[2] or found[1]) if found else (before, "")


def zone_named(name: str, local: datetime, language: str, timezone: str | None) -> tzinfo | None:
    """Return the zone of an offset, an abbreviation or a place; None if it says nothing."""
    found = _OFFSET.fullmatch(name)
    if found:
        return _offset(found)
    if "/" in name:
        return place(name)
    if timezone and _name_there(timezone, local) == name.upper():
        return place(timezone)
    return fixed_or_place(_meant(name, language, timezone))


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
    return next((local[tag] for tag in wider_tags(language) if tag in local), said.ZONES.get(name))


def wider_tags(language: str) -> Iterator[str]:
    """Yield a language tag and the wider ones: zh-hant-hk, zh-hant, zh."""
    while language:
        yield language
        language = language.rpartition("-")[0]


def fixed_or_place(zone: float | str | None) -> tzinfo | None:
    """Return the zone of hours from UTC, or of a place by its name; None for None."""
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


def unnamed_zone(line: str, language: str, timezone: str | None) -> tzinfo:
    """Return the zone of a time that names none."""
    if timezone:
        return place(timezone) or UTC
    zone = next((zone for words, zone in said.WRITTEN_IN if re.search(words, line)), 0)
    own = said.ZONES_OF_LANGUAGES.get(language.partition("-")[0])
    return fixed_or_place(own if zone and own else zone) or UTC


_EASTERN = tuple((re.compile(words), hours) for words, hours in said.ZONES_EAST)


def cut_eastern(line: str) -> tuple[str, float | None]:
    """Return a line without 北京时间 or 日本時間, and the hours from UTC that these mean."""
    for words, hours in _EASTERN:
        if words.search(line):
            return words.sub(" ", line), hours
    return line, None


def zone_alone(aside: str) -> str:
    """Return the zone that words in brackets name, or "" if they say anything else."""
    name, rest = cut_zone(aside.strip(), {})
    return name if not rest else ""


def at(day: calendar_day, clock: dict[str, str]) -> datetime:
    """Return a moment of a day, before any zone."""
    midnight = datetime(day.year, day.month, day.day)
    if "noon" in clock:
        return midnight.replace(hour=12)
    hour, minute, second = (int(clock.get(name, 0)) for name in ("hour", "minute", "second"))
    half = _halves().get(phrase(clock.get("before") or clock.get("after") or ""), "")
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
