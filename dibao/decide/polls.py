"""What a poll changes: entries become visits, or articles by themselves, and it teaches when to poll next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from dibao.decide import hubs, moves, rhythm
from dibao.decide.belief import believed, believed_entries
from dibao.decide.gaps import gap_before
from dibao.decide.identity import alike, announcement, by_content, by_url, key_of, names_of
from dibao.decide.parts import next_part_look, parts_due
from dibao.decide.schedule import backoff, failed, next_poll, remembered, validators, why_not
from dibao.decide.verdict import LOOKS_BELIEVED, next_revision
from dibao.model import (
    KEPT_PAGES,
    Article,
    Capture,
    Entry,
    Gap,
    Kind,
    Outcome,
    Reading,
    Revision,
    Rhythm,
    Source,
    State,
    Visit,
)
from dibao.ports import Known


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
        after = polled(visit, capture, reading, False, known, now, ())
        return Outcome(visit=after, source=told_more(known.source, after.rhythm, reading))
    listed = tuple(listing(reading.feed.entries, known, now, reading.echoes))
    seen = shown(listed)
    told = announcements(visit, capture, reading, known, now, listed)
    parts, notes = parts_due(visit, capture, reading.feed.parts, known, now)
    after = polled(visit, capture, reading, bool(told.found or told.revisions), known, now, seen)
    after = with_marks(after, reading, known, listed)
    if reading.feed.cut:  # its validators vouch for what we have not seen
        after = replace(after, etag=None, last_modified=None, digest=None)
    said = "; ".join((*reading.feed.notes, *notes))
    return replace(
        told,
        visit=replace(after, left_out=reading.left_out, note=said or None),
        found=(*parts, *told.found),
        source=told_more(known.source, after.rhythm, reading),
        gap=gap_shown(visit, reading, known, now, seen),
        offer=None if visit.kind is Kind.PART else hubs.news_of_hub(capture, reading.feed, known.lease),
    )


class Listed(NamedTuple):
    """An entry of a poll, as it is known."""

    entry: Entry
    key: str  # of its article
    names: tuple[str, ...]  # identities it is told apart by; none for an echo
    trusted: Entry  # the entry with the dates that are believed
    keys: tuple[str, ...]  # that of the article, and the one it would have alone


def listing(
    entries: Sequence[Entry], known: Known, now: datetime, echoes: Sequence[tuple[str, ...]] = ()
) -> Iterator[Listed]:
    """Yield the entries of a poll as they are known; what stands twice, once."""
    heard = echoes or ((),) * len(entries)
    new = [entry for entry, keys in zip(entries, heard, strict=True) if not keys]
    named = iter(keyed(new, known, entries))
    taken: set[str] = set()
    for entry, keys, trusted in zip(entries, heard, believed_entries(entries, now), strict=True):
        key, names = (keys[0], ()) if keys else next(named)
        if key not in taken:
            taken.add(key)
            yield Listed(entry, key, names, trusted, keys or tuple(dict.fromkeys((key, key_of(names[0])))))


def shown(listed: Iterable[Listed]) -> tuple[rhythm.Seen, ...]:
    """Return entries by their keys: that of the article, and the one it would have alone.

    An article may be joined to another between two polls, and a link may change; seldom both.
    """
    return tuple((each.keys, each.trusted.published) for each in listed)


def gap_shown(
    visit: Visit, reading: Reading, known: Known, now: datetime, seen: Sequence[rhythm.Seen]
) -> Gap | None:
    """Return the gap between a poll and the one before; what is cut short says nothing of that."""
    if visit.kind is Kind.PART or reading.feed is None or reading.feed.cut:
        return None
    return gap_before(visit.rhythm, seen, known.source, now)


def announcements(
    visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime, listed: Iterable[Listed]
) -> Outcome:
    """Return what a feed's entries bring: visits, and revisions of those that are articles by themselves."""
    found: dict[str, Visit] = {}
    revisions: dict[str, Revision] = {}
    identities: dict[str, str] = {}
    articles = {id(entry): article for entry, article in reading.articles}
    for entry, key, told, trusted, _ in listed:
        if not told:  # an echo
            continue
        for name in told:
            if name not in known.identities:
                identities.setdefault(name, key)
        if id(entry) in articles:
            if is_anothers(key, known):
                continue
            article = believed(as_announced(articles[id(entry)], trusted), now)
            revision = next_revision(key, article, trusted, known, capture, now)
            revisions.update({key: revision} if revision else {})
        else:
            announced = announce(key, trusted, known, now)
            found.update({key: announced} if announced else {})
    return Outcome(
        visit=visit,
        found=tuple(found.values()),
        revisions=tuple(revisions.values()),
        identities=tuple(identities.items()),
    )


