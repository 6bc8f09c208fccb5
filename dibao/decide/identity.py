"""Whether two announcements, or two texts, are one article."""

from base64 import b32encode
from functools import lru_cache
from hashlib import sha256
from itertools import zip_longest

from dibao import text, urls
from dibao.model import Article, Entry, Reading, Source, Visit


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
    return names_of(entry, source)[0]


def names_of(entry: Entry, source: Source) -> tuple[str, ...]:
    """Return every identity an entry has, the strongest first, what it says last.

    A title alone tells nothing apart, nor does "an hour ago": the weather has the same one every day.
    """
    own = tuple(filter(None, (by_url(entry.link), by_guid(entry, source))))
    says = entry.content or entry.published
    return (*own, by_content(entry, source)) if says or not own else own


@lru_cache(maxsize=2**12)  # a poll asks for the key of an entry three times
def key_of(name: str) -> str:
    """Return the lasting key of the article first known by this identity: 16 characters, a-z 2-7."""
    return b32encode(sha256(name.encode("utf-8", "surrogatepass")).digest()[:10]).decode().lower()


def names(visit: Visit, reading: Reading) -> tuple[str, ...]:
    """Return every identity an answer mentions, so that the archive can look them up at once."""
    if reading.feed is None:
        return tuple(filter(None, map(by_url, reading.claims)))
    mentioned: dict[str, None] = {}
    for entry, echo in zip_longest(reading.feed.entries, reading.echoes):
        if not echo:
            mentioned.update(dict.fromkeys(names_of(entry, visit.source)))
    return tuple(mentioned)


def stands_alone(entry: Entry, source: Source) -> bool:
    """Say whether an entry is the article by itself, with no page behind it to ask."""
    return source.feed_only or urls.parse(entry.link or "") is None


def says_something(entry: Entry | None) -> bool:
    """Say whether an entry tells anything of its article beside where it stands."""
    return entry is not None and bool(entry.title or entry.content or entry.summary)


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
