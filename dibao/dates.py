"""Any written date -> aware, in UTC or in its own zone, or None; a date that can't be read is never guessed.

Nearly every date is RFC 822 or ISO 8601, and read at once; all others go through `datetext.py`. A date
that can be read may still be none: `doubt` says why.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed
from enum import StrEnum

from dibao import datetext
from dibao.dateclock import place

_LONGEST = 100  # characters; what is longer is no date
_RFC_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_RFC_DAYS = {day: f"{number:02}" for number in range(1, 32) for day in (f"{number}", f"{number:02}")}
_CENTURIES = ("20", "19")
_OFFSETS = {
    f"{sign}{hours:02}{colon}{minutes:02}": timedelta(hours=hours, minutes=minutes) * int(f"{sign}1")
    for sign in "+-"
    for hours in range(15)
    for minutes in (0, 15, 30, 45)
    for colon in ("", ":")
    if hours < 14 or not minutes
}
_OFFSETS |= dict.fromkeys(("GMT", "UTC", "UT", "Z", "z"), timedelta(0))
_OFFSETS |= {f" {name}": offset for name, offset in _OFFSETS.items()}  # 2024-03-05 14:07:08 +0800


def parse_date(
    text: str | None, *, language: str | None = None, timezone: str | None = None
) -> datetime | None:
    """Return the date as aware UTC, or None if it can't be read with certainty.

    Reads RFC 822 and 2822, ISO 8601, epochs in seconds, milliseconds and microseconds, and what sites
    write in some seventy languages, with the years of 民國, of Japan's eras, of Buddha and of Iran. A
    date that names no zone is read in ``timezone`` (an IANA name); without one, in the zone its own
    words belong to (下午 is UTC+8), else in UTC. ``language`` (BCP 47) tells China's CST from
    America's, and whether 05/03/2024 begins with the day. A day alone is its midnight; a month or a
    year alone is no date.
    """
    if not text:
        return None
    try:  # the short way for the two usual forms; whatever else comes fails, and goes the long way
        if text[4:5] == "-":
            if text[10] in "T " and text[:2] in _CENTURIES:
                tail = text[19:]
                if tail[:1] == ".":
                    tail = tail.lstrip(".0123456789")
                return datetime.fromisoformat(f"{text[:19]}+00:00") - _OFFSETS[tail]
        else:
            weekday, day, month, year, clock, zone = text.split()
            if weekday[3:] == "," and len(clock) == 8 and year[:2] in _CENTURIES:
                written = f"{year}-{_RFC_MONTHS[month]}-{_RFC_DAYS[day]}T{clock}+00:00"
                return datetime.fromisoformat(written) - _OFFSETS[zone]
    except (ValueError, KeyError, IndexError):
        pass
    return _unusual(text, language, timezone)


_ENDS = re.compile(r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)", re.A)


def own_date(
    text: str | None, *, language: str | None = None, timezone: str | None = None
) -> datetime | None:
    """Return the moment that `parse_date` reads, in the zone it was written in: its day is the one written.

    The zone is kept as its offset at that moment. A date that names none is in the zone it was read in.
    """
    ends = _ENDS.fullmatch(text, 10) if text else None
    if not text or ends:
        at = parse_date(text, language=language, timezone=timezone)
    else:
        at = _unusual(text, language, timezone, own=True)
    if at is None:
        return None
    offset = _OFFSETS.get(ends[1]) if ends else at.utcoffset()
    if not offset or offset.seconds % 60:  # before zones were, noon was each town's own
        return at.astimezone(UTC)
    return at.astimezone(fixed(offset))


_LOCAL = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d)?", re.A)


def _unusual(text: str, language: str | None, timezone: str | None, *, own: bool = False) -> datetime | None:
    """Return the date in UTC or in its own zone."""
    line = " ".join(text.split()) if len(text) < 10 * _LONGEST else ""
    if not line or len(line) > _LONGEST:
        return None
    try:
        at = _written(line, (language or "").lower().replace("_", "-"), timezone)
        utc = at.astimezone(UTC)
        return at if own else utc
    except (ValueError, OverflowError):  # the 30th of February, an hour before year 1
        return None


def _written(line: str, language: str, timezone: str | None) -> datetime:
    if _LOCAL.fullmatch(line):
        return datetime.fromisoformat(line).replace(tzinfo=place(timezone) or UTC)
    return _epoch(line) or datetext.read(line, language, timezone)


_EPOCH = re.compile(
    r"(\d{10})(?:\d{3}|\.\d+)?|(1\d{9})\d{6}|/date\((\d{10})\d{3}(?:[+-]\d{4})?\)/", re.A | re.I
)
_DAY_AND_HOUR = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")


def _epoch(line: str) -> datetime | None:
    found = _EPOCH.fullmatch(line)
    if found is None or _DAY_AND_HOUR.match(line):  # 2024030514 may be either
        return None
    return datetime.fromtimestamp(int(found[1] or found[2] or found[3]), UTC)


# --- what can't be true ---------------------------------------------------------------------------------

_ZEROS = (  # what an empty field turns into: Unix, Go and .NET, spreadsheets, SQL, FAT, Windows, old Macs
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1899, 12, 30, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(1980, 1, 1, tzinfo=UTC),
    datetime(1601, 1, 1, tzinfo=UTC),
    datetime(1904, 1, 1, tzinfo=UTC),
)
_DAY = timedelta(days=1)  # no zone is farther from UTC
_ZEROS_END = max(_ZEROS) + 2 * _DAY
# Around New Year many write last year's number, and a piece may be published a year after its address
# was made; two years apart, one of two dates is of something else.
YEARS_APART = timedelta(days=731)
_FIRST_NEWSPAPER = datetime(1605, 1, 1, tzinfo=UTC)


class Doubt(StrEnum):
    """Why a date that was given is not believed."""

    UNREADABLE = "unreadable"
    EPOCH = "epoch"  # the zero of some clock: the field was empty
    FUTURE = "future"
    FAR = "far"  # years from every other date that is known


def doubt(date: datetime | None, now: datetime, *, evidence: Iterable[datetime] = ()) -> Doubt | None:
    """Return why a date can't be the day of something published, or None if it can.

    Age alone is no reason: only ``evidence``, other dates of the same thing, makes an old date doubtful,
    and one that agrees is enough.
    """
    if date is None:
        return Doubt.UNREADABLE
    if date < _ZEROS_END and any(abs(date - zero) <= _DAY for zero in _ZEROS):
        return Doubt.EPOCH
    if date > now + _DAY:
        return Doubt.FUTURE
    apart = [abs(date - other) > YEARS_APART for other in evidence]
    return Doubt.FAR if date < _FIRST_NEWSPAPER or (apart and all(apart)) else None


_IN_PATH = (
    re.compile(r"/((?:19|20)\d\d)([-/_.]?)([01]\d)\2([0-3]\d)(?!\d)"),  # /2024/03/05/ or /20240305
    re.compile(r"/((?:19|20)\d\d)()([01]\d)([0-3]\d)\d{4}(?!\d)"),  # /202403050101: the day's first
    re.compile(r"/((?:19|20)\d\d)()/([01]\d)([0-3]\d)(?=[/-])"),  # /2024/0305/
)
_A_YEAR = re.compile(r"/(?:19|20)\d\d")  # nearly no address has one: looked for first


def date_in_url(url: str | None) -> datetime | None:
    """Return the day that the path of an address names, or None."""
    if not url or not _A_YEAR.search(url):
        return None
    path = re.sub(r"^\w+://[^/]*|[?#].*", "", url, flags=re.S)
    found = next(filter(None, (form.search(path) for form in _IN_PATH)), None)
    try:
        return datetime(int(found[1]), int(found[3]), int(found[4]), tzinfo=UTC) if found else None
    except ValueError:
        return None
