"""Which dates to believe: a date that can't be true is dropped, and what was said of it is kept.

A date is checked against what else is known of its article: the day in its address, the day in its
text, the date that the feed or the page gives, and the other entries of its feed. Age alone is no
reason for doubt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from dibao.dates import YEARS_APART, Doubt, date_in_url, doubt, parse_date
from dibao.model import Article, Entry

_ALONE = 20  # a few old entries are strays if the way to the others is so many times as long as theirs


def believed_entries(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """Return the entries of a feed in their order, without dates that can't be true."""
    entries = tuple(entries)
    told = [entry.published for entry in entries if entry.published and not doubt(entry.published, now)]
    most = _most(sorted(told))
    middle = most[len(most) // 2] if len(most) < len(told) else None
    return tuple(believed_entry(entry, now, middle) for entry in entries)


def _most(dates: Sequence[datetime]) -> Sequence[datetime]:
    """Return the sorted dates of a feed without a few strays long before the others.

    A feed that grew over years has none, and a new entry after a long silence is no stray.
    """
    for strays in range(1, len(dates) // 3 + 1):
        gap, span = dates[strays] - dates[strays - 1], dates[-1] - dates[strays]
        if gap > max(YEARS_APART, _ALONE * span):
            return dates[strays:]
    return dates


def believed_entry(entry: Entry, now: datetime, others: datetime | None = None) -> Entry:
    """Return an entry without dates that can't be true; ``others`` is the day of most of its feed."""
    evidence = [day for day in (date_in_url(entry.link), others) if day]
    why = doubt(entry.published, now, evidence=evidence) if entry.published else entry.published_doubt
    published = None if why else entry.published
    said, updated = _said(entry.published_raw, entry.published), _modified(entry.updated, published, now)
    after = (published, said, why, updated)
    if after == (entry.published, entry.published_raw, entry.published_doubt, entry.updated):
        return entry
    return replace(
        entry,
        published=published,
        published_raw=said,
        published_doubt=why,
        updated=updated,
    )


def believed(
    article: Article, now: datetime, *, entry: Entry | None = None, url: str | None = None
) -> Article:
    """Return an article without dates that can't be true.

    A page's date is compared with its entry's. Where they are far apart, the one that the address or the
    text supports is taken, and neither if nothing does.
    """
    known = _days_of(article, entry, url)
    stated = bool(article.published_raw)  # else it was only looked for in the page
    announced = entry.published if entry and entry.published != article.published_at else None
    why = _why(article, now, [*known, *([announced] if announced else [])])
    article = replace(
        article,
        published_at=None if why else article.published_at,
        published_raw=_said(article.published_raw, article.published_at),
        published_doubt=why,
    )
    supported = known or not stated or why is not Doubt.FAR
    if why and entry and announced and supported and not doubt(announced, now, evidence=known):
        raw = _said(entry.published_raw, announced)
        article = replace(article, published_at=announced, published_raw=raw, published_doubt=None)
    return replace(article, modified_at=_modified(article.modified_at, article.published_at, now))


def _days_of(article: Article, entry: Entry | None, url: str | None) -> list[datetime]:
    """Return the days that stand in the address of an article and in its text."""
    addresses = (url, entry.link if entry else None, article.canonical_url)
    in_address = next(filter(None, map(date_in_url, addresses)), None)
    in_text = parse_date(article.credits.text_date) if article.credits else None
    return [day for day in (in_address, in_text) if day]


def _why(article: Article, now: datetime, evidence: list[datetime]) -> Doubt | None:
    """Return why an article has no date to believe; None if it has one, or none was given."""
    if article.published_at:
        return doubt(article.published_at, now, evidence=evidence)
    return article.published_doubt or (Doubt.UNREADABLE if article.published_raw else None)


def _said(raw: str | None, date: datetime | None) -> str | None:
    return raw or (date.isoformat() if date else None)


def _modified(modified: datetime | None, published: datetime | None, now: datetime) -> datetime | None:
    """Return a date of modification, or None where it can't be true: long before what it modifies."""
    if modified is None:
        return None
    evidence = [published] if published and modified < published else []
    return None if doubt(modified, now, evidence=evidence) else modified
