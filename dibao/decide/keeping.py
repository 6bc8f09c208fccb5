"""Pages that a person keeps: asked for once, or brought as a file."""

from dataclasses import replace
from datetime import datetime

from dibao.decide import judge as answers
from dibao.decide.backfill import Span, is_older_page, judge_older
from dibao.decide.belief import believed
from dibao.decide.filling import judge_filling, sought
from dibao.decide.identity import by_url, key_of
from dibao.model import KEPT_PAGES, Basis, Capture, Kind, Outcome, Reading, Revision, Verdict, Visit
from dibao.ports import Known

REMOVED = "the article is marked as removed, and a copy of it does not bring it back"
OLDER = "it is older than the version that is kept"


def judge(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say all that one answer changes, whoever brought it.

    A page that only a person wanted is not looked at again before a person wants it again.
    """
    if capture.brought:
        return answers.whole(judge_brought(visit, capture, reading, known, now), known, now)
    if visit.filling:
        return judge_filling(visit, capture, reading, known, now)
    if is_older_page(visit):
        return judge_older(visit, capture, reading, known, now, Span())[0]
    outcome = answers.judge(visit, capture, reading, known, now)
    if outcome.gap:
        return sought(visit, outcome, capture, reading, known)
    if visit.kind in (Kind.ARTICLE, Kind.NEXT) and visit.source.kind == KEPT_PAGES.kind:
        return replace(outcome, visit=replace(outcome.visit, due=None))
    return outcome


def judge_wish(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a look changes that a person wished for, between those that the schedule makes.

    One that finds nothing is not counted: two wishes in a minute must not make an article `gone`.
    """
    outcome = judge(visit, capture, reading, known, now)
    if outcome.error is None or visit.key not in known.revisions:
        return outcome
    after = replace(outcome.visit, misses=visit.misses, failures=visit.failures, due=visit.due)
    kept = tuple(each for each in outcome.revisions if each.verdict is not Verdict.GONE)
    return replace(outcome, visit=after, revisions=kept, headlines=outcome.headlines if kept else ())


def judge_brought(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what a page that a person brought changes: the article, and nothing of when its page is asked.

    It was seen when it was captured, by whomever; its order among the versions follows from that.
    """
    key = visit.key or key_of(by_url(visit.url) or visit.url)
    why = in_vain(capture, known.revisions.get(key)) or reading.error
    if reading.article is None or why in (REMOVED, OLDER):
        return Outcome(visit=visit, error=why)
    at = min(capture.captured_at, now)
    page = believed(reading.article, at, entry=visit.entry, url=capture.final_url)
    revision = answers.revision_of(key, page, replace(reading, error=why), visit, capture, known, at)
    learnt = answers.claims(reading, key, known) if not why else ()
    return Outcome(visit=visit, revisions=(revision,) if revision else (), identities=learnt, error=why)


def in_vain(capture: Capture, latest: Revision | None) -> str | None:
    """Return why a copy makes no version, whatever it says; None where it may."""
    if latest is None:
        return None
    if latest.verdict is Verdict.GONE:
        return REMOVED
    return OLDER if latest.article.basis is Basis.PAGE and capture.captured_at < latest.seen_at else None
