"""How far back a source is read: a sitemap may list every page since the site began."""

from collections.abc import Iterable
from datetime import datetime

from dibao.model import Entry, Source


def recent(entries: Iterable[Entry], source: Source) -> tuple[Entry, ...]:
    """Return the entries that changed since the day a source is read from, and those that bear no date."""
    return tuple(entry for entry in entries if is_of(latest(entry), source))


def latest(entry: Entry) -> datetime | None:
    """Return when an entry last changed, as far as it says."""
    return max(filter(None, (entry.published, entry.updated)), default=None)


def is_of(date: datetime | None, source: Source) -> bool:
    """Say whether what changed then is of the days that a source is read for; without a date it is."""
    return date is None or source.since is None or date.date().isoformat() >= source.since
