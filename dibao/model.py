"""The nouns of dibao, as frozen values.

Containers are tuples; make a changed copy with ``dataclasses.replace``, never change in place. All
times are aware UTC. HTML in an `Article` is always clean (the allow-list of ``extract/clean.py``); HTML
in an `Entry` is as the source wrote it and must never be published unsanitised.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from dibao.dates import Doubt as Doubt

# --- what we watch, and whom we ask ------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host that asked to be left alone."""

    host: str  # with its port where that is unusual
    until: datetime
    status: int  # what it answered
    since: datetime  # when it answered so
    times: int = 1  # in a row, without a word of how long


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A URL to ask, when, and our memory of asking it."""

    id: int = 0  # 0 until the archive gives it one
    url: str
    kind: Kind
    source: Source
    entry: "Entry | None" = None  # the announcement that brought us to an article
    key: str | None = None  # the article this visit looks after
    due: datetime | None = None  # None: never again, unless a person asks
    etag: str | None = None  # validators are stored only with what they vouch for
    last_modified: str | None = None
    digest: str | None = None  # SHA-256 of the last body that was read
    ref: "Ref | None" = None  # where that body is kept
    looks: int = 0  # answers read so far, fewer where an edit was seen; sets the pace of rechecks
    failures: int = 0  # in a row
    misses: int = 0  # looks in a row that found the article gone
    announced: int = 0  # how often the entry was announced anew
    asked_at: datetime | None = None  # when the last settled answer was captured
    hold: datetime | None = None  # the host asked us not to come back before
    depth: int = 0  # of a part: how many indexes stand above it
    changed: datetime | None = None  # of a part: when it last changed, as its index says
    rhythm: Rhythm | None = None  # of a source's feed: what its polls taught us
    left_out: int = 0  # entries of the last answer that are older than the source's `since`
    note: str | None = None  # what else the last answer held that was not taken, or not as it stood
    error: str | None = None  # why the last ask gave nothing
    error_since: datetime | None = None


# --- what came back -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Where a capture is kept: a WARC file, relative to the archive, and an offset in bytes."""

    file: str
    offset: int


class Trouble(StrEnum):
    """The ways in which asking can fail."""

    URL = "url"  # not an address we can ask
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BLOCKED = "blocked"  # an address we refuse to connect to
    ROBOTS = "robots"  # robots.txt forbids it
    UNASKED = "unasked"  # nothing was asked: robots.txt could not be read, or the host wants to be left alone
    REDIRECT = "redirect"  # too many, or nowhere
    SIZE = "size"
    ENCODING = "encoding"
    BROKEN = "broken"  # the answer breaks HTTP, or stops short
    CHALLENGE = "challenge"  # a check for browsers came instead: a puzzle, a captcha, a refusal of programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a request brought no usable answer."""

    trouble: Trouble
    detail: str

    def __str__(self) -> str:
        return f"{self.trouble}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, byte for byte as on the wire (TLS removed)."""

    url: str
    at: datetime
    request: bytes
    response: bytes
    address: str | None = None  # the peer we talked to


class Brought(StrEnum):
    """How bytes came that a person handed us: nobody can say that they came over our wire."""

    SAVED = "saved"  # a page that a person saved in a browser
    COPIED = "copied"  # a record of another crawler, from its WARC file


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One visit's answer, as it happened."""

    url: str
    final_url: str
    captured_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""  # decoded: what the page's author wrote
    failure: Failure | None = None
    exchanges: tuple[Exchange, ...] = ()  # every hop; the last one is the answer
    ref: Ref | None = None  # set once it is written down
    brought: Brought | None = None  # None: we asked for it ourselves

    @property
    def has_page(self) -> bool:
        """Say whether there is something to read: the server answered well, or a person brought it."""
        return self.failure is None and (self.status == 200 or self.brought is not None)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the decoded body, in hex."""
        return sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


# --- what a feed says -----------------------------------------------------------------------------


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


# --- what a page says -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a wire story says of itself."""

    agency: str | None = None
    place: str | None = None
    day: int | None = None
    reporters: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    text_date: str | None = None
    relay: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, sound or film in an article."""

    url: str
    kind: str = "image"
    candidates: tuple[str, ...] = ()  # every address it was offered under, the largest first
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link beside an article, kept outside its body."""

    url: str
    title: str
    role: str  # "related" or "promoted"


