"""Each site's turns: few at once, a pause between; and no host while it asks to be left alone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dibao.model import BUSY, HOLD_AT_MOST, HOLD_UNSAID


class _Line:
    """Those who wait for one site."""

    def __init__(self, at_once: int) -> None:
        self.places = asyncio.Semaphore(at_once)  # first come, first served
        self.next_start = 0.0
        self.people = 0


class Turns:
    """Lets a site be asked by few at a time, with a pause between starts; holds are those of its hosts."""

    def __init__(self, *, at_once: int, pause: float) -> None:
        self.at_once, self.pause = at_once, pause
        self._lines: dict[str, _Line] = {}
        self._held: dict[str, tuple[datetime, int]] = {}

    @asynccontextmanager
    async def of(self, site: str) -> AsyncIterator[None]:
        """Wait for a turn at a site and hold it."""
        line = self._lines.setdefault(site, _Line(self.at_once))
        line.people += 1
        try:
            async with line.places:
                await self._pause(line)
                yield
        finally:
            line.people -= 1
            asyncio.get_running_loop().call_later(self.pause, self._forget, site)

    async def _pause(self, line: _Line) -> None:
        now = asyncio.get_running_loop().time()
        start = max(now, line.next_start)
        line.next_start = start + self.pause  # taken before we sleep, so that no two start together
        if start > now:
            await asyncio.sleep(start - now)

    def _forget(self, site: str) -> None:
        line = self._lines.get(site)
        if line and not line.people and line.next_start <= asyncio.get_running_loop().time():
            del self._lines[site]

    def hold(self, host: str, until: datetime, status: int) -> None:
        """Note that a host, answering so, asked to be left alone until then, or later as it said before."""
        self._held[host] = max((until, status), self._held.get(host, (until, status)))

    def held(self, host: str, now: datetime) -> tuple[datetime, int] | None:
        """Return (until, status) while a host asks to be left alone, else None.

        A time further away than any that we heed was noted by a clock that ran ahead.
        """
        until, status = self._held.get(host, (now, 0))
        if not timedelta() < until - now <= HOLD_AT_MOST:
            self._held.pop(host, None)
            return None
        return until, status


def hold_of(status: int | None, headers: Sequence[tuple[str, str]], now: datetime) -> timedelta:
    """Return how long a host asks to be left alone (RFC 9110 §10.2.3), at most a week; zero if it doesn't."""
    if status not in BUSY:
        return timedelta()
    said = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    unsaid = HOLD_UNSAID if status == 429 else timedelta()
    wait = _seconds(said) if said.isdecimal() and said.isascii() else _until(said, now)
    return unsaid if wait is None else min(max(wait, timedelta()), HOLD_AT_MOST)


def _seconds(said: str) -> timedelta:
    # Compared by length first: int() refuses numbers of thousands of digits.
    return timedelta(seconds=int(said)) if len(said) < 9 else HOLD_AT_MOST


def _until(said: str, now: datetime) -> timedelta | None:
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