def with_marks(visit: Visit, reading: Reading, known: Known, listed: Iterable[Listed]) -> Visit:
    """Return the visit with the marks of the entries of which nothing is left to judge while they stay so.

    One that another source looks after is judged again, in case that one is given up; so is one that shares
    a link or a guid, and one of a feed that was cut short.
    """
    taught = visit.rhythm
    if taught is None or reading.feed is None or reading.feed.cut:
        return visit
    marked = dict(zip(map(id, reading.feed.entries), reading.marks, strict=False))
    own = (each for each in listed if not each.names or is_settled(each, known))
    kept = tuple((marked[id(each.entry)], *each.keys) for each in own if id(each.entry) in marked)
    return replace(visit, rhythm=replace(taught, kept=kept))


def is_settled(listed: Listed, known: Known) -> bool:
    """Say whether nothing but a change of its entry can change what is judged of an article."""
    return listed.names == names_of(listed.entry, known.source) and not is_anothers(listed.key, known)


def as_announced(article: Article, entry: Entry) -> Article:
    """Return the article that an entry is by itself, with the entry's dates as far as they are believed."""
    return replace(
        article,
        published_at=entry.published,
        published_raw=entry.published_raw,
        published_doubt=entry.published_doubt,
        modified_at=entry.updated,
    )


def polled(
    visit: Visit,
    capture: Capture,
    reading: Reading,
    brought: bool,
    known: Known,
    now: datetime,
    seen: Sequence[rhythm.Seen],
) -> Visit:
    """Return the visit after a poll that could be read: what it taught us, and when the next one is."""
    if visit.kind is Kind.PART:
        return remembered(visit, capture, next_part_look(visit, capture, brought, now))
    taught = rhythm_after(visit, capture, reading, known, now, seen)
    vouched = any(validators(visit, capture))
    before = visit.rhythm.polled if visit.rhythm else None
    other = hubs.news_of_hub(capture, reading.feed, known.lease) if reading.feed else None
    owed = hubs.owed(None if other else known.lease, visit, brought, now)
    due = next_poll(known.source, taught, capture, before, now, vouched=vouched, owed=owed)
    return remembered(visit, capture, hubs.hastened(known.lease, capture, due, now), taught)


def rhythm_after(
    visit: Visit,
    capture: Capture,
    reading: Reading,
    known: Known,
    now: datetime,
    seen: Sequence[rhythm.Seen],
) -> Rhythm:
    """Return what is known of a source's rhythm after a poll."""
    feed = reading.feed
    before = visit.rhythm or Rhythm(began=now)
    target = moves.moved_to(known.source, capture, feed)
    if feed is None:  # 304
        return moves.noted(rhythm.unchanged(before, now), target, now)
    if feed.cut:  # as if it had not been asked: what was known of its window still is
        return before
    if before.window and capture.digest == visit.digest:
        after = rhythm.unchanged(before, now)
    else:
        after = rhythm.learnt(before, seen, feed, now)
    return moves.noted(after, target, now)


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


def told_more(source: Source, taught: Rhythm | None, reading: Reading) -> Source | None:
    """Return the source with what an answer changes in it, its language or its address; None if nothing."""
    language = reading.feed.language if reading.feed else None
    address = moves.settled(taught) if taught else None
    told = replace(source, language=source.language or language, url=address or source.url)
    return told if told != source else None


def keyed(
    entries: Iterable[Entry], known: Known, whole: Iterable[Entry]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield for each entry of a `whole` poll that is looked at the key of its article and its identities."""
    named = [(entry, names_of(entry, known.source)) for entry in entries]
    shared = shared_names(named, known.source)
    links = {by_url(entry.link) for entry in whole} if known.identities else set()
    for entry, names in named:
        own = tuple(name for name in names if name not in shared)
        told = own or (by_content(entry, known.source),)
        fresh = next((name for name in told if name not in known.identities), told[-1])
        yield known_key(entry, told, known, links) or key_of(fresh), told


def shared_names(named: Sequence[tuple[Entry, tuple[str, ...]]], source: Source) -> set[str]:
    """Return the links and guids that stand on entries that say different things: they tell none apart."""
    said: dict[str, set[str]] = {}
    often = {name for name, times in Counter(chain(*(names for _, names in named))).items() if times > 1}
    for entry, names in named:
        for name in often.intersection(names):
            said.setdefault(name, set()).add(by_content(entry, source))
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
