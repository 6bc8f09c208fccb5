"""What a page says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dibao.dates import Doubt
from dibao.model.captures import Brought, Ref
from dibao.model.feeds import Entry, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an article says of its own correction or update."""

    kind: str  # "correction" or "update"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a wire story says of itself."""

    agency: str | None = None
    place: str | None = None
    day: int | None = None
    reporters: tuple[str, ...] = ()  # people; the desk where it signs in their place
    editors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()  # named beside the text; of one picture: Media.credit
    text_date: str | None = None
    relay: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, sound, film or quoted post in an article."""

    url: str  # of what another site plays: the page where it does
    kind: str = "image"  # or "audio", "video", "post"
    candidates: tuple[str, ...] = ()  # every address it was offered under, the best to ask for first
    caption: str | None = None
    credit: str | None = None
    file_photo: bool = False  # its caption says that it was taken on another occasion
    taken: str | None = None  # and when: 2020, 2020-03 or 2020-03-04
    width: int | None = None
    height: int | None = None
    digest: str | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return every address it can be had under, each once, the one that the article shows first."""
        return tuple(dict.fromkeys((self.url, *self.candidates)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link beside an article, kept outside its body."""

    url: str
    title: str
    role: str  # "related", "promoted", or "keyword": to all that has it
    thumbnail: str | None = None  # the picture that stands with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one fact of an article was read."""

    field: str  # of Article
    source: str  # "json-ld", "opengraph", "meta", "microdata", "heading", "byline", "url", "text", "feed", …
    confidence: float  # 0 to 1


LEAVES_AT_MOST = 20  # of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One of the pages that an article is joined of, and how much of the whole is its own."""

    url: str | None  # None: the first, which stands where the article does
    digest: str  # of what it says by itself; see decide.fingerprint
    html: int  # characters
    text: int  # characters, without the blank line before the next


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
    policy: int = 0  # number of the allow-list that `html` was written by; 0: it had none yet
    canonical_url: str | None = None
    kicker: str | None = None
    dek: str | None = None
    authors: tuple[str, ...] = ()  # people, never the outlet
    outlets: tuple[str, ...] = ()  # agencies and desks that sign it beside people or instead of them
    byline: str | None = None
    credits: Credits | None = None
    published_at: datetime | None = None  # in the zone the page writes it in: its day is the one written
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
    origins: tuple[Origin, ...] = ()  # where the facts were read; one for each that the page gave
    basis: Basis = Basis.PAGE
    brought: Brought | None = None  # its page was handed to us by a person; None: we asked for it ourselves
    rule: str | None = None  # by which rule for its site it was read: file, first day, digest; None: by none
    next_part: str | None = None  # where it goes on, on a page that is not joined here; None: it ends here
    leaves: tuple[Leaf, ...] = ()  # the pages it is joined of, in their order; empty where it stands on one


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an article, as it came: the bytes are in the capture."""

    url: str  # where the article shows it
    digest: str  # SHA-256 of its bytes
    type: str  # by its bytes, not by its name: "image/jpeg", …
    ref: Ref
    width: int | None = None  # in pixels, as it is shown; None: kept before sizes were, and not yet measured
    height: int | None = None
    length: int | None = None  # of its bytes
    broken: str | None = None  # why it can't be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one capture says."""

    feed: Feed | None = None  # without the entries that are older than its source's `since`
    left_out: int = 0  # how many those are
    marks: tuple[str, ...] = ()  # of a poll: one for each of its entries; see decide/echo.py
    echoes: tuple[tuple[str, ...], ...] = ()  # of each that says what it said then: its keys; else ()
    articles: tuple[tuple[Entry, Article], ...] = ()  # entries that are articles by themselves; no echoes
    article: Article | None = None
    media_type: str | None = None  # of a picture, by its bytes
    size: tuple[int, int] | None = None  # of a picture: width and height in pixels
    otherwise: tuple[tuple[str | None, str], ...] = ()  # of a page seen before: its digest by each other rule
    error: str | None = None  # why there is nothing; or why the article is only the feed's
    claims: tuple[str, ...] = ()  # the addresses the page says are its own
    names: tuple[str, ...] = ()  # every identity mentioned, for the archive to look up
