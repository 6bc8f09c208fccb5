"""WebSub (W3C, 2018): what a subscriber says to a hub, what it believes of one, and when to renew.

Pure: a `Lease` goes in and a `Lease` comes out; who asks, listens and keeps is elsewhere. A hub's word is
never an article: a good push only makes the source due, and the feed is then asked as ever.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from dibao.errors import ConfigError
from dibao.model import Capture, Lease, Letter, Mode
from dibao.text import clip, squeeze

LEASE = timedelta(days=10)  # what we ask for; hubs decide
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=90)  # what we believe of a hub's answer
PENDING = timedelta(hours=1)  # then a hub that did not ask back is asked again, later and later
REFUSED = timedelta(days=1)  # then a hub that said no is asked again, later and later
LATEST = timedelta(weeks=1)
FAREWELLS = 3  # times that a hub is told we leave; then the lease may run out
SECRET_BYTES = 200  # §5.1: shorter than this
REFUSALS = (400, 401, 403, 404, 405, 410, 422, 501)
METHODS = ("sha1", "sha256", "sha384", "sha512")  # §7.1


def secret_for(key: str, callback: str) -> str:
    """Return the secret that goes with a callback: only who has the key can make it."""
    return hmac.new(key.encode(), callback.encode(), sha256).hexdigest()


def request(lease: Lease, now: datetime) -> tuple[Letter, Lease]:
    """Return what is posted to the hub (§5.1), and the lease that waits for its answer.

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
    asked = replace(lease, asked_at=now, failures=lease.failures + 1, refused=False, error=None)
    return Letter(id=lease.id, url=lease.hub, form=urlencode(form).encode()), timed(asked, now)


def answered(lease: Lease, capture: Capture, now: datetime) -> Lease:
    """Return a lease after the hub's first answer (§5.1.2): well where it says 2xx, it asks back then."""
    if capture.failure is None and capture.status is not None and 200 <= capture.status < 300:
        return lease
    refused = capture.failure is None and capture.status in REFUSALS
    why = str(capture.failure) if capture.failure else f"the hub answered {capture.status}"
    return timed(replace(lease, refused=refused, error=why), now)


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
        denied = replace(lease, asked_at=now, until=None, length=None, refused=True, error=why)
        return "", timed(replace(denied, failures=max(1, lease.failures)), now)
    challenge = said.get("hub.challenge", "")
    if mode != lease.wanted or not challenge or not is_pending(lease, now):
        return None, lease
    agreed = replace(lease, asked_at=None, failures=0, refused=False, error=None)
    if mode == Mode.UNSUBSCRIBE:
        return challenge, timed(replace(agreed, until=None, length=None), now)
    granted = seconds(said.get("hub.lease_seconds"))
    if granted is None:
        return None, replace(lease, error="the hub grants no time that can be read")
    return challenge, timed(replace(agreed, until=now + granted, length=granted), now)


def is_pending(lease: Lease, now: datetime) -> bool:
    """Say whether a hub was asked of late and has not asked back."""
    return lease.asked_at is not None and not lease.refused and abs(now - lease.asked_at) <= PENDING


def seconds(said: str | None) -> timedelta | None:
    """Return a lease in seconds, within what is sensible; None if it can't be read."""
    if not said or not said.isascii() or not said.isdigit():
        return None
    whole = timedelta(seconds=int(said)) if len(said) < 10 else LONGEST
    return min(max(whole, SHORTEST), LONGEST)


class Seal:
    """Says of a push, as its bytes come in, whether the hub made it (§7.1).

    Its signature stands in ``X-Hub-Signature: sha256=…`` and is made with our secret.
    """

    def __init__(self, lease: Lease, signature: str | None) -> None:
        method, _, self._told = (signature or "").strip().partition("=")
        known = method.lower() in METHODS and self._told.isascii()
        self._made = hmac.new(lease.secret.encode(), digestmod=method.lower()) if known else None

    def take(self, piece: bytes) -> None:
        """Note a piece of the push."""
        if self._made:
            self._made.update(piece)

    def is_genuine(self) -> bool:
        """Say whether what was taken comes from the hub; how long that takes tells nothing."""
        return self._made is not None and hmac.compare_digest(
            self._made.hexdigest(), self._told.strip().lower()
        )


def pushed(lease: Lease, is_genuine: bool, now: datetime) -> Lease:
    """Return a lease after a push: one that is not the hub's own is noted and believed in nothing."""
    if not is_genuine:
        return replace(lease, error="a push came that was not signed as agreed; it was not heeded")
    return replace(lease, pushed_at=now, error=None)


def timed(lease: Lease, now: datetime) -> Lease:
    """Return a lease with the time when its hub is to be asked next."""
    return replace(lease, due=renewal(lease, now))


def renewal(lease: Lease, now: datetime) -> datetime | None:
    """Return when to ask the hub next: when a fifth of the lease is left.

    A hub that kept silent is asked again an hour later, one that refused a day later, and later each time.
    None for a lease that is given up and over. A clock that was set back does not put it off: no lease is
    longer than it was granted for.
    """
    if lease.wanted is not Mode.SUBSCRIBE and (lease.until is None or lease.failures >= FAREWELLS):
        return None
    if lease.asked_at is not None:
        wait = REFUSED if lease.refused else PENDING
        return min(lease.asked_at, now) + min(wait * (1 << min(max(lease.failures - 1, 0), 16)), LATEST)
    if lease.wanted is not Mode.SUBSCRIBE or lease.until is None or lease.length is None:
        return now
    return min(lease.until, now + lease.length) - lease.length / 5
