"""What one answer changes.

`judge` is pure and cheap: it runs inside the transaction that settles an answer, on what is `Known`
there. An answer is a feed (its entries become visits, or articles by themselves), a page (which
becomes the next revision of one article, or none) or a picture.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from dibao import text
from dibao.decide.belief import believed
from dibao.decide.identity import alike, by_guid, by_url, fingerprint, key_of
from dibao.decide.joining import leaves
from dibao.decide.leaves import judge_next, kept_next, next_page, refs, rejoined, seen
from dibao.decide.line import headline
from dibao.decide.pictures import judge_picture, pictures_due
from dibao.decide.polls import judge_feed
from dibao.decide.schedule import failed, held, hold_after, why_not
from dibao.decide.verdict import LOOKS_BELIEVED, follow, next_revision
from dibao.decide.vitals import with_vitals
from dibao.model import Article, Basis, Capture, Entry, Kind, Outcome, Reading, Revision, Verdict, Visit
from dibao.ports import Judge, Known

# Of a maintenance page, a wall, or a rewrite: also believed only at a second look in a row.
STRANGE = "the page says something else entirely; it is looked at again before that is believed"


def judge(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say all that one answer changes."""
    outcome = whole(JUDGES[visit.kind](visit, capture, reading, known, now), known, now)
    hold = hold_after(capture, known.hold, now)
    if hold is not None:
        outcome = replace(outcome, visit=held(outcome.visit, hold, now), hold=hold)
    return with_vitals(outcome, visit, capture, known, now)


def whole(outcome: Outcome, known: Known, now: datetime) -> Outcome:
    """Return an outcome together with the lines of its revisions and the visits to their pictures."""
    if not outcome.revisions:
        return outcome
    lines = (headline(known.headlines.get(revision.key), revision) for revision in outcome.revisions)
    pictures = (picture for revision in outcome.revisions for picture in pictures_due(revision, now))
    return replace(outcome, headlines=tuple(lines), found=(*outcome.found, *pictures))


def judge_page(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a look at an article changes: its next revision, and when to look again."""
    key = visit.key or key_of(by_url(visit.url) or visit.url)
    latest = known.revisions.get(key)
    why = why_not(capture, bool(visit.etag or visit.last_modified))
    if capture.status in (404, 410) and latest and latest.article.basis is Basis.PAGE:
        return missing(visit, capture, latest, now)
    if capture.status == 304 and not why:
        back = restored(latest, capture, now) if latest else None
        onward = kept_next(visit, latest, now)
        return Outcome(visit=seen(visit, capture, now), revisions=(back,) if back else (), found=onward)
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
    page = believed(reading.article, now, entry=visit.entry, url=capture.final_url)
    revision = revision_of(key, page, replace(reading, error=why), visit, capture, known, now)
    if revision and revision.verdict is Verdict.CHANGED and not why:
        after = seen(visit, capture, now, edits=revision.number - 1)
    learnt = claims(reading, key, known) if not why else ()
    return Outcome(
        visit=after,
        revisions=(revision,) if revision else (),
        identities=learnt,
        found=next_page(key, visit, page.next_part, (), now) if not why else (),
        error=why,
    )


def revision_of(
    key: str, page: Article, reading: Reading, visit: Visit, capture: Capture, known: Known, now: datetime
) -> Revision | None:
    """Return the revision that an article's page makes, together with its further pages as they are kept."""
    latest = known.revisions.get(key)
    article = rejoined(latest, page)
    told: dict[str, Any] = {"why": reading.error, "otherwise": reading.otherwise, "url": capture.final_url}
    made = next_revision(key, article, visit.entry, known, capture, now, **told)
    if made and latest and article.leaves:
        return replace(made, refs=refs(latest, 0, capture.ref))
    return made


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
        if (
            other != key
            and twin
            and mark in (twin.digest, leaves(twin.article)[0].digest)
            and alike(entry, twin.entry)
        ):
            return other
    return None


def claims(reading: Reading, key: str, known: Known) -> tuple[tuple[str, str], ...]:
    """Return the identities that a page claims for an article and that nobody has."""
    forms = (by_url(claim) for claim in reading.claims)
    return tuple((name, key) for name in dict.fromkeys(forms) if name and name not in known.identities)


JUDGES: dict[Kind, Judge] = {
    Kind.FEED: judge_feed,
    Kind.PART: judge_feed,
    Kind.ARTICLE: judge_page,
    Kind.NEXT: judge_next,
    Kind.MEDIA: judge_picture,
}
