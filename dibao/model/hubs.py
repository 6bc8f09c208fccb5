"""Hubs (WebSub): who tells us of news, so that we need not ask so often."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Mode(StrEnum):
    """What is asked of a hub, or said by it."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The hub that an answer of a source names."""

    hub: str | None = None  # None: it names none
    topic: str = ""  # by what address the hub knows the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One source's standing with a hub."""

    id: int = 0  # 0 until the archive gives it one
    source: int = 0
    hub: str
    topic: str
    callback: str = field(
        default="", repr=False
    )  # an address of ours that nobody can guess; empty: not asked
    secret: str = field(default="", repr=False)  # never kept: made anew from a key each time it is needed
    named: bool = True  # the source's feed names the hub now
    wanted: Mode = Mode.SUBSCRIBE
    asked_at: datetime | None = None  # and the hub has not asked back yet
    until: datetime | None = None  # None: not granted, or no more
    length: timedelta | None = None  # as granted
    due: datetime | None = None  # when the hub is to be asked next
    failures: int = 0  # times in a row that the hub was asked and did not ask back
    refused: bool = False  # the hub said no
    error: str | None = None
    pushed_at: datetime | None = None  # the last push that was believed
    since: datetime | None = None  # since when `wanted` is so

    def is_held(self, now: datetime) -> bool:
        """Say whether the hub owes us pushes."""
        return self.wanted is Mode.SUBSCRIBE and self.until is not None and now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A form that is posted to a hub."""

    id: int  # of the lease it is about
    url: str
    form: bytes = field(repr=False)  # it holds a secret
