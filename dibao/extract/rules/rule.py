"""A rule: what is known of the pages of one host, since when and until when."""

import datetime
from dataclasses import dataclass, replace
from functools import lru_cache

from dibao.text import digest

XPATH = "xpath:"  # how a selector begins that is no CSS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page, and what a rule must make of it."""

    url: str
    page: str | None = None  # a file, seen from that of the rule; None: the archive's own capture
    title: str | None = None
    byline: str | None = None
    date: str | None = None  # its day, as YYYY-MM-DD
    next: str | None = None  # the address of the next page
    contains: tuple[str, ...] = ()  # of the text
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What of the pages of one host is the article; selectors are CSS, or XPath behind ``xpath:``.

    Of several selectors for one thing the first that finds any counts; `strip` takes all.
    """

    host: str
    file: str  # where it stands, for people
    since: datetime.date | None = None  # the first day on which captured pages look so
    until: datetime.date | None = None  # the first day on which they no longer do
    relay: bool = False  # the host makes feeds of others' articles: the rule is for what these carry
    select: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_text: tuple[str, ...] = ()  # whole paragraphs, word for word
    title: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    single: tuple[str, ...] = ()  # the link to all pages as one
    replace: tuple[tuple[str, str], ...] = ()  # in the page as it came: what, and by what
    tests: tuple[Sample, ...] = ()

    @property
    def name(self) -> str:
        """Return what an article says of the rule that it was read by: file, first day, and a digest."""
        return _name(replace(self, tests=()))

    def holds(self, at: datetime.datetime) -> bool:
        """Say whether the rule is about pages that were captured at a time."""
        captured = at.date()
        return (self.since is None or self.since <= captured) and (
            self.until is None or captured < self.until
        )


@lru_cache(maxsize=1024)
def _name(rule: Rule) -> str:
    acts = repr((rule.select, rule.strip, rule.strip_text, rule.title, rule.byline, rule.date))
    further = repr((rule.next, rule.single, rule.replace))
    since = f" {rule.since}" if rule.since else ""
    return f"{rule.file}{since} {digest(acts, further)[:8]}"


def joined(first: Rule | None, second: Rule | None) -> Rule | None:
    """Return a rule that strips what both do and reads all else as the first does."""
    if first is None or second is None:
        return first or second
    return replace(
        first,
        file=f"{first.file} + {second.file}",
        strip=tuple(dict.fromkeys((*first.strip, *second.strip))),
        strip_text=tuple(dict.fromkeys((*first.strip_text, *second.strip_text))),
        replace=(*first.replace, *second.replace),
    )
