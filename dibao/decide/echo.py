"""Entries that say what they said at the last poll: an echo, of which nothing is left to judge.

Most entries of most polls are. A mark tells them, and they go by the keys that they went by.
"""

from collections.abc import Sequence
from hashlib import blake2b

from dibao.decide.identity import by_url, key_of, names_of
from dibao.decide.rhythm import MOST
from dibao.model import Entry, Kind, Visit
from dibao.version import VERSION

Keys = tuple[str, ...]  # of its article, and the one it would have alone: one where these are the same


def marks(visit: Visit, entries: Sequence[Entry], language: str | None) -> tuple[str, ...]:
    """Return a mark for each entry of a poll, equal for one that says the same and would be read the same.

    None where there are more than are remembered, or where the answer is only a part of its source.
    """
    if visit.kind is not Kind.FEED or len(entries) > MOST:
        return ()
    source = visit.source
    told = (VERSION, source.name, source.timezone, source.feed_only, language)
    read_as = repr(told).encode("utf-8", "replace")
    return tuple(mark(entry, read_as) for entry in entries)


def mark(entry: Entry, read_as: bytes) -> str:
    """Return 16 hex digits of what an entry says; what it inherits from its feed counts too."""
    told = (
        *(entry.base, entry.language, entry.authors, entry.outlets, entry.categories, entry.rights),
        *(entry.published, entry.updated, entry.raw or entry),
    )
    return blake2b(read_as + repr(told).encode("utf-8", "replace"), digest_size=8).hexdigest()


def echoes(visit: Visit, entries: Sequence[Entry], marks: Sequence[str]) -> tuple[Keys, ...]:
    """Return for each entry of a poll its keys where it is an echo, else none; nothing where none is one.

    Nothing is one where two entries share a link or a guid, since these are told apart by all that they
    say; nor where all is to be told anew, since a source that is asked no more left its articles.
    """
    if not marks or visit.rhythm is None or visit.digest is None or not visit.rhythm.kept:
        return ()
    known = {told: keys for told, *keys in visit.rhythm.kept}
    found = tuple(tuple(known.get(told, ())) for told in marks)
    guids = [entry.guid for entry in entries if entry.guid]
    links = [link for link in (by_url(entry.link) for entry in entries) if link]
    alone = [
        keys[-1] if keys else key_of(names_of(entry, visit.source)[0])
        for entry, keys in zip(entries, found, strict=True)
    ]
    is_plain = all(len(set(told)) == len(told) for told in (guids, links, alone))
    return found if is_plain else ()


def slim(entry: Entry) -> Entry:
    """Return what is still asked of an echo: what it goes by, and its dates."""
    return Entry(
        guid=entry.guid,
        link=entry.link,
        published=entry.published,
        published_raw=entry.published_raw,
        published_doubt=entry.published_doubt,
        updated=entry.updated,
        updated_raw=entry.updated_raw,
    )
