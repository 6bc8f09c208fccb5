"""Which hub an answer names, and what its pushes mean for when a source is polled."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from dibao import urls
from dibao.decide.wishes import DAY
from dibao.model import Capture, Feed, Lease, Offer, Visit

AFTER_A_PUSH = timedelta(minutes=1)  # between a poll and the one that a push asks for
IN_TROUBLE = timedelta(minutes=15)  # the same where the poll failed: pushes don't mend a site
SECRET_MARK = "DIBAO-SECRET-"  # what stands for a secret in an address
# A quoted part may hold anything; each way on is told by one character, so that no header makes this slow.
_LINK = re.compile(r"<([^<>]*)>([^<>,\"]*(?:\"[^\"]*\"[^<>,\"]*)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.I)


def offer_of(capture: Capture, feed: Feed) -> Offer | None:
    """Return the hub that an answer names (W3C WebSub §4), None where it is cut and names none.

    Link headers come before what the feed says. A hub must be told a secret, so it is asked over TLS or
    not at all, and no hub is told of an address that holds a secret.
    """
    headers = tuple(linked(capture))
    hubs = [url for relation, url in headers if relation == "hub"] or [feed.hub or ""]
    topics = [url for relation, url in headers if relation == "self"] or [feed.self_url or capture.url]
    found = (urls.absolute(capture.final_url, hub) for hub in hubs)
    hub = next((url for url in found if url and url.startswith("https:") and is_open(url)), None)
    topic = urls.absolute(capture.final_url, topics[0])
    if hub and topic and is_open(topic):
        return Offer(hub=hub, topic=topic)
    return None if feed.cut else Offer()


def is_open(url: str) -> bool:
    """Say whether an address holds no secret."""
    return SECRET_MARK not in url and urls.without_userinfo(url) == url


def linked(capture: Capture) -> Iterator[tuple[str, str]]:
    """Yield (relation, address) of the Link headers (RFC 8288) of an answer."""
    said = (value for name, value in capture.headers if name.lower() == "link")
    for url, parameters in (found for value in said for found in _LINK.findall(value)):
        relation = _REL.search(parameters)
        for word in (relation[1] or relation[2] or "").lower().split() if relation else ():
            yield word, url


def news_of_hub(capture: Capture, feed: Feed, lease: Lease | None) -> Offer | None:
    """Return what an answer names, where that is something else than before."""
    offer = offer_of(capture, feed)
    before = (lease.hub, lease.topic) if lease else (None, "")
    return None if offer is None or (offer.hub, offer.topic) == before else offer


def owed(lease: Lease | None, visit: Visit, brought: bool, now: datetime) -> timedelta:
    """Return for how long a source need not be asked, since its hub would tell of news; a day at most.

    Only while all is well between us, and while the hub's word and the feed agree: no news without a push,
    since hubs fall silent without a word, and no push without news, since a feed may be served from a
    cache for a while after it.
    """
    if lease is None or lease.error or lease.until is None or not lease.is_held(now):
        return timedelta()
    was_pushed = lease.pushed_at is not None and (visit.asked_at is None or lease.pushed_at > visit.asked_at)
    return min(lease.until - now, DAY) if was_pushed == brought else timedelta()


def hastened(lease: Lease | None, capture: Capture, due: datetime, now: datetime) -> datetime:
    """Return when the next poll is due: soon where a push came while this one was made."""
    pushed = lease.pushed_at if lease else None
    if pushed is None or not capture.captured_at < pushed <= now:
        return due
    return min(due, max(now, capture.captured_at + AFTER_A_PUSH))


def soonest(visit: Visit, now: datetime) -> datetime:
    """Return when a source may be polled because of a push: at once, but no oftener than is polite."""
    asked = min(visit.asked_at, now) if visit.asked_at else None
    rested = asked + (IN_TROUBLE if visit.failures else AFTER_A_PUSH) if asked else now
    return max(now, rested, visit.hold or now)
