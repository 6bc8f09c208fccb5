"""Whether a feed may have dropped entries between two polls.

A feed is a window on what was published. When nothing that the poll before showed is in it any more, what
stood between was not seen. What is pinned to its top is always there and says nothing of that.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from dibao.decide.rhythm import Seen
from dibao.model import Gap, Rhythm, Source


def gap_before(before: Rhythm | None, entries: Sequence[Seen], source: Source, now: datetime) -> Gap | None:
    """Return the span of time that a poll does not reach back over, or None when it joins the one before.

    Entries without dates, or dated before what is known already, put it between the two polls.
    """
    known = frozenset(before.window if before else ())
    if before is None or not known or not entries or joins(entries, known):
        return None
    dates = [at for keys, at in entries if at and known.isdisjoint(keys)]
    oldest = min(dates, default=None)
    since, until = before.polled or before.began, now
    if before.newest and oldest and before.newest <= oldest:
        since, until = before.newest, oldest
    if since > until:  # the clock went backwards in between
        since = until
    return Gap(source=source.id, since=since, until=until, seen_at=now, entries=len(entries))


def joins(entries: Sequence[Seen], known: frozenset[str]) -> bool:
    """Say whether a window shares an entry with the one before that is not pinned to its top."""
    new = [index for index, (keys, _) in enumerate(entries) if known.isdisjoint(keys)]
    shared = [index for index, (keys, _) in enumerate(entries) if not known.isdisjoint(keys)]
    if not shared or not new:
        return bool(shared)
    if shared[-1] > new[0] or not falls([entries[index][1] for index in new]):
        return True
    return not is_older(entries[shared[-1]][1], [entries[index][1] for index in new])


def falls(dates: Sequence[datetime | None]) -> bool:
    """Say whether dates run from the latest to the earliest, as far as there are any."""
    told = [at for at in dates if at]
    return len(told) > 1 and told[0] > told[-1] and all(one >= other for one, other in pairwise(told))


def is_older(pinned: datetime | None, dates: Sequence[datetime | None]) -> bool:
    """Say whether an entry was published before each of these; a date not believed lies far from them."""
    return pinned is None or all(at is None or pinned < at for at in dates)
