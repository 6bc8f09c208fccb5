"""Every "should we…?" of dibao, as functions of values.

`judge` says all that one answer changes. It is pure and cheap: it runs inside the transaction that
settles the answer, on what is `Known` there. An answer is either a feed (its entries become visits,
or articles by themselves) or a page (which becomes the next revision of one article, or none).
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html import unescape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dibao import text, urls
from dibao.dates import credible
from dibao.model import (
    Article,
    Basis,
    Capture,
    Entry,
    Headline,
    Kind,
    Outcome,
    Picture,
    Reading,
    Revision,
    Source,
    State,
    Trouble,
    Verdict,
    Visit,
)
from dibao.ports import Known
from dibao.version import VERSION

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

# How long after a look we look again: most edits and removals come early, some come late.
PACE = (HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK, 26 * WEEK)
MISSES_BELIEVED = 2  # one 404 may be a hiccup; a second, at another time, is a removal
HOLD_AT_MOST = WEEK
PICTURE_TRIES = 6  # unlike sources and articles, a picture that is not there is given up, and said so
PICTURES_AT_MOST = 30  # of one article: a gallery may be larger than all its news
_SHOWN = re.compile(r"<img [^>]*?src=\"([^\"]+)\"")  # in clean HTML, which quotes so
# Troubles that an hour will not mend.
LASTING = {Trouble.URL, Trouble.BLOCKED, Trouble.ROBOTS}


# --- identity -----------------------------------------------------------------------------------


def by_url(url: str | None) -> str | None:
    """Return the identity of an article that stands at this address, or None."""
    form = urls.same_article(url) if url else None
    return f"url:{form}" if form else None


def by_guid(entry: Entry, source: Source) -> str | None:
    """Return the identity that a source's own id gives, or None."""
    return f"guid:{source.id}:{entry.guid}" if entry.guid else None


def by_content(entry: Entry, source: Source) -> str:
    """Return the identity of an entry that has neither address nor id of its own."""
    return f"hash:{source.id}:{text.digest(entry.title, entry.published_raw, entry.content)}"


def identity(entry: Entry, source: Source) -> str:
    """Return what an entry is known by: its link, else its guid, else its content."""
    return by_url(entry.link) or by_guid(entry, source) or by_content(entry, source)


def key_of(name: str) -> str:
    """Return the lasting key of the article first known by this identity: 16 characters, a-z 2-7."""
    return b32encode(sha256(name.encode("utf-8", "surrogatepass")).digest()[:10]).decode().lower()


def names(visit: Visit, reading: Reading) -> tuple[str, ...]:
    """Return every identity an answer mentions, so that the archive can look them up at once."""
    if reading.feed is None:
        return tuple(filter(None, map(by_url, reading.claims)))
    mentioned: dict[str, None] = {}
    for entry in reading.feed.entries:
        forms = (identity(entry, visit.source), by_guid(entry, visit.source), by_content(entry, visit.source))
        mentioned.update(dict.fromkeys(filter(None, forms)))
    return tuple(mentioned)


def stands_alone(entry: Entry, source: Source) -> bool:
    """Say whether an entry is the article by itself, with no page behind it to ask."""
    return source.feed_only or urls.parse(entry.link or "") is None


# --- likeness -----------------------------------------------------------------------------------


def fingerprint(article: Article) -> str:
    """Return a digest of what a reader would call the text: headline, dek and body."""
    return text.digest(article.title, article.dek, article.text)


def announcement(entry: Entry | None) -> str:
    """Return a digest of what an entry announces; it changes when the source edits the entry."""
    if entry is None:
        return ""
    return text.digest(by_url(entry.link), entry.title, entry.content, entry.summary, entry.updated_raw)


def alike(a: Entry | None, b: Entry | None) -> bool:
    """Say whether two entries with one guid and two links may be one article that moved."""
    if a is None or b is None:
        return False
    same_title = bool(a.title) and text.digest(a.title) == text.digest(b.title)
    return same_title or (bool(a.content) and text.digest(a.content) == text.digest(b.content))


