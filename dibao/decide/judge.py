"""What one answer changes.

`judge` is pure and cheap: it runs inside the transaction that settles an answer, on what is `Known`
there. An answer is a feed (its entries become visits, or articles by themselves), a page (which
becomes the next revision of one article, or none) or a picture.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dibao import text
from dibao.decide.belief import believed, believed_entries
from dibao.decide.identity import (
    alike,
    announcement,
    by_content,
    by_guid,
    by_url,
    fingerprint,
    key_of,
    names_of,
)
from dibao.decide.line import headline
from dibao.decide.parts import next_part_look, parts_due
from dibao.decide.pictures import judge_picture, pictures_due
from dibao.decide.schedule import backoff, failed, next_look, remembered, why_not
from dibao.model import (
    KEPT_PAGES,
    Article,
    Basis,
    Capture,
    Entry,
    Kind,
    Outcome,
    Reading,
    Revision,
    Source,
    State,
    Verdict,
    Visit,
)
from dibao.ports import Judge, Known
from dibao.version import VERSION

WHOLE = 0.6  # of a kept text: a feed with less has an excerpt
LOOKS_BELIEVED = 2  # one 404 may be a hiccup; a second, at another time, is a removal
# Of a maintenance page, a wall, or a rewrite: also believed only at a second look in a row.
STRANGE = "the page says something else entirely; it is looked at again before that is believed"


def judge(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say all that one answer changes."""
    return whole(JUDGES[visit.kind](visit, capture, reading, known, now), known, now)


def whole(outcome: Outcome, known: Known, now: datetime) -> Outcome:
    """Return an outcome together with the lines of its revisions and the visits to their pictures."""
    lines = (headline(known.headlines.get(revision.key), revision) for revision in outcome.revisions)
    pictures = (picture for revision in outcome.revisions for picture in pictures_due(revision, now))
    return replace(outcome, headlines=tuple(lines), found=(*outcome.found, *pictures))


