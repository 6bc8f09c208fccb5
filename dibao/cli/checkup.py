"""What `status` tells as facts, for programs."""

from typing import Any

from dibao.cli.printing import ago, local
from dibao.cli.pushes import push_facts
from dibao.decide.health import worst
from dibao.decide.trouble import class_of
from dibao.model import Gap, Health, Hold, Signs, State, Survey


def survey_facts(survey: Survey) -> dict[str, Any]:
    """Return all that is known of how an archive is doing."""
    return {
        "archive": survey.archive,
        "at": survey.at,
        "watched": survey.watched,
        "totals": survey.totals,
        "levels": survey.levels,
        "sources": [source_facts(survey, *each) for each in survey.sources],
        "holds": [hold_facts(survey, hold) for hold in survey.holds],
        "partial": [
            {"key": line.key, "title": line.title, "url": line.url, "why": why, "advice": excerpt_advice(why)}
            for line, why in survey.partial
        ],
    }


def source_facts(survey: Survey, signs: Signs, health: Health) -> dict[str, Any]:
    """Return the whole health record of one source."""
    source, poll, pulse = signs.source, signs.poll, signs.pulse
    rhythm = poll.rhythm if poll else None
    error = poll.error if poll else None
    due = poll.due if poll and source.state is State.ACTIVE else None
    worst_found = worst(health.findings)
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": source.kind,
        "since": source.since,
        "state": source.state,
        "every": source.every,
        "steady": source.steady,
        "health": health.level,
        "findings": health.findings,
        "articles": signs.counts.articles,
        "waiting": signs.counts.waiting,
        "failing": signs.counts.failing,
        "parts": signs.counts.parts,
        "left_out": signs.counts.left_out,
        "last_ok": signs.last_ok,
        "answered": ago(signs.last_ok, survey.at),
        "due": due,
        "failures": poll.failures if poll else 0,
        "error": error,
        "error_class": class_of(error) if error else None,
        "error_since": poll.error_since if poll else None,
        "advice": worst_found.advice if worst_found else resting(health),
        "newest": rhythm.newest if rhythm else None,
        "fresh_at": pulse.fresh_at,
        "certified_until": pulse.certified_until,
        "redirected_to": pulse.led_to,
        "moved_to": rhythm.moved_to if rhythm else None,
        "weeks": [{"monday": w.monday, "hours": w.hours, "entries": w.entries} for w in pulse.weeks],
        "notes": signs.notes,
        "gaps": [gap_facts(gap) for gap in signs.gaps],
        "pushes": push_facts(signs.lease, survey.at) if signs.lease else None,
    }


def resting(health: Health) -> str:
    """Return what to do about a source that is paused; empty for all others."""
    return next((found.advice for found in health.findings if found.kind == "paused"), "")


GAP_FIELDS = ("id", "since", "until", "seen_at", "entries", "looked_for", "tries", "why")


def gap_facts(gap: Gap) -> dict[str, Any]:
    """Return a span of time in which a source may have announced what was not seen."""
    return {name: getattr(gap, name) for name in GAP_FIELDS}


def hold_facts(survey: Survey, hold: Hold) -> dict[str, Any]:
    """Return what `status` tells of a host that asked to be left alone."""
    why = (
        f"it answered {hold.status} {ago(hold.since, survey.at)}, and is asked again "
        f"{ago(hold.until, survey.at)} ({local(hold.until)}). Nothing hastens that."
    )
    return {"host": hold.host, "status": hold.status, "since": hold.since, "until": hold.until, "why": why}


AGAIN = "It is asked again, later and later."


def excerpt_advice(why: str) -> str:
    """Return what a person can do about an article of which only the feed's text is kept."""
    if why.startswith("robots"):
        return "The site asks programs to stay out of this page; it is tried again weekly."
    if why.startswith("blocked"):
        return "If the address is in your own network, list it in fetch.allow_private (dibao.toml)."
    if any(refusal in why for refusal in ("401", "402", "403")):
        return "The site refuses programs or wants a subscription. " + AGAIN
    return AGAIN
