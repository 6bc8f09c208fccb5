"""What is kept of it, and what publishers and people read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dibao.model.articles import Article, Picture
from dibao.model.captures import Ref
from dibao.model.feeds import Entry
from dibao.model.hubs import Offer
from dibao.model.vitals import Harvest, Pulse
from dibao.model.watching import Gap, Hold, Source, Visit


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
    pictures: tuple[Picture, ...] = ()  # what came, under each address that articles show it at
    source: Source | None = None  # when the answer changes the source itself
    gap: Gap | None = None  # a new one
    gaps: tuple[Gap, ...] = ()  # known ones, after a walk that looked for what they hide
    offer: Offer | None = None  # when the answer names another hub than before, or none any more
    hold: Hold | None = None  # what stands for the host that answered, from now on
    pulse: Pulse | None = None  # when it changes
    harvest: Harvest | None = None  # when it changes
    error: str | None = None


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
