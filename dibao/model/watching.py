"""What we watch, and whom we ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dibao.model.captures import Failure, Ref
from dibao.model.feeds import Entry


class State(StrEnum):
    """Whether a source is asked."""

    ACTIVE = "active"
    PAUSED = "paused"  # a person said so
    STOPPED = "stopped"  # the source said so (410 Gone)
    REMOVED = "removed"  # unsubscribed; its articles stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something we watch: an outlet's feed, sitemap or list page."""

    id: int = 0  # 0 until the archive gives it one
    name: str
    url: str
    kind: str = "feed"  # or "sitemap", or "page": a list of headlines; or "kept": pages kept one by one
    selector: str | None = None  # CSS: which links of a page are its headlines; None: learnt from the page
    language: str | None = None  # BCP 47, as "zh-Hant"
    region: str | None = None
    timezone: str | None = None  # IANA name; days on the site are this zone's days
    category: str | None = None
    tags: tuple[str, ...] = ()
    every: int = 3600  # seconds between polls
    steady: bool = False  # a person chose `every`; else it is where to begin, and the rhythm decides
    feed_only: bool = False  # the feed's content is the article; no page is asked
    rights: str | None = None
    since: str | None = None  # a day, "2026-02-02": entries last changed before it are left out
    state: State = State.ACTIVE
    note: str | None = None  # why it is not active, in words
    extra: tuple[tuple[str, str], ...] = ()  # what a list said of it beyond these: (attribute, value)


KEPT_PAGES = Source(
    name="Kept pages", url="dibao:kept", kind="kept"
)  # never polled: a person names each page


class Kind(StrEnum):
    """What a visit asks for."""

    FEED = "feed"  # what a source itself answers: a feed, a sitemap or a list page
    PART = "part"  # a further part of it: a child sitemap or an older page
    ARTICLE = "article"
    NEXT = "next"  # a further page of an article that its outlet spread over several
    MEDIA = "media"


POLLS = (Kind.FEED, Kind.PART)  # what announces articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What polls taught us of a source: how often it publishes, what it wishes, where it may have moved."""

    began: datetime  # the first poll
    polled: datetime | None = None  # the last poll that could be read
    window: tuple[str, ...] = ()  # keys of the last poll's entries, of the 500 newest where there are more
    size: int = 0  # entries of the last poll
    newest: datetime | None = None  # the latest date of an entry so far, never after its poll
    is_full: bool = False  # as many entries as it ever holds: what is new pushes something out
    fresh: int = 0  # entries that the last poll showed and the one before did not
    idle: int = 0  # polls in a row whose answer was the one before
    span: float = 0.0  # hours that were watched; with the two counts below it fades, halved in two weeks
    hours: tuple[float, ...] = (0.0,) * 24  # entries by hour of the day, UTC
    days: tuple[float, ...] = (0.0,) * 7  # entries by day of the week, Monday first
    ttl: int | None = None  # seconds, as the feed says
    skip_hours: tuple[int, ...] = ()  # as the feed says: in UTC
    skip_days: tuple[int, ...] = ()  # Monday is 0
    moved_to: str | None = None  # where permanent redirects led at each of the polls below
    moved: tuple[datetime, ...] = ()
    kept: tuple[tuple[str, ...], ...] = ()  # of the last poll's entries: a mark, and the keys it goes by


BUSY = (429, 503)  # statuses with which a host asks to be left alone
HOLD_AT_MOST = timedelta(weeks=1)  # whatever it says
HOLD_UNSAID = timedelta(hours=4)  # 429 without Retry-After; doubled each time in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host that asked to be left alone."""

    host: str  # with its port where that is unusual
    until: datetime
    status: int  # what it answered
    since: datetime  # when it answered so
    times: int = 1  # in a row, without a word of how long


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the robots.txt of a site said, or why that is not known."""

    origin: str  # scheme, host and port
    since: datetime  # when it was read, or could not be
    until: datetime  # then it is asked again
    body: bytes | None = None  # as it came, its first 500 KiB; None: there is none, and all may be asked
    failure: Failure | None = None  # nothing may
    tries: int = 0  # that brought nothing, in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span of time in which a source may have announced entries that no poll saw."""

    id: int = 0  # 0 until the archive gives it one
    source: int
    since: datetime  # of the newest entry known before
    until: datetime  # of the oldest entry seen after
    seen_at: datetime  # when the poll that showed it was made
    entries: int  # which that poll held, none of them known from the one before
    filled_at: datetime | None = None  # when what was missing was looked for and kept
    before: tuple[str, ...] = ()  # keys of what the poll before it held; known while it is looked for
    after: tuple[str, ...] = ()  # keys of what the poll that showed it held
    looked_for: bool = False  # what it may hide is still looked for
    tries: int = 0  # walks that did not fill it
    why: str | None = None  # why the last of them did not, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How far a walk has come that looks for what the gaps of a source hide."""

    start: str  # where a walk begins: the page that the source leads to, else its host's robots.txt
    shapes: tuple[str, ...] = ()  # how the addresses of its articles are made
    left: tuple[str, ...] = ()  # addresses that are still to be asked
    asked: tuple[str, ...] = ()  # addresses that were
    began: datetime | None = None  # when the first answer came: the walk says nothing of later gaps
    shown: tuple[str, ...] = ()  # keys on the page before
    is_at_maps: bool = False  # it goes through sitemaps by now
    is_whole: bool = True  # every sitemap that may hold what is missing was read
    below: tuple[int, ...] = ()  # gaps of which a sitemap held what came before them
    above: tuple[int, ...] = ()  # gaps of which a sitemap held what came after them
    why: tuple[str, ...] = ()  # what ended the ways that were gone, in words
    failures: int = 0  # walks in a row that left a gap open


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A URL to ask, when, and our memory of asking it."""

    id: int = 0  # 0 until the archive gives it one
    url: str
    kind: Kind
    source: Source
    entry: Entry | None = None  # the announcement that brought us to an article
    key: str | None = None  # the article this visit looks after
    due: datetime | None = None  # None: never again, unless a person asks
    etag: str | None = None  # validators are stored only with what they vouch for
    last_modified: str | None = None
    digest: str | None = None  # SHA-256 of the last body that was read
    ref: Ref | None = None  # where that body is kept
    stood: str | None = None  # the address it came from; None: not remembered, its record tells
    looks: int = 0  # answers read so far, fewer where an edit was seen; sets the pace of rechecks
    failures: int = 0  # in a row
    misses: int = 0  # looks in a row that found the article gone
    announced: int = 0  # how often the entry was announced anew
    asked_at: datetime | None = None  # when the last settled answer was captured
    hold: datetime | None = None  # the host asked us not to come back before
    depth: int = 0  # of a part: how many indexes stand above it; of a further page: how many pages before it
    changed: datetime | None = None  # of a part: when it last changed, as its index says
    rhythm: Rhythm | None = None  # of a source's feed: what its polls taught us
    filling: Filling | None = None  # of a part that is asked to fill gaps
    left_out: int = 0  # entries of the last answer that are older than the source's `since`
    note: str | None = None  # what else the last answer held that was not taken, or not as it stood
    error: str | None = None  # why the last ask gave nothing
    error_since: datetime | None = None