# --- when next -----------------------------------------------------------------------------------


def retry_after(capture: Capture, now: datetime) -> timedelta | None:
    """Return how long the host asks us to stay away (RFC 9110 §10.2.3), a week at most, or None."""
    value = (capture.header("Retry-After") or "").strip()
    if capture.status not in (429, 503) or not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value), 10**9)), HOLD_AT_MOST)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), HOLD_AT_MOST)


def backoff(failures: int) -> timedelta:
    """Return the wait after so many failures in a row."""
    return min(HOUR * (1 << min(failures - 1, 16)), WEEK)  # sites come back: never stop asking


def next_look(looks: int) -> timedelta:
    """Return the wait before an article is looked at again."""
    return PACE[min(looks, len(PACE)) - 1]


def why_not(capture: Capture, asked_conditionally: bool) -> str | None:
    """Return why an answer can't be read, in words, or None when it can."""
    if capture.failure:
        return str(capture.failure)
    if capture.status == 200 or (capture.status == 304 and asked_conditionally):
        return None
    return f"the server answered {capture.status}"


def remembered(visit: Visit, capture: Capture, due: datetime | None) -> Visit:
    """Return the visit after an answer that was read: validators now vouch for what is kept."""
    fresh = capture.status == 200
    return replace(
        visit,
        due=due,
        etag=capture.header("ETag") or (None if fresh else visit.etag),
        last_modified=capture.header("Last-Modified") or (None if fresh else visit.last_modified),
        digest=capture.digest if fresh else visit.digest,
        ref=capture.ref if fresh and capture.ref else visit.ref,
        looks=visit.looks + 1,
        failures=0,
        misses=0,
        asked_at=capture.captured_at,
        hold=None,
        error=None,
        error_since=None,
    )


def failed(visit: Visit, capture: Capture, why: str, now: datetime) -> Visit:
    """Return the visit after an answer that could not be read: asked again, later and later."""
    failures = visit.failures + 1
    lasting = capture.failure is not None and capture.failure.trouble in LASTING
    wait = WEEK if lasting else backoff(failures)
    hold = retry_after(capture, now)
    return replace(
        visit,
        due=now + max(wait, hold or wait),
        failures=failures,
        asked_at=capture.captured_at,
        hold=now + hold if hold else None,
        error=why,
        error_since=visit.error_since or now,
    )


# --- the judgement ----------------------------------------------------------------------------------


