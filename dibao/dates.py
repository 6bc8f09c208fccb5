"""Any written date -> aware UTC, or None; a date that can't be read is never guessed."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed
from zoneinfo import ZoneInfo

_LONGEST = 100  # characters; what is longer is no date
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the Web: an empty field, not a day

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_FULL = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_MONTHS_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")

_PM = ("pm", "p.m.", "下午", "晚上", "午後", "오후")
_AM = ("am", "a.m.", "上午", "凌晨", "早上", "午前", "오전")
_HALF = "|".join(map(re.escape, _PM + _AM))

# RFC 822's zones, and those that news feeds write; CST is also China's (see `_cst`).
_ZONES = {
    zone: hours
    for zones, hours in (
        ("z ut utc gmt wet", 0),
        ("ast edt", -4),
        ("est cdt", -5),
        ("mdt", -6),
        ("mst pdt", -7),
        ("pst akdt", -8),
        ("akst", -9),
        ("hst", -10),
        ("bst cet mez", 1),
        ("cest mesz eet", 2),
        ("eest msk", 3),
        ("ist", 5.5),
        ("ict wib", 7),
        ("hkt sgt myt pht awst", 8),
        ("jst kst", 9),
        ("aest", 10),
        ("aedt", 11),
        ("nzst", 12),
        ("nzdt", 13),
    )
    for zone in zones.split()
}
# A date in the words of a language that is written in one zone, when nothing else names the zone.
_WRITTEN_IN = (("오전|오후|년|시", 9), ("午前|午後", 9), ("年|月|日|上午|下午|凌晨|晚上|早上", 8))

_WEEKDAY = r"(?:[^\W\d_]+(?:[,.]\s*|\s+))?"
_WEEKDAY_HAN = r"(?:\s*[(（]?(?:星期|週|周|礼拜|禮拜)?[一二三四五六日天][)）]?)?"
_DAY_FIRST = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[^\W\d_]+)\.?[\s,-]+(?P<year>\d{4}|\d\d)"
_DATES = (
    _WEEKDAY + _DAY_FIRST,
    r"(?P<year>\d{4})\s*[-/.年년]\s*(?P<month>\d{1,2})\s*[-/.月월]\s*(?P<day>\d{1,2})\s*[日일]?"
    + _WEEKDAY_HAN,
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
    _WEEKDAY + r"(?P<name>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    r"(?:中[華华])?民[國国]\s*(?P<roc>\d{1,3})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*日?"
    + _WEEKDAY_HAN,
    r"(?P<roc>1\d\d)[年/.-](?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})日?" + _WEEKDAY_HAN,
    r"(?P<roc>1[0-4]\d)(?P<month>\d\d)(?P<day>\d\d)",
    r"(?P<left>\d{1,2})/(?P<right>\d{1,2})/(?P<year>\d{4})",
)
_TIME = (
    rf"(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*[:時时点點시]\s*(?P<minute>\d{{1,2}})\s*[分분]?"
    rf"(?:\s*:?\s*(?P<second>\d{{1,2}})(?:[.,]\d+)?\s*[秒초]?)?\s*(?P<half_after>{_HALF})?"
)
_OFFSET = r"(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
_ZONE = rf"(?:(?:gmt|utc|z)?\s*{_OFFSET}|(?P<zone>[a-z]{{1,5}}))?\s*(?:\([^()]*\))?"
_FORMS = (
    *(re.compile(rf"{date}(?:[\sT,]*(?:at\s+)?{_TIME}\s*{_ZONE})?", re.I) for date in _DATES),
    re.compile(
        rf"{_WEEKDAY}(?P<name>[a-z]+)\s+(?P<day>\d{{1,2}})\s+{_TIME}\s*{_ZONE}\s+(?P<year>\d{{4}})", re.I
    ),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)" + _ZONE
    ),
)

_Fields = dict[str, str]


def parse_date(
    text: str | None, *, language: str | None = None, timezone: str | None = None
) -> datetime | None:
    """Return the date as aware UTC, or None if it can't be read with certainty.

    Reads RFC 822 and 2822, ISO 8601, epochs of 10 (seconds) or 13 digits (milliseconds), and the
    forms of Chinese, Taiwanese (民國), Japanese and Korean sites. A date that names no zone is read
    in ``timezone`` (an IANA name); without one, in the zone its own words belong to (下午 is UTC+8),
    else in UTC. ``language`` (BCP 47) tells China's CST from America's. A day alone is its midnight.
    """
    line = _normal(text) if text and len(text) < 10 * _LONGEST else ""
    if not line or len(line) > _LONGEST:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", line):
        return datetime.fromtimestamp(int(line[:10]), UTC)
    try:
        return _read(line, language or "", timezone)
    except (ValueError, OverflowError):  # the 30th of February, an hour before year 1
        return None


def credible(date: datetime | None, now: datetime) -> datetime | None:
    """Return the date, or None if no news was published then: before the Web, or after tomorrow."""
    if date is None or not _EARLIEST <= date <= now + timedelta(days=1):
        return None
    return date


def _normal(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
    return " ".join(text.split())


def _read(line: str, language: str, timezone: str | None) -> datetime | None:
    for form in _FORMS:
        match = form.fullmatch(line)
        if match:
            fields = {name: value for name, value in match.groupdict().items() if value}
            local = _local(fields)
            return local and _in_zone(local, fields, line, language, timezone)
    return None


def _local(fields: _Fields) -> datetime | None:
    """Return the date and time as written, before any zone."""
    day = _month_and_day(fields)
    if day is None:
        return None
    hour, minute, second = (int(fields.get(name, 0)) for name in ("hour", "minute", "second"))
    hour = _of_24(hour, (fields.get("half") or fields.get("half_after") or "").lower())
    midnight = datetime(_year(fields), *day)
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601: the end of a day
        return midnight + timedelta(days=1)
    return midnight.replace(hour=hour, minute=minute, second=59 if second == 60 else second)


def _year(fields: _Fields) -> int:
    if "roc" in fields:  # years of the Republic of China
        return int(fields["roc"]) + 1911
    year = int(fields["year"])
    if len(fields["year"]) > 2:
        return year
    return year + (2000 if year < 50 else 1900)  # RFC 2822 §4.3


def _month_and_day(fields: _Fields) -> tuple[int, int] | None:
    if "left" in fields:
        return _slashed(int(fields["left"]), int(fields["right"]), "half_after" in fields)
    month = int(fields["month"]) if "month" in fields else _month(fields["name"].lower())
    return None if month is None else (month, int(fields["day"]))


def _slashed(left: int, right: int, american: bool) -> tuple[int, int] | None:
    """Return the month and day of 3/5/2024 only where one reading is possible, or AM/PM says American."""
    if right > 12 or american:
        return left, right
    return (right, left) if left > 12 or left == right else None


def _month(name: str) -> int | None:
    if _MONTHS_FULL.fullmatch(name):
        return _MONTHS.index(name[:3]) + 1
    han = name.removesuffix("月")
    return _MONTHS_HAN.index(han) + 1 if han in _MONTHS_HAN and han != name else None


def _of_24(hour: int, half: str) -> int:
    if half in _PM and hour < 12:
        return hour + 12
    return 0 if half in _AM and hour == 12 else hour


def _in_zone(
    local: datetime, fields: _Fields, line: str, language: str, timezone: str | None
) -> datetime | None:
    zone = (
        _offset(fields)
        or _named(fields.get("zone", ""), language, timezone)
        or _unnamed(fields, line, timezone)
    )
    return local.replace(tzinfo=zone).astimezone(UTC)


def _offset(fields: _Fields) -> tzinfo | None:
    if "sign" not in fields:
        return None
    offset = timedelta(hours=int(fields["hours"]), minutes=int(fields.get("minutes", 0)))
    if offset > timedelta(hours=14):
        raise ValueError(f"no place on earth is {offset} from UTC")
    return fixed(-offset if fields["sign"] == "-" else offset)


def _named(name: str, language: str, timezone: str | None) -> tzinfo | None:
    """Return the zone of an abbreviation; an unknown one says nothing (RFC 2822 §4.3)."""
    if name.lower() == "cst":
        return _cst(language, timezone)
    hours = _ZONES.get(name.lower())
    return None if hours is None else fixed(timedelta(hours=hours))


def _cst(language: str, timezone: str | None) -> tzinfo:
    chinese = language.lower().startswith("zh") or (timezone or "").startswith("Asia/")
    return fixed(timedelta(hours=8 if chinese else -6))


def _unnamed(fields: _Fields, line: str, timezone: str | None) -> tzinfo:
    if timezone:
        return _iana(timezone)
    if "roc" in fields:  # only Taiwan counts so
        return fixed(timedelta(hours=8))
    hours = next((hours for words, hours in _WRITTEN_IN if re.search(words, line)), 0)
    return fixed(timedelta(hours=hours))


def _iana(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone: as if none were given
        return UTC
