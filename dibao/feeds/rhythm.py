"""How often a feed wants to be asked: ttl, the syndication module, and the hours and days to skip."""

from dibao.feeds.elements import Fields, every, fields, first, text
from dibao.feeds.plain import tidy

_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 7 * 86400, "monthly": 30 * 86400, "yearly": 365 * 86400}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def ttl(found: Fields) -> int | None:
    """Return for how many seconds a feed may be kept before it is asked again, or None."""
    minutes = _number(first(found, "ttl")) if "ttl" in found else 0
    if minutes:
        return minutes * 60
    if "sy:updateperiod" not in found:
        return None
    period = _PERIODS.get((tidy(first(found, "sy:updateperiod")) or "").lower())
    return period and period // (_number(first(found, "sy:updatefrequency")) or 1)


def skip_hours(found: Fields) -> tuple[int, ...]:
    """Return the hours of the day, in UTC, in which a feed is not to be asked; 24 is midnight too."""
    if "skiphours" not in found:
        return ()
    written = (text(hour) for block in every(found, "skiphours") for hour in every(fields(block), "hour"))
    hours = {int(digits) % 24 for digits in ((each or "").strip() for each in written) if _is_hour(digits)}
    return tuple(sorted(hours))


def _is_hour(digits: str) -> bool:
    return digits.isdecimal() and len(digits) <= 2 and int(digits) <= 24


def skip_days(found: Fields) -> tuple[int, ...]:
    """Return the days of the week on which a feed is not to be asked; Monday is 0."""
    if "skipdays" not in found:
        return ()
    written = (text(day) for block in every(found, "skipdays") for day in every(fields(block), "day"))
    names = {(each or "").strip().lower() for each in written}
    return tuple(number for number, name in enumerate(_DAYS) if name in names)


def _number(written: str | None) -> int:
    digits = (written or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 8 else 0