def judge(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say all that one answer changes."""
    ask = {Kind.FEED: judge_feed, Kind.ARTICLE: judge_page, Kind.MEDIA: judge_picture}[visit.kind]
    outcome = ask(visit, capture, reading, known, now)
    lines = (headline(known.headlines.get(revision.key), revision) for revision in outcome.revisions)
    pictures = (picture for revision in outcome.revisions for picture in pictures_due(revision, now))
    return replace(outcome, headlines=tuple(lines), found=(*outcome.found, *pictures))


def judge_feed(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a poll changes: the entries it announces, and when to poll again."""
    why = why_not(capture, bool(visit.etag or visit.last_modified)) or reading.error
    if capture.status == 410:
        note = "the server says this feed is gone for good (410)"
        stopped = replace(known.source, state=State.STOPPED, note=note)
        return Outcome(visit=replace(failed(visit, capture, note, now), due=None), source=stopped, error=note)
    if why:
        return Outcome(visit=failed(visit, capture, why, now), error=why)
    next_poll = remembered(visit, capture, now + timedelta(seconds=known.source.every))
    if reading.feed is None:  # 304: nothing new
        return Outcome(visit=next_poll)
    found: dict[str, Visit] = {}
    revisions: dict[str, Revision] = {}
    identities: dict[str, str] = {}
    articles = {id(entry): article for entry, article in reading.articles}
    for entry, key in keyed(reading.feed.entries, known):
        for name in (identity(entry, known.source), by_guid(entry, known.source)):
            if name and name not in known.identities:
                identities.setdefault(name, key)
        if id(entry) in articles:
            if is_anothers(key, known):
                continue
            article = believed(articles[id(entry)], now)
            revision = next_revision(key, article, entry, known, capture, now)
            revisions.update({key: revision} if revision else {})
        else:
            announced = announce(key, entry, known, now)
            found.update({key: announced} if announced else {})
    return Outcome(
        visit=next_poll,
        found=tuple(found.values()),
        revisions=tuple(revisions.values()),
        identities=tuple(identities.items()),
        source=told_more(known.source, reading),
    )


def is_anothers(key: str, known: Known) -> bool:
    """Say whether another source's feed brought an article first: two feeds word one article apart."""
    latest = known.revisions.get(key)
    return latest is not None and latest.source.id != known.source.id


def told_more(source: Source, reading: Reading) -> Source | None:
    """Return the source with the language its feed states, or None when that tells nothing new."""
    language = reading.feed.language if reading.feed else None
    return replace(source, language=language) if language and not source.language else None


def keyed(entries: Iterable[Entry], known: Known) -> Iterator[tuple[Entry, str]]:
    """Yield each entry with the key of its article, new or known; one that stands twice, once."""
    entries = tuple(entries)
    links = {by_url(entry.link) for entry in entries}
    taken: dict[str, Entry] = {}
    for entry in entries:
        key = known_key(entry, known, links) or key_of(identity(entry, known.source))
        if key in taken:
            if announcement(entry) == announcement(taken[key]) or not stands_alone(entry, known.source):
                continue
            # One guid, two contents: both are kept, the second under its content.
            name = by_content(entry, known.source)
            key = known.identities.get(name) or key_of(name)
            if key in taken:
                continue
        taken[key] = entry
        yield entry, key


def known_key(entry: Entry, known: Known, links: set[str | None]) -> str | None:
    """Return the key of the known article an entry announces, or None when it is new.

    A link decides. A guid decides only where the link is new, the old one has left the feed, and
    title or content say it is the same: some feeds give every entry one guid.
    """
    name = identity(entry, known.source)
    if name in known.identities:
        return known.identities[name]
    guid = by_guid(entry, known.source)
    key = known.identities.get(guid) if guid else None
    if key is None:
        return None
    visit, revision = known.visits.get(key), known.revisions.get(key)
    before = visit.entry if visit else revision.entry if revision else None
    still_listed = before is not None and by_url(before.link) in links
    return key if alike(entry, before) and not still_listed else None


def announce(key: str, entry: Entry, known: Known, now: datetime) -> Visit | None:
    """Return the visit that an announcement asks for, or None when it says nothing new."""
    visit = known.visits.get(key)
    if visit is None and key in known.revisions:
        return None  # kept from another source's feed, which looks after it
    if visit is None:
        return Visit(
            url=entry.link or "", kind=Kind.ARTICLE, source=known.source, entry=entry, key=key, due=now
        )
    if visit.source.id != known.source.id or announcement(visit.entry) == announcement(entry):
        return None
    due = max(now, visit.hold) if visit.hold else now
    return replace(visit, url=entry.link or visit.url, entry=entry, due=due)


def judge_page(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a look at an article changes: its next revision, and when to look again."""
    key = visit.key or key_of(by_url(visit.url) or visit.url)
    latest = known.revisions.get(key)
    why = why_not(capture, bool(visit.etag or visit.last_modified))
    if capture.status in (404, 410) and latest and latest.article.basis is Basis.PAGE:
        return missing(visit, capture, latest, now)
    if capture.status == 304 and not why:
        back = restored(latest, capture, now) if latest else None
        return Outcome(visit=seen(visit, capture, now), revisions=(back,) if back else ())
    twin = same_elsewhere(key, visit.entry, reading, known)
    if twin:
        own = (by_url(visit.url), by_guid(visit.entry, known.source) if visit.entry else None)
        learnt = (*((name, twin) for name in own if name), *claims(reading, twin, known))
        return Outcome(visit=replace(seen(visit, capture, now), due=None), identities=learnt)
    why = why or reading.error
    after = failed(visit, capture, why, now) if why else seen(visit, capture, now)
    if reading.article is None:
        return Outcome(visit=after, error=why)
    article = believed(reading.article, now)
    revision = next_revision(key, article, visit.entry, known, capture, now, why=why, url=capture.final_url)
    learnt = claims(reading, key, known) if not why else ()
    return Outcome(visit=after, revisions=(revision,) if revision else (), identities=learnt, error=why)


def judge_picture(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what an answer to a picture's address changes; a picture that is kept is not asked again."""
    why = why_not(capture, asked_conditionally=False) or reading.error
    if why or reading.media_type is None or capture.ref is None:
        why = why or "it is not a picture"
        after = failed(visit, capture, why, now)
        tried = after.failures >= PICTURE_TRIES
        return Outcome(visit=replace(after, due=None) if tried else after, error=why)
    picture = Picture(url=visit.url, digest=capture.digest, type=reading.media_type, ref=capture.ref)
    return Outcome(visit=remembered(visit, capture, None), picture=picture)


def pictures_due(revision: Revision, now: datetime) -> Iterator[Visit]:
    """Yield a visit for every picture of a revision; a feed-only source asks for nothing but its feed."""
    if revision.source.feed_only or revision.verdict in (Verdict.GONE, Verdict.SAME):
        return
    for url in pictures_of(revision.article):
        yield Visit(url=url, kind=Kind.MEDIA, source=revision.source, key=revision.key, due=now)


def pictures_of(article: Article) -> tuple[str, ...]:
    """Return the addresses of the pictures an article shows, the lead first, each once."""
    lead = (media.url for media in article.media if media.kind == "image")
    shown = (unescape(found) for found in _SHOWN.findall(article.html))
    usable = (url for url in (*lead, *shown) if urls.parse(url))
    return tuple(dict.fromkeys(usable))[:PICTURES_AT_MOST]


def seen(visit: Visit, capture: Capture, now: datetime) -> Visit:
    """Return the visit after a good look."""
    return remembered(visit, capture, now + next_look(visit.looks + 1))


def missing(visit: Visit, capture: Capture, latest: Revision, now: datetime) -> Outcome:
    """Return what a 404 or 410 means for an article that we have."""
    why = f"the server answered {capture.status}"
    misses = visit.misses + 1
    after = replace(failed(visit, capture, why, now), misses=misses)
    if misses < MISSES_BELIEVED or latest.verdict is Verdict.GONE:
        return Outcome(visit=after, error=why)
    gone = follow(latest, Verdict.GONE, capture, now)
    return Outcome(visit=after, revisions=(gone,), error=why)


def restored(latest: Revision, capture: Capture, now: datetime) -> Revision | None:
    """Return the revision that says an article is back, if it was gone."""
    return follow(latest, Verdict.RESTORED, capture, now) if latest.verdict is Verdict.GONE else None


def follow(latest: Revision, verdict: Verdict, capture: Capture, now: datetime) -> Revision:
    """Return the next revision with the same text."""
    refs = (capture.ref,) if capture.ref else ()
    return replace(
        latest, number=latest.number + 1, seen_at=now, verdict=verdict, refs=refs, made_by=made_by()
    )


def same_elsewhere(key: str, entry: Entry | None, reading: Reading, known: Known) -> str | None:
    """Return the key of a kept article that this page claims to be, if its text agrees.

    Only a page not yet kept is joined, and only on equal text that was announced alike: many sites
    give every page one canonical link, or lead every visitor to one wall, and no article may be lost
    to that.
    """
    if key in known.revisions or reading.article is None or reading.error:
        return None
    mark = fingerprint(reading.article)
    others = (known.identities.get(by_url(claim) or "") for claim in reading.claims)
    for other in filter(None, others):
        twin = known.revisions.get(other)
        if other != key and twin and twin.digest == mark and alike(entry, twin.entry):
            return other
    return None


def claims(reading: Reading, key: str, known: Known) -> tuple[tuple[str, str], ...]:
    """Return the identities that a page claims for an article and that nobody has."""
    forms = (by_url(claim) for claim in reading.claims)
    return tuple((name, key) for name in dict.fromkeys(forms) if name and name not in known.identities)


def verdict_on(latest: Revision | None, article: Article) -> Verdict:
    """Say what a text means for what is kept; no case left out."""
    if latest is None:
        return Verdict.NEW
    before, after = latest.article.basis, article.basis
    if before is Basis.PAGE and after is Basis.FEED:
        return Verdict.SAME  # the page is out of reach for now: what it said stands
    if latest.verdict is Verdict.GONE:
        return Verdict.RESTORED
    if before is Basis.FEED and after is Basis.PAGE:
        return Verdict.COMPLETED
    return Verdict.SAME if latest.digest == fingerprint(article) else Verdict.CHANGED


def next_revision(
    key: str,
    article: Article,
    entry: Entry | None,
    known: Known,
    capture: Capture,
    now: datetime,
    *,
    why: str | None = None,
    url: str | None = None,
) -> Revision | None:
    """Return the revision that a text makes, or None when it says what is kept already."""
    latest = known.revisions.get(key)
    verdict = verdict_on(latest, article)
    if verdict is Verdict.SAME:
        return None
    return Revision(
        key=key,
        number=latest.number + 1 if latest else 1,
        seen_at=now,
        verdict=verdict,
        digest=fingerprint(article),
        article=article,
        entry=entry,
        source=known.source,
        refs=(capture.ref,) if capture.ref else (),
        made_by=made_by(),
        why=why if article.basis is Basis.FEED else None,
        url=article.canonical_url or (entry.link if entry else None) or url,
    )


def made_by() -> str:
    """Return what a revision names as its maker."""
    return f"dibao {VERSION}"


def believed(article: Article, now: datetime) -> Article:
    """Return the article without dates that can't be true; what was said of them is kept."""
    published = credible(article.published_at, now)
    said = article.published_raw or (article.published_at.isoformat() if article.published_at else None)
    return replace(
        article,
        published_at=published,
        published_raw=said,
        modified_at=credible(article.modified_at, now),
    )


# --- one line for lists ---------------------------------------------------------------------------


def local_day(moment: datetime, timezone: str | None) -> str:
    """Return the day a moment falls on in an IANA time zone; an unknown zone counts as UTC."""
    try:
        zone = ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return moment.astimezone(zone).date().isoformat()


def headline(before: Headline | None, revision: Revision) -> Headline:
    """Return an article's line after a revision; its date and day never move."""
    article, source = revision.article, revision.source
    at = before.at if before else article.published_at or revision.seen_at
    edit = revision.verdict is Verdict.CHANGED
    return Headline(
        key=revision.key,
        title=article.title or "(untitled)",
        at=at,
        day=before.day if before else local_day(at, source.timezone),
        seen_at=revision.seen_at,
        source=source.name,
        source_id=source.id,
        category=source.category,
        section=article.section,
        authors=article.authors,
        keywords=tuple(dict.fromkeys((*article.keywords, *source.tags))),
        language=article.language or source.language,
        summary=text.clip(text.squeeze(article.dek or article.text), 160),
        image=article.media[0].url if article.media else None,
        url=revision.url,
        number=revision.number,
        edits=(before.edits if before else 0) + edit,
        gone=revision.verdict is Verdict.GONE,
        partial=revision.why is not None,
    )
