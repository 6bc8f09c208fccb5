"""When to ask next, and what a visit remembers until then."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from dibao import urls
from dibao.decide.rhythm import time_for
from dibao.decide.wishes import DAY, HOUR, WEEK, is_offline, is_unasked, retry_after, skipping, wished
from dibao.model import BUSY, HOLD_AT_MOST, HOLD_UNSAID, Capture, Hold, Rhythm, Source, Trouble, Visit

FLOOR = timedelta(minutes=15)  # between two polls, whoever wishes
CEILING = DAY  # unless a person or the host wishes more
KNOWN_AFTER = 2 * DAY  # of watching: then a quiet source is asked less often
HALF = 0.5  # of what is usual: an hour that was quiet so far may bring it
QUARTER = 0.25  # of an entry expected: worth a poll; and of a window: what may come between two
# How long after a look we look again: most edits and removals come within hours of publication, some come
# late. Eight looks cost a site less in a year than one reader who comes back twice does in a week.
PACE = (HOUR / 2, 2 * HOUR, 8 * HOUR, DAY, 3 * DAY, WEEK, 4 * WEEK, 26 * WEEK)
EDIT_SETS_BACK = 2  # steps of the pace: where there was one edit there are more
EDITS_CHASED = 20  # of one article: some pages never say the same twice
# Troubles that an hour will not mend.
LASTING = {Trouble.URL, Trouble.ROBOTS}


def next_poll(
    source: Source,
    rhythm: Rhythm,
    capture: Capture,
    asked: datetime | None,
    now: datetime,
    *,
    vouched: bool,
    owed: timedelta = timedelta(),
) -> datetime:
    """Return when a source is polled again after an answer that could be read.

    `every` as a person chose it, else the source's own pace; longer where the answer or the feed wishes it;
    never under a quarter of an hour, nor, but for a person's word, above a day. `vouched` says that the
    source gave a validator, so that a poll that finds nothing new costs it next to nothing; `owed` for how
    long a hub would tell of news, so that a poll is only the backup.
    """
    every = timedelta(seconds=source.every)
    wait = every if source.steady else max(own_pace(every, rhythm, asked, now, vouched=vouched), owed)
    wait = max(wait, wished(capture, rhythm.ttl), FLOOR)
    longest = max(CEILING, every if source.steady else CEILING)
    due = beside_the_hour(now + min(wait, longest), source.id)
    return skipping(due, rhythm.skip_hours, rhythm.skip_days, now + longest)


def own_pace(
    every: timedelta, rhythm: Rhythm, asked: datetime | None, now: datetime, *, vouched: bool
) -> timedelta:
    """Return the wait that suits a source's rhythm.

    Longer than `every` where less than a quarter of an entry is expected by then, and where polls that can
    only be answered whole bring the same bytes again and again; shorter only where more than a quarter of
    what the feed holds would come, so that nothing falls out unseen.
    """
    is_known = now - rhythm.began >= KNOWN_AFTER
    wait = max(every, time_for(rhythm, QUARTER, now)) if is_known else every
    if not vouched:
        wait = max(wait, every * (1 << min(rhythm.idle, 10)))
    return max(FLOOR, min(wait, CEILING, room(rhythm, asked, now)))


def room(rhythm: Rhythm, asked: datetime | None, now: datetime) -> timedelta:
    """Return how long a feed takes to fill a quarter of its window: by its rhythm, or as fast as just now."""
    if not rhythm.is_full:
        return CEILING
    amount = QUARTER * rhythm.size
    usual = time_for(rhythm, amount, now, least=HALF)
    if asked is None or rhythm.fresh <= amount or asked >= now:
        return usual
    return min(usual, (now - asked) * (amount / rhythm.fresh))


def beside_the_hour(due: datetime, id: int) -> datetime:
    """Return a time that is not in the first minute of an hour, when programs all over the world come.

    Which of the next two minutes it is depends on the source alone. All other times stay as they are: a
    minute added at every poll would make a source miss the hourly run that asks it.
    """
    if due.minute:
        return due
    return due + timedelta(minutes=1, seconds=sha256(str(id).encode()).digest()[0] % 120)


def backoff(failures: int) -> timedelta:
    """Return the wait after so many failures in a row."""
    return min(HOUR * (1 << min(max(failures - 1, 0), 16)), WEEK)  # sites come back: never stop asking


def next_look(looks: int) -> timedelta:
    """Return the wait before an article is looked at again."""
    return PACE[min(looks, len(PACE)) - 1]


def set_back(looks: int, edits: int) -> int:
    """Return the looks that count for the pace after an edit was seen: it is looked at sooner again."""
    return max(1, looks - EDIT_SETS_BACK) if edits <= EDITS_CHASED else looks


def hold_after(capture: Capture, before: Hold | None, now: datetime) -> Hold | None:
    """Return the hold on the host that answered, as it stands after the answer; None when there is none.

    A host that only says 429 is left alone for four hours, twice as long each time in a row; answers that
    were under way at once count once. Only a good answer after the hold ends it.
    """
    until_now = before.until if before else None
    if capture.status not in BUSY:
        return None if until_now is None or (is_answer(capture) and until_now <= now) else before
    said = retry_after(capture, now)
    if not said and capture.status != 429:
        return before
    is_again = before is not None and not said and before.until <= capture.captured_at
    times = (before.times if before else 1) + is_again
    unsaid = min(HOLD_UNSAID * (1 << min(times - 1, 10)), HOLD_AT_MOST)
    until = max(now + (said or unsaid), until_now or now)
    since = before.since if before and before.until > now else now
    return Hold(
        host=urls.host(capture.final_url), until=until, status=capture.status, since=since, times=times
    )


def is_answer(capture: Capture) -> bool:
    """Say whether the host answered, whatever it said."""
    return capture.failure is None and capture.status is not None


def held(visit: Visit, hold: Hold | None, now: datetime) -> Visit:
    """Return a visit that waits for as long as its host is to be left alone."""
    if hold is None or hold.until <= now or visit.due is None or visit.error is None:
        return visit
    return replace(visit, due=max(visit.due, hold.until), hold=hold.until)


def why_not(capture: Capture, asked_conditionally: bool) -> str | None:
    """Return why an answer can't be read, in words, or None when it can."""
    if capture.failure:
        return str(capture.failure)
    if capture.status == 200 or (capture.status == 304 and asked_conditionally):
        return None
    return f"the server answered {capture.status}"


