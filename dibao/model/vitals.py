"""What is remembered of how well a source does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Week(NamedTuple):
    """What polls brought in one week."""

    monday: str  # "2026-03-02", UTC
    hours: float  # that were watched
    entries: int  # that were new; those of the first poll are history
    times: int  # polls that brought any of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How a source's polls went, beside its rhythm: written when they bring something, and once a day."""

    counted: datetime | None = None  # up to when time is counted as watched
    quiet: float = 0.0  # hours that were watched since a poll last brought a new entry
    times: int = 0  # polls that brought new entries, since the first
    rate: float = 0.0  # of them an hour, when one last did; before that, entries an hour by its rhythm
    fresh_at: datetime | None = None  # when that was
    empty_since: datetime | None = None  # from when on its answers held no entries
    led_to: str | None = None  # where redirects led, without the query
    led_since: datetime | None = None
    certified_until: datetime | None = None  # when the certificate of the host that answered ends
    weeks: tuple[Week, ...] = ()  # the latest, the earliest first


class Got(StrEnum):
    """What the first look at an article brought."""

    WHOLE = "whole"  # its text
    UNREAD = "unread"  # a page in which no article was found
    UNANSWERED = "unanswered"  # no page


class Look(NamedTuple):
    """The first look at one article."""

    at: datetime
    got: Got
    letters: int  # of its text, where that came


class Crop(NamedTuple):
    """What the first looks of one week brought, but for the latest looks of all."""

    monday: str
    whole: int
    unread: int
    unanswered: int
    letters: tuple[int, ...]  # of the first articles of the week


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What a source's pages brought; of one whose feed holds its articles, what these did."""

    looks: tuple[Look, ...] = ()  # the latest, the earliest first
    weeks: tuple[Crop, ...] = ()  # what came before them