def judge_feed(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a poll changes: the entries it announces, its further parts, and when to poll again."""
    why = why_not(capture, bool(visit.etag or visit.last_modified)) or reading.error
    if capture.status == 410 and visit.kind is Kind.FEED:
        note = "the server says this feed is gone for good (410)"
        stopped = replace(known.source, state=State.STOPPED, note=note)
        return Outcome(visit=replace(failed(visit, capture, note, now), due=None), source=stopped, error=note)
    if why:
        after = failed(visit, capture, why, now)
        return Outcome(visit=replace(after, due=None) if is_lost(after, capture) else after, error=why)
    if reading.feed is None:  # 304: nothing new
        return Outcome(visit=polled(visit, capture, False, known, now))
    told = announcements(visit, capture, reading, known, now)
    parts, notes = parts_due(visit, capture, reading.feed.parts, known, now)
    after = polled(visit, capture, bool(told.found or told.revisions), known, now)
    if reading.feed.cut:  # its validators vouch for what we have not seen
        after = replace(after, etag=None, last_modified=None, digest=None)
    said = "; ".join((*reading.feed.notes, *notes))
    return replace(
        told,
        visit=replace(after, left_out=reading.left_out, note=said or None),
        found=(*parts, *told.found),
        source=told_more(known.source, reading),
    )


def announcements(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Return what a feed's entries bring: visits, and revisions of those that are articles by themselves."""
    found: dict[str, Visit] = {}
    revisions: dict[str, Revision] = {}
    identities: dict[str, str] = {}
    articles = {id(entry): article for entry, article in reading.articles}
    entries = reading.feed.entries if reading.feed else ()
    trusted = dict(zip(map(id, entries), believed_entries(entries, now), strict=True))
    for entry, key, told in keyed(entries, known):
        for name in told:
            if name not in known.identities:
                identities.setdefault(name, key)
        if id(entry) in articles:
            if is_anothers(key, known):
                continue
            article = believed(as_announced(articles[id(entry)], trusted[id(entry)]), now)
            revision = next_revision(key, article, trusted[id(entry)], known, capture, now)
            revisions.update({key: revision} if revision else {})
        else:
            announced = announce(key, trusted[id(entry)], known, now)
            found.update({key: announced} if announced else {})
    return Outcome(
        visit=visit,
        found=tuple(found.values()),
        revisions=tuple(revisions.values()),
        identities=tuple(identities.items()),
    )


def as_announced(article: Article, entry: Entry) -> Article:
    """Return the article that an entry is by itself, with the entry's dates as far as they are believed."""
    return replace(
        article,
        published_at=entry.published,
        published_raw=entry.published_raw,
        published_doubt=entry.published_doubt,
        modified_at=entry.updated,
    )


def polled(visit: Visit, capture: Capture, brought: bool, known: Known, now: datetime) -> Visit:
    """Return the visit after a poll that could be read."""
    is_part = visit.kind is Kind.PART
    every = now + timedelta(seconds=known.source.every)
    return remembered(visit, capture, next_part_look(visit, capture, brought, now) if is_part else every)


def is_lost(visit: Visit, capture: Capture) -> bool:
    """Say whether a part is there no more; if its index still names it, that asks for it again."""
    missing = capture.status == 410 or (capture.status == 404 and visit.failures >= LOOKS_BELIEVED)
    return visit.kind is Kind.PART and missing


def is_anothers(key: str, known: Known) -> bool:
    """Say whether another source looks after an article: two feeds word one article apart.

    A source that is asked no more looks after nothing, nor does a person who kept a page once; the next
    that announces the article does.
    """
    visit, latest = known.visits.get(key), known.revisions.get(key)
    owner = visit.source if visit else latest.source if latest else known.source
    return owner.id != known.source.id and owner.state is State.ACTIVE and owner.kind != KEPT_PAGES.kind


def told_more(source: Source, reading: Reading) -> Source | None:
    """Return the source with the language its feed states, or None when that tells nothing new."""
    language = reading.feed.language if reading.feed else None
    return replace(source, language=language) if language and not source.language else None


def keyed(entries: Iterable[Entry], known: Known) -> Iterator[tuple[Entry, str, tuple[str, ...]]]:
    """Yield each entry with the key of its article and the identities it has; what stands twice, once."""
    named = [(entry, names_of(entry, known.source)) for entry in entries]
    shared = shared_names(named, known.source)
    links = {next((name for name in names if name.startswith("url:")), None) for _, names in named}
    taken: set[str] = set()
    for entry, names in named:
        own = tuple(name for name in names if name not in shared)
        told = own or (by_content(entry, known.source),)
        fresh = next((name for name in told if name not in known.identities), told[-1])
        key = known_key(entry, told, known, links) or key_of(fresh)
        if key not in taken:
            taken.add(key)
            yield entry, key, told


def shared_names(named: Iterable[tuple[Entry, tuple[str, ...]]], source: Source) -> set[str]:
    """Return the links and guids that stand on entries that say different things: they tell none apart."""
    said: dict[str, set[str]] = {}
    for entry, names in named:
        content = by_content(entry, source)
        for name in names:
            said.setdefault(name, set()).add(content)
    return {name for name, contents in said.items() if len(contents) > 1}


def known_key(entry: Entry, told: tuple[str, ...], known: Known, links: set[str | None]) -> str | None:
    """Return the key of the known article an entry announces, or None when it is new.

    A link decides, unless the guid is another and nothing else agrees: some feeds give every entry one
    link. A guid decides where the link is new, the old one has left the feed, and title or content say
    it is the same: some feeds give every entry one guid. What an entry says decides last.
    """
    for name in told:
        key = known.identities.get(name)
        if key and agrees(name, entry, entry_of(key, known), links):
            return key
    return None


def entry_of(key: str, known: Known) -> Entry | None:
    """Return an article's announcement as it is known."""
    visit, revision = known.visits.get(key), known.revisions.get(key)
    return visit.entry if visit else revision.entry if revision else None


def agrees(name: str, entry: Entry, before: Entry | None, links: set[str | None]) -> bool:
    """Say whether an identity may be believed, given what the known article was announced with."""
    if before is None:
        return True
    if name.startswith("url:"):
        return entry.guid == before.guid or not (entry.guid and before.guid) or alike(entry, before)
    moved = by_url(entry.link) != by_url(before.link)
    if name.startswith("hash:"):
        return not (moved and before.link and by_url(before.link) in links)
    return alike(entry, before) and not (moved and by_url(before.link) in links)


def announce(key: str, entry: Entry, known: Known, now: datetime) -> Visit | None:
    """Return the visit that an announcement asks for, or None when it says nothing new."""
    if is_anothers(key, known):
        return None
    visit = known.visits.get(key)
    if visit is None:
        return Visit(
            url=entry.link or "", kind=Kind.ARTICLE, source=known.source, entry=entry, key=key, due=now
        )
    same = visit.entry == entry or announcement(visit.entry) == announcement(entry)
    if visit.source.id == known.source.id and same:
        return None
    moved = entry.link is not None and entry.link != visit.url
    soonest = max(now, visit.hold) if visit.hold else now
    return replace(
        visit,
        url=entry.link or visit.url,
        source=known.source,
        entry=entry,
        announced=visit.announced + 1,
        etag=None if moved else visit.etag,  # validators vouch for one address
        last_modified=None if moved else visit.last_modified,
        due=paced(visit, soonest) if known.source.kind == "sitemap" and is_stamp(visit, entry) else soonest,
    )


def is_stamp(visit: Visit, entry: Entry) -> bool:
    """Say whether an announcement differs from the last one in nothing but the time of its change."""
    if visit.entry is None:
        return False
    return announcement(replace(visit.entry, updated_raw=entry.updated_raw)) == announcement(entry)


def paced(visit: Visit, soonest: datetime) -> datetime:
    """Return when to look again at what is said to have changed once more: later and later.

    Many a sitemap says of every page that it changed when the sitemap was made.
    """
    rested = max(soonest, (visit.asked_at or soonest) + backoff(visit.announced + 1))
    return min(visit.due, rested) if visit.due else rested


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
    if latest and not why and visit.error != STRANGE and is_strange(reading, latest):
        return Outcome(visit=failed(visit, capture, STRANGE, now), error=STRANGE)
    why = why or reading.error
    after = failed(visit, capture, why, now) if why else seen(visit, capture, now)
    if reading.article is None:
        return Outcome(visit=after, error=why)
    article = believed(reading.article, now, entry=visit.entry, url=capture.final_url)
    revision = next_revision(key, article, visit.entry, known, capture, now, why=why, url=capture.final_url)
    learnt = claims(reading, key, known) if not why else ()
    return Outcome(visit=after, revisions=(revision,) if revision else (), identities=learnt, error=why)


def seen(visit: Visit, capture: Capture, now: datetime) -> Visit:
    """Return the visit after a good look."""
    return remembered(visit, capture, now + next_look(visit.looks + 1))


def missing(visit: Visit, capture: Capture, latest: Revision, now: datetime) -> Outcome:
    """Return what a 404 or 410 means for an article that we have."""
    why = f"the server answered {capture.status}"
    misses = visit.misses + 1
    after = replace(failed(visit, capture, why, now), misses=misses)
    if misses < LOOKS_BELIEVED or latest.verdict is Verdict.GONE:
        return Outcome(visit=after, error=why)
    gone = follow(latest, Verdict.GONE, capture, now)
    return Outcome(visit=after, revisions=(gone,), error=why)


def is_strange(reading: Reading, latest: Revision) -> bool:
    """Say whether a page shares neither headline nor text with what is kept of it."""
    new, kept = reading.article, latest.article
    if new is None or new.basis is not Basis.PAGE or kept.basis is not Basis.PAGE:
        return False
    same_title = text.digest(new.title) == text.digest(kept.title)
    return not same_title and not text.grams(f"{new.title}{new.text}") & text.grams(kept.text)


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


def verdict_on(latest: Revision | None, article: Article, entry: Entry | None) -> Verdict:
    """Say what a text means for what is kept; no case left out."""
    if latest is None:
        return Verdict.NEW
    before, after = latest.article.basis, article.basis
    if before is Basis.PAGE and after is Basis.FEED:
        # Out of reach for now, or behind a wall: what the page said stands, unless the feed has it whole
        # and says otherwise.
        whole = len(article.text) >= WHOLE * len(latest.article.text)
        edited = announcement(entry) != announcement(latest.entry)
        return Verdict.CHANGED if whole and edited else Verdict.SAME
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
    verdict = verdict_on(latest, article, entry)
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


JUDGES: dict[Kind, Judge] = {
    Kind.FEED: judge_feed,
    Kind.PART: judge_feed,
    Kind.ARTICLE: judge_page,
    Kind.MEDIA: judge_picture,
}
