"""The further pages of articles that stand on several: which to ask, and what an answer means.

Each is a visit of its own. The first page is kept as soon as it comes, and each further one completes the
article, which is no edit. Later looks judge each page by what it said itself: what can't be seen now is not
called removed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dibao.decide.belief import believed
from dibao.decide.identity import by_url, fingerprint
from dibao.decide.joining import belongs, leaves, with_page
from dibao.decide.schedule import failed, next_look, remembered, set_back, why_not
from dibao.decide.verdict import next_revision
from dibao.model import (
    LEAVES_AT_MOST,
    Article,
    Basis,
    Capture,
    Kind,
    Leaf,
    Outcome,
    Reading,
    Ref,
    Revision,
    Verdict,
    Visit,
)
from dibao.ports import Known

TRIES = 6  # that were answered in vain; then it is asked again when the page before it is


def judge_next(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what an answer of an article's further page changes."""
    latest = known.revisions.get(visit.key or "")
    why = why_not(capture, bool(visit.etag or visit.last_modified))
    if capture.status == 304 and not why:
        return Outcome(visit=unchanged(visit, capture, latest, now), found=kept_next(visit, latest, now))
    why = why or reading.error
    if why or reading.article is None:
        return Outcome(visit=missed(visit, capture, why or "no article in the page", now), error=why)
    page = believed(reading.article, now, url=capture.final_url)
    whole = with_leaf(latest, visit, page) if latest else None
    if latest is None or whole is None:
        return Outcome(visit=set_aside(visit, capture))
    revision = next_revision(latest.key, whole, latest.entry, known, capture, now, url=latest.url)
    onward = next_page(latest.key, visit, page.next_part, leaves(whole), now)
    if revision is None:
        return Outcome(visit=seen(visit, capture, now), found=onward)
    is_new = len(whole.leaves) > len(leaves(latest.article))
    revision = replace(
        revision,
        verdict=Verdict.COMPLETED if is_new else Verdict.CHANGED,
        refs=refs(latest, visit.depth, capture.ref),
    )
    edits = 0 if is_new else revision.number - 1
    return Outcome(visit=seen(visit, capture, now, edits=edits), revisions=(revision,), found=onward)


def with_leaf(latest: Revision, visit: Visit, page: Article) -> Article | None:
    """Return the article with a further page as it stands now, or None where that is none of its pages.

    A page that stood elsewhere before is only taken for the same one while it says the same; a log-in page
    that came in place of one changes nothing.
    """
    kept, known = latest.article, leaves(latest.article)
    if kept.basis is not Basis.PAGE or latest.verdict is Verdict.GONE or visit.depth > len(known):
        return None
    if visit.depth == len(known):
        # When it was kept nobody may have looked for a next page; but one that was joined before and is not
        # named any more is the article's no longer.
        is_next = kept.next_part is not None or not visit.looks
        told = replace(kept, next_part=visit.url)
        return with_page(told, visit.depth, page) if is_next and belongs(kept, page) else None
    own = known[visit.depth]
    is_moved = by_url(own.url) != by_url(visit.url)
    if own.digest != fingerprint(page) and (is_moved or not belongs(kept, page)):
        return None
    return with_page(kept, visit.depth, page)


def next_page(
    key: str, visit: Visit, onward: str | None, known: Sequence[Leaf], now: datetime
) -> tuple[Visit, ...]:
    """Return the visit to the page that follows one, unless it leads back or there are too many."""
    depth = visit.depth + 1
    before = {by_url(visit.url), *(by_url(leaf.url) for leaf in known[:depth])}
    if onward is None or depth >= LEAVES_AT_MOST or by_url(onward) in before:
        return ()
    return (Visit(url=onward, kind=Kind.NEXT, source=visit.source, key=key, depth=depth, due=now),)


def kept_next(visit: Visit, latest: Revision | None, now: datetime) -> tuple[Visit, ...]:
    """Return the visit to the page that followed one when it was read: it did not change since."""
    if latest is None:
        return ()
    known = leaves(latest.article)
    onward = known[visit.depth + 1].url if visit.depth + 1 < len(known) else latest.article.next_part
    return next_page(latest.key, visit, onward, known, now) if visit.depth < len(known) else ()


def unchanged(visit: Visit, capture: Capture, latest: Revision | None, now: datetime) -> Visit:
    """Return the visit after a 304; one whose page is not joined, whatever vouches for it, is asked whole."""
    if latest and visit.depth < len(leaves(latest.article)):
        return seen(visit, capture, now)
    return replace(set_aside(visit, capture), due=now)


def set_aside(visit: Visit, capture: Capture) -> Visit:
    """Return the visit to a page that is none of the article's: asked again when the page before it is."""
    return replace(remembered(visit, capture, None), etag=None, last_modified=None)


def missed(visit: Visit, capture: Capture, why: str, now: datetime) -> Visit:
    """Return the visit after an answer that could not be read; a page that is not there is given up."""
    after = failed(visit, capture, why, now)
    answered = capture.status is not None and capture.status not in (429, 503)
    return replace(after, due=None) if answered and after.failures >= TRIES else after


def seen(visit: Visit, capture: Capture, now: datetime, *, edits: int = 0) -> Visit:
    """Return the visit after a good look; one that found the last of so many edits brings the next nearer."""
    after = remembered(visit, capture, None)
    looks = set_back(after.looks, edits) if edits else after.looks
    return replace(after, looks=looks, due=now + next_look(looks))


def refs(latest: Revision, number: int, ref: Ref | None) -> tuple[Ref, ...]:
    """Return the captures of an article's pages, in their order, with a new one of one page."""
    known = latest.refs if len(latest.refs) == len(leaves(latest.article)) else ()
    own = (ref,) if ref else ()
    return (*known[:number], *own, *known[number + 1 :])


def rejoined(latest: Revision | None, page: Article) -> Article:
    """Return the article of its first page as it stands now and of the further ones as they are kept."""
    if latest is None or page.basis is not Basis.PAGE or latest.article.basis is not Basis.PAGE:
        return page
    return with_page(latest.article, 0, page) or page
