"""What is remembered of how well a source does: little, and written seldom."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dibao import urls
from dibao.decide.wishes import DAY, HOUR, is_offline
from dibao.model import (
    POLLS,
    Capture,
    Crop,
    Got,
    Harvest,
    Kind,
    Look,
    Outcome,
    Pulse,
    Rhythm,
    Verdict,
    Visit,
    Week,
)
from dibao.ports import Known

WEEKS = 9  # that are remembered
LOOKS = 20  # the latest; those before are counted by week
SAMPLED = 9  # articles of a week whose length is remembered
TOLD_BY = 3  # polls that brought something: then their rate is trusted
SLACK = 2 * HOUR  # a poll that comes later than this was not made in time: nobody watched


def with_vitals(outcome: Outcome, visit: Visit, capture: Capture, known: Known, now: datetime) -> Outcome:
    """Return an outcome together with what it says of how well its source does."""
    looks = first_looks(visit, capture, outcome, now)
    pulse = pulse_after(known.pulse, visit, capture, outcome, now) if known.pulse else None
    if pulse is known.pulse and not looks:  # as of most answers
        return outcome
    return replace(
        outcome,
        pulse=pulse if pulse is not known.pulse else None,
        harvest=harvest_after(known.harvest, looks) if looks else None,
    )


def pulse_after(before: Pulse, visit: Visit, capture: Capture, outcome: Outcome, now: datetime) -> Pulse:
    """Return what is remembered of a source's polls after one more."""
    until = capture.certified_until or before.certified_until
    known = before if until == before.certified_until else replace(before, certified_until=until)
    rhythm, polled = outcome.visit.rhythm, visit.rhythm.polled if visit.rhythm else None
    if outcome.error or rhythm is None or rhythm.polled == polled:  # a feed that was cut short tells nothing
        return known
    return counted(led(known, visit, capture, now), visit, rhythm, now)


def led(pulse: Pulse, visit: Visit, capture: Capture, now: datetime) -> Pulse:
    """Return the pulse with where redirects lead; what stands behind a ? changes often, and may be secret."""
    if visit.url != capture.final_url:
        asked, came = (urls.without_userinfo(url).partition("?")[0] for url in (visit.url, capture.final_url))
        if asked != came:
            return pulse if pulse.led_to == came else replace(pulse, led_to=came, led_since=now)
    return replace(pulse, led_to=None, led_since=None) if pulse.led_to else pulse


def counted(pulse: Pulse, visit: Visit, rhythm: Rhythm, now: datetime) -> Pulse:
    """Return the pulse with the time that was watched, and the entries that came.

    A poll of the same day that brings nothing changes nothing, so that it costs nothing.
    """
    was_empty = pulse.empty_since is not None
    is_empty = rhythm.size == 0
    since = pulse.counted or now
    slept = asleep(visit, now)
    if not (rhythm.fresh or slept or is_empty != was_empty or now.date() != since.date() or now < since):
        return pulse if pulse.counted else replace(pulse, counted=now)
    hours = max(now - since - slept, timedelta()) / HOUR
    brought = 0 if visit.rhythm is None or not visit.rhythm.window else rhythm.fresh
    weeks = week_after(pulse.weeks, monday(now), hours, brought)
    times = pulse.times + bool(brought)
    return replace(
        pulse,
        counted=now,
        quiet=0.0 if rhythm.fresh else pulse.quiet + hours,
        times=times,
        rate=rate_of(weeks, times, rhythm) if rhythm.fresh else pulse.rate,
        fresh_at=now if rhythm.fresh else pulse.fresh_at,
        empty_since=(pulse.empty_since or now) if is_empty else None,
        weeks=weeks,
    )


def rate_of(weeks: Sequence[Week], times: int, rhythm: Rhythm) -> float:
    """Return how many polls an hour bring something; by the dates of the first poll, before one did.

    Polls tell more: what comes ten at a time, once a week, comes once a week.
    """
    hours = sum(week.hours for week in weeks)
    if times and hours > 0:
        return sum(week.times for week in weeks) / hours
    return sum(rhythm.hours) / rhythm.span if rhythm.span > 0 else 0.0


def asleep(visit: Visit, now: datetime) -> timedelta:
    """Return how long nobody watched between two polls: nothing where the second came in time."""
    if visit.rhythm is None or visit.rhythm.polled is None:
        return timedelta()
    passed = now - visit.rhythm.polled
    usual = max(DAY, timedelta(seconds=visit.source.every)) + SLACK
    return passed - usual if passed > usual else timedelta()


def monday(at: datetime) -> str:
    """Return the first day of a week, in UTC."""
    return (at - at.weekday() * DAY).date().isoformat()


def week_after(weeks: Sequence[Week], of: str, hours: float, entries: int) -> tuple[Week, ...]:
    """Return the weeks with some hours and entries more in one of them."""
    by_monday = {week.monday: week for week in weeks}
    week = by_monday.get(of, Week(of, 0.0, 0, 0))
    hours = round(week.hours + hours, 2)
    by_monday[of] = Week(of, hours, week.entries + entries, week.times + bool(entries))
    return tuple(by_monday[each] for each in sorted(by_monday)[-WEEKS:])


def harvest_after(before: Harvest, looks: Sequence[Look]) -> Harvest:
    """Return what is remembered of a source's articles after some more first looks."""
    whole = (*before.looks, *looks)
    weeks = {crop.monday: crop for crop in before.weeks}
    for look in whole[:-LOOKS]:
        of = monday(look.at)
        weeks[of] = gathered(weeks.get(of, Crop(of, 0, 0, 0, ())), look)
    return Harvest(looks=whole[-LOOKS:], weeks=tuple(weeks[of] for of in sorted(weeks)[-WEEKS:]))


def gathered(crop: Crop, look: Look) -> Crop:
    """Return what a week brought with one look more."""
    sampled = look.got is Got.WHOLE and len(crop.letters) < SAMPLED
    return Crop(
        crop.monday,
        crop.whole + (look.got is Got.WHOLE),
        crop.unread + (look.got is Got.UNREAD),
        crop.unanswered + (look.got is Got.UNANSWERED),
        (*crop.letters, look.letters) if sampled else crop.letters,
    )


def first_looks(visit: Visit, capture: Capture, outcome: Outcome, now: datetime) -> tuple[Look, ...]:
    """Return the first looks at articles that an answer was; what people bring says nothing of a source."""
    if capture.brought or is_offline(capture):
        return ()
    if visit.kind in POLLS:
        new = (each for each in outcome.revisions if each.verdict is Verdict.NEW)
        return tuple(Look(now, Got.WHOLE, len(each.article.text)) for each in new)
    if visit.kind is not Kind.ARTICLE or visit.looks or visit.failures:
        return ()
    if not outcome.error:
        return tuple(Look(now, Got.WHOLE, len(each.article.text)) for each in outcome.revisions)
    return (Look(now, Got.UNREAD if capture.has_page else Got.UNANSWERED, 0),)
