"""What a feed says."""

from dataclasses import dataclass
from datetime import datetime

from dibao.dates import Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry carries or points at."""

    url: str
    type: str | None = None
    length: int | None = None  # bytes
    title: str | None = None
    medium: str | None = None  # "image", "video", … where the feed says so without a type
    credit: str | None = None
    width: int | None = None
    height: int | None = None
    duration: str | None = None  # as written: seconds or h:mm:ss


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a feed announces it; every field may be missing."""

    guid: str | None = None
    link: str | None = None  # absolute, not canonicalised
    title: str | None = None  # plain text
    published: datetime | None = None
    published_raw: str | None = None  # kept also when it can be read
    published_doubt: Doubt | None = None  # why a date that could be read was dropped
    updated: datetime | None = None
    updated_raw: str | None = None
    authors: tuple[str, ...] = ()  # people, one each
    outlets: tuple[str, ...] = ()  # what stands as author but is an organisation
    contributors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    content: str | None = None  # HTML as written: the fullest body the entry has
    summary: str | None = None  # HTML as written, when it differs from content
    base: str | None = None  # what relative links in content and summary are relative to
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    comments: str | None = None  # where readers discuss it
    comment_count: int | None = None
    via: str | None = None  # the feed an aggregator took it from: its title
    via_url: str | None = None
    rights: str | None = None
    cut: bool = False  # the feed ended inside it: what was not whole is left out
    raw: str = ""  # the element or object as it stood in the feed; left to the capture where the feed is huge


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further sitemap, as a sitemap index names it."""

    url: str
    updated: datetime | None = None
    updated_raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element of a feed as it was written, for those who want what the named fields leave out."""

    name: str  # in its usual prefix: "title", "dc:creator"; elements of the feed's own vocabulary have none
    text: str = ""  # or its markup, where `is_markup`
    is_markup: bool = False  # it was written as elements, not as text
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Node", ...] = ()
    base: str = ""  # what its relative links are relative to
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one source told us."""

    format: str  # "rss2.0", "rss1.0", "atom1.0", "json1.1", "sitemap", …
    title: str | None = None
    subtitle: str | None = None  # plain text
    link: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    updated: datetime | None = None
    updated_raw: str | None = None
    image: str | None = None
    rights: str | None = None
    generator: str | None = None
    ttl: int | None = None  # seconds
    skip_hours: tuple[int, ...] = ()  # of the day in UTC, in which the source does not want to be asked
    skip_days: tuple[int, ...] = ()  # of the week, Monday is 0
    hub: str | None = None  # WebSub
    self_url: str | None = None  # WebSub: the topic
    next_url: str | None = None  # older entries (RFC 5005), or the next page
    parts: tuple[Part, ...] = ()  # further sitemaps that a sitemap index names
    charset: str | None = None  # in which the bytes were read
    cut: bool = False  # the bytes end before the feed does
    notes: tuple[str, ...] = ()  # what had to be repaired to read it
    tree: Node | None = None  # the whole document, where it was asked for
