"""What a text means for what is kept of an article."""

from dataclasses import replace
from datetime import datetime

from dibao.decide.identity import announcement, fingerprint
from dibao.decide.joining import leaves
from dibao.model import Article, Basis, Capture, Entry, Revision, Verdict
from dibao.ports import Known
from dibao.version import VERSION

WHOLE = 0.6  # of a kept text: a feed with less has an excerpt
LOOKS_BELIEVED = 2  # one 404 may be a hiccup; a second, at another time, is a removal

Otherwise = tuple[tuple[str | None, str], ...]


def verdict_on(
    latest: Revision | None, article: Article, entry: Entry | None, otherwise: Otherwise = ()
) -> Verdict:
    """Say what a text means for what is kept; no case left out.

    ``otherwise`` has the digests of what the page says as other rules for its site read it, and as none does.
    """
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
    by = latest.article.rule
    first = leaves(latest.article)[0].digest  # all of it, unless it is joined of several pages
    if {(by, latest.digest), (by, first)} & set(otherwise):  # read by another rule, or before there was one
        return Verdict.SAME
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
    otherwise: Otherwise = (),
) -> Revision | None:
    """Return the revision that a text makes, or None when it says what is kept already."""
    latest = known.revisions.get(key)
    verdict = verdict_on(latest, article, entry, otherwise)
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


def follow(latest: Revision, verdict: Verdict, capture: Capture, now: datetime) -> Revision:
    """Return the next revision with the same text."""
    refs = (capture.ref,) if capture.ref else ()
    return replace(
        latest, number=latest.number + 1, seen_at=now, verdict=verdict, refs=refs, made_by=made_by()
    )


def made_by() -> str:
    """Return what a revision names as its maker."""
    return f"dibao {VERSION}"
