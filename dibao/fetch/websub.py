"""WebSub (W3C, 2018): what a subscriber says to a hub, what it believes of one, and when to renew.

Pure: a `Lease` goes in and a `Lease` comes out; who asks, listens and keeps is elsewhere. A hub's word is
never an article: a good push only makes the source due, and the feed is then asked as ever.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from dibao import urls
from dibao.errors import ConfigError
from dibao.model import Feed
from dibao.text import clip, squeeze

LEASE = timedelta(days=10)  # what we ask for; hubs decide
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=90)  # what we believe of a hub's answer
SLOW = timedelta(days=1)  # a poll as backup while a lease is held: hubs fall silent without a word
PENDING = timedelta(hours=1)  # then a hub that did not ask back is asked again
SECRET_BYTES = 200  # §5.1: shorter than this
METHODS = ("sha1", "sha256", "sha384", "sha512")  # §7.1


class Mode(StrEnum):
    """What is asked of a hub, or said by it."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One source's standing with a hub."""

    hub: str
    topic: str
    callback: str  # an address of ours that nobody can guess, one for each lease
    secret: str
    wanted: Mode = Mode.SUBSCRIBE
    asked_at: datetime | None = None
    until: datetime | None = None  # None: not granted, or no more
    length: timedelta | None = None  # as granted
    error: str | None = None


def offer(feed: Feed, url: str) -> tuple[str, str] | None:
    """Return (hub, topic) that a feed found at `url` names; None unless the hub can be told a secret."""
    hub, topic = (urls.absolute(url, link) for link in (feed.hub, feed.self_url or url))
    return (hub, topic) if hub and topic and hub.startswith("https:") else None


def request(lease: Lease, now: datetime) -> tuple[bytes, Lease]:
    """Return the form that is posted to the hub (§5.1), and the lease that waits for its answer.

    ConfigError for a secret that hubs do not take.
    """
    if not 0 < len(lease.secret.encode()) < SECRET_BYTES:
        raise ConfigError(f"a WebSub secret has 1 to {SECRET_BYTES - 1} bytes")
    form = {
        "hub.callback": lease.callback,
        "hub.mode": lease.wanted,
        "hub.topic": lease.topic,
        "hub.lease_seconds": str(round(LEASE.total_seconds())),
        "hub.secret": lease.secret,
    }
    return urlencode(form).encode(), replace(lease, asked_at=now, error=None)


def verified(lease: Lease, said: Mapping[str, str], now: datetime) -> tuple[str | None, Lease]:
    """Return what to answer to a hub that asks back (§5.3), or None for "not found", and the lease after it.

    Only what we asked for, of late, is confirmed: anybody may call a callback that has become known.
    """
    mode = said.get("hub.mode")
    if said.get("hub.topic") != lease.topic:
        return None, lease
    if mode == Mode.DENIED:
        why = said.get("hub.reason") or "no reason given"
        why = f"the hub refuses: {clip(squeeze(why), 200)}"
        return "", replace(lease, asked_at=now, until=None, length=None, error=why)
    challenge = said.get("hub.challenge", "")
    if mode != lease.wanted or not challenge or not is_pending(lease, now):
        return None, lease
    if mode == Mode.UNSUBSCRIBE:
        return challenge, replace(lease, asked_at=None, until=None, length=None)
    granted = seconds(said.get("hub.lease_seconds"))
    if granted is None:
        return None, replace(lease, error="the hub grants no time that can be read")
    return challenge, replace(lease, asked_at=None, until=now + granted, length=granted, error=None)


def is_pending(lease: Lease, now: datetime) -> bool:
    """Say whether a hub was asked of late and has not asked back."""
    return lease.asked_at is not None and abs(now - lease.asked_at) <= PENDING


def seconds(said: str | None) -> timedelta | None:
    """Return a lease in seconds, within what is sensible; None if it can't be read."""
    if not said or not said.isascii() or not said.isdigit():
        return None
    whole = timedelta(seconds=int(said)) if len(said) < 10 else LONGEST
    return min(max(whole, SHORTEST), LONGEST)


def is_genuine(lease: Lease, body: bytes, signature: str | None) -> bool:
    """Say whether a push comes from the hub (§7.1): ``X-Hub-Signature: sha256=…`` made with our secret."""
    method, _, told = (signature or "").strip().partition("=")
    if method.lower() not in METHODS or not told.isascii():
        return False
    made = hmac.new(lease.secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(made, told.strip().lower())


def is_held(lease: Lease, now: datetime) -> bool:
    """Say whether the hub owes us pushes now; else the source is polled at its own pace."""
    return lease.until is not None and now < lease.until


def renewal(lease: Lease, now: datetime) -> datetime | None:
    """Return when to ask the hub next: when a fifth of the lease is left.

    A hub that kept silent is asked again an hour later, one that refused a day later. None for a lease
    that is given up. A clock that was set back does not put it off: no lease is longer than it was
    granted for.
    """
    if lease.wanted is not Mode.SUBSCRIBE:
        return None
    if lease.asked_at is not None:
        return min(lease.asked_at, now) + (SLOW if lease.error else PENDING)
    if lease.until is None or lease.length is None:
        return now
    return min(lease.until, now + lease.length) - lease.length / 5


def slowest(lease: Lease, pace: timedelta, now: datetime) -> timedelta:
    """Return how long to wait until the next poll: a day at least while pushes are owed, else its pace."""
    return max(pace, SLOW) if is_held(lease, now) else pace