def validators(visit: Visit, capture: Capture) -> tuple[str | None, str | None]:
    """Return what now vouches for what is kept: an ETag, a date of modification."""
    fresh = capture.status == 200
    return (
        capture.header("ETag") or (None if fresh else visit.etag),
        capture.header("Last-Modified") or (None if fresh else visit.last_modified),
    )


def remembered(visit: Visit, capture: Capture, due: datetime | None, rhythm: Rhythm | None = None) -> Visit:
    """Return the visit after an answer that was read: validators now vouch for what is kept."""
    fresh = capture.status == 200
    etag, last_modified = validators(visit, capture)
    return replace(
        visit,
        due=due,
        etag=etag,
        last_modified=last_modified,
        digest=capture.digest if fresh else visit.digest,
        ref=capture.ref if fresh and capture.ref else visit.ref,
        stood=capture.final_url if fresh and capture.ref else visit.stood,
        looks=visit.looks + 1,
        failures=0,
        misses=0,
        asked_at=capture.captured_at,
        hold=None,
        rhythm=rhythm or visit.rhythm,
        error=None,
        error_since=None,
    )


def failed(visit: Visit, capture: Capture, why: str, now: datetime) -> Visit:
    """Return the visit after an answer that could not be read: asked again, later and later.

    Where nothing was asked nothing failed once more: the host is left alone, or its rules can't be read now.
    Where this machine is offline, what is known of the source stays as it is.
    """
    if is_offline(capture):
        return waiting_for_network(visit, capture, why, now)
    trouble = capture.failure.trouble if capture.failure else None
    hold = retry_after(capture, now)
    was_asked = not is_unasked(capture)
    failures = visit.failures + was_asked
    wait = WEEK if trouble in LASTING else backoff(failures)
    if hold and not was_asked:
        wait = hold
    return replace(
        visit,
        due=now + max(wait, hold or wait),
        failures=failures,
        misses=0,
        asked_at=capture.captured_at,
        hold=now + hold if hold else None,
        error=why,
        error_since=since_when(visit, now),
    )


def waiting_for_network(visit: Visit, capture: Capture, why: str, now: datetime) -> Visit:
    """Return a visit that this machine, being offline, could not make: soon again, all else as it was."""
    due = now + (retry_after(capture, now) or FLOOR)
    return replace(visit, due=due, error=visit.error or why, error_since=visit.error_since or now)


def since_when(visit: Visit, now: datetime) -> datetime:
    """Return since when a visit fails; while this machine was offline, nobody knows."""
    was_offline = (visit.error or "").startswith(f"{Trouble.OFFLINE}: ")
    return now if was_offline or visit.error_since is None else visit.error_since
