"""A date in words and numbers, as sites write it in any language -> aware, in its own zone.

It is taken apart: first the time of day and its zone are cut out (`dateclock.py`), then words become
what they mean (`datephrases.py`: "5 de março de 2024" turns into "5 m3 2024"), and what is left must be
one of few forms from end to end.
"""

import re
from datetime import date as calendar_day
from datetime import datetime, timedelta
from typing import NamedTuple

from dibao import datewords as said
from dibao.dateclock import (
    at,
    cut_clock,
    cut_eastern,
    cut_zone,
    cut_zone_before,
    fixed_or_place,
    unnamed_zone,
    wider_tags,
    zone_alone,
    zone_named,
)
from dibao.datephrases import fold, plain_words


def read(line: str, language: str, timezone: str | None) -> datetime:
    """Return the date that a line is from end to end, in its zone; ValueError where it says no such thing."""
    named = _PLACE.search(line)
    whole = fold(_WEEKDAY_VI.sub(" ", _PLACE.sub(" ", line)))
    if not language and _HAN.search(whole) and not _KANA.search(whole):
        language = "zh"
    rest, eastern = cut_eastern(whole)
    rest, asides = _cut_asides(_HAN_NUMBER.sub(_han_number, rest))
    before, clock, after = cut_clock(rest)
    name, after = cut_zone(after, clock)
    if not name:
        before, name = cut_zone_before(before)
    if not name and any(re.search(r"\d", aside) and not zone_alone(aside) for aside in asides):
        raise ValueError("two days")  # "March 5, 2024 (March 6 in Taipei)"
    name = name or (named[1] if named else "") or next(filter(None, map(zone_alone, asides)), "")
    thai = language.startswith("th") or bool(_THAI.search(whole))
    hints = _Hints(language, clock.get("after") in ("am", "pm"), "t" in clock, thai)
    local = at(_day(f"{before} {after}".strip(), hints), clock)
    zone = (zone_named(name, local, language, timezone) if name else None) or fixed_or_place(eastern)
    return local.replace(tzinfo=zone or unnamed_zone(whole, language, timezone))


# --- what is cut out, or written in other numbers --------------------------------------------------

_PLACE = re.compile(
    r"[\[(]?\b((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
    r"/[A-Za-z_+\-0-9]+(?:/[A-Za-z_]+)?)[\])]?"
)
_WEEKDAY_VI = re.compile(r"\bthứ\s*[2-7]\b", re.I)  # before it is folded: "thu 3" is English
_ASIDE = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十百廿卅]+(?=\s*[年月日號号時时點点分秒])")
_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[ぁ-ヿ曜]|午前|午後|令和|平成|昭和")


def _cut_asides(line: str) -> tuple[str, list[str]]:
    """Return a line without its comments, which may be nested (RFC 2822 §3.2.3), and them."""
    asides: list[str] = []
    line = re.sub(r"\\.", "", line)
    while _ASIDE.search(line):
        asides += _ASIDE.findall(line)
        line = _ASIDE.sub(" ", line)
    return line, asides


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
    plain = plain_words(_western_years(line, hints.language), hints.language)
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
    first = next((said.DAY_FIRST[tag] for tag in wider_tags(hints.language) if tag in said.DAY_FIRST), None)
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
