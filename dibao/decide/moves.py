"""Whether a feed has moved for good.

A permanent redirect is often a mistake of an afternoon, so several polls over days have to agree. Each must
have ended at a feed with entries, so that a log-in page or an outlet's front page never takes its place.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from dibao import urls
from dibao.model import Capture, Feed, Rhythm, Source

PERMANENT = (b"301", b"308")
AGREEING = 4  # polls
OVER = timedelta(days=3)
SECRET = "DIBAO-SECRET-"  # in an address that holds one; where it leads may not be told
_STATUS = re.compile(rb"HTTP/1\.\d (\d{3})\b")


def moved_to(source: Source, capture: Capture, feed: Feed | None) -> str | None:
    """Return where this poll says a feed has moved for good, or None; of a 304 the feed was read before."""
    *hops, _ = capture.exchanges or (None,)
    statuses = [_STATUS.match(hop.response) for hop in hops if hop]
    for_good = bool(statuses) and all(found is not None and found[1] in PERMANENT for found in statuses)
    is_feed = capture.status == 304 if feed is None else bool(feed.entries) and not feed.cut
    is_sound = source.kind == "feed" and is_feed
    target = capture.final_url
    to_the_open = source.url.startswith("https:") and not target.startswith("https:")
    if not (for_good and is_sound) or to_the_open or SECRET in source.url + target:
        return None
    return target if urls.parse(target) and target != source.url else None


def noted(rhythm: Rhythm, target: str | None, now: datetime) -> Rhythm:
    """Return the rhythm with one more word on where the feed has moved; another word begins anew."""
    if target is None:
        return rhythm if rhythm.moved_to is None else replace(rhythm, moved_to=None, moved=())
    told = tuple(at for at in rhythm.moved if at <= now) if target == rhythm.moved_to else ()
    # The first is kept, for the days it began; of the others enough to count.
    return replace(rhythm, moved_to=target, moved=(*told[:1], *told[1:][-AGREEING:], now))


def settled(rhythm: Rhythm) -> str | None:
    """Return the new address once enough polls over enough days agree, else None."""
    agreed = len(rhythm.moved) >= AGREEING and rhythm.moved[-1] - rhythm.moved[0] >= OVER
    return rhythm.moved_to if agreed else None