class Basis(StrEnum):
    """Where an article's text was read."""

    PAGE = "page"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the page says, cleaned."""

    title: str | None
    html: str  # clean: the allow-list of extract/clean.py, absolute links
    text: str  # the same without markup, paragraphs apart by a blank line
    canonical_url: str | None = None
    kicker: str | None = None
    dek: str | None = None
    authors: tuple[str, ...] = ()  # people, never the outlet
    byline: str | None = None
    credits: Credits | None = None
    published_at: datetime | None = None
    published_raw: str | None = None  # what was said of the date, believed or not
    published_doubt: Doubt | None = None  # why it is not believed
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # (native, Latin)
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()  # the lead picture first
    confidence: float = 0.0
    basis: Basis = Basis.PAGE
    brought: Brought | None = None  # its page was handed to us by a person; None: we asked for it ourselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an article, as it came: the bytes are in the capture."""

    url: str  # where the article shows it
    digest: str  # SHA-256 of its bytes
    type: str  # by its bytes, not by its name: "image/jpeg", …
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one capture says."""

    feed: Feed | None = None  # without the entries that are older than its source's `since`
    left_out: int = 0  # how many those are
    articles: tuple[tuple[Entry, Article], ...] = ()  # entries that are articles by themselves
    article: Article | None = None
    media_type: str | None = None  # of a picture, by its bytes
    error: str | None = None  # why there is nothing; or why the article is only the feed's
    claims: tuple[str, ...] = ()  # the addresses the page says are its own
    names: tuple[str, ...] = ()  # every identity mentioned, for the archive to look up


# --- what we keep -----------------------------------------------------------------------------


class Verdict(StrEnum):
    """What an answer means for an article."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"
    RESTORED = "restored"
    COMPLETED = "completed"  # the whole text came where only the feed's was kept: no edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of one article, kept for good."""

    key: str  # lasting identity of the article
    number: int  # from 1
    seen_at: datetime
    verdict: Verdict
    digest: str  # of what a reader would call the text; see decide.fingerprint
    article: Article
    entry: Entry | None
    source: Source
    refs: tuple[Ref, ...] = ()  # the captures behind it
    made_by: str  # extractor and rules, as "dibao 0.1.0"
    why: str | None = None  # why only the feed's text is kept, when that is so
    url: str | None = None  # where it stood


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that one answer changes."""

    visit: Visit  # as it will be stored: when next, and what we remember
    found: tuple[Visit, ...] = ()  # new visits, or known ones whose announcement changed
    revisions: tuple[Revision, ...] = ()
    headlines: tuple["Headline", ...] = ()  # one a revision, in the same order
    identities: tuple[tuple[str, str], ...] = ()  # (identity, key) learnt
    picture: Picture | None = None
    source: Source | None = None  # when the answer changes the source itself
    gap: Gap | None = None
    hold: Hold | None = None  # what stands for the host that answered, from now on
    error: str | None = None


# --- what publishers and people read --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One article with its whole history, as published forms need it."""

    key: str
    revisions: tuple[Revision, ...]  # the first to the latest, never empty

    @property
    def first(self) -> Revision:
        """Return the revision that names the article's file for ever."""
        return self.revisions[0]

    @property
    def latest(self) -> Revision:
        """Return the revision that stands now."""
        return self.revisions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article in one line, as lists need it; kept ready beside each article."""

    key: str
    title: str  # never empty: "(untitled)" where the source gave none
    at: datetime  # the source's credible date at first sight, else when we saw it; never moves
    day: str  # "YYYY-MM-DD" of `at` in the source's time zone
    seen_at: datetime  # of the latest revision
    source: str  # its name
    source_id: int
    category: str | None
    section: str | None
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    language: str | None
    summary: str  # plain text, some 160 characters
    image: str | None
    url: str | None  # where it stood
    number: int  # latest revision
    edits: int  # revisions that were edits
    gone: bool
    partial: bool  # only the feed's text could be kept
    brought: bool = False  # its page was handed to us by a person
