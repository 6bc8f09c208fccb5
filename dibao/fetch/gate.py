"""The one gate to the network: in turn, not too many at once, and not while a host wants to be left alone."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dibao import urls
from dibao.fetch.ask import Answer, Asker
from dibao.fetch.limits import Limits
from dibao.fetch.polite import Turns, hold_of
from dibao.fetch.sites import site_of
from dibao.fetch.uplink import Uplink
from dibao.model import Failure, Hold, Trouble

OFFLINE_FOR = timedelta(minutes=15)  # then this machine tries again: that costs nobody anything
HEARD_FOR = timedelta(minutes=1)  # then what holds are stored is asked for again


def unasked(
    url: str, failure: Failure, now: datetime, until: datetime | None = None, status: int | None = None
) -> Answer:
    """Return the answer that stands for one that was not asked for, with the wait until it may be."""
    left = max(1, round((until - now).total_seconds())) if until else None
    headers = (("Retry-After", str(left)),) if left else ()
    return Answer(url=url, at=now, status=status, headers=headers, failure=failure)


def offline(answer: Answer, now: datetime) -> Answer:
    """Return the answer that stands for one that failed because this machine reaches nobody."""
    why = answer.failure.detail if answer.failure else ""
    failure = Failure(trouble=Trouble.OFFLINE, detail=f"this machine seems to be offline: {why}")
    return replace(unasked(answer.url, failure, now, now + OFFLINE_FOR), at=answer.at)


@dataclass(slots=True)
class Budget:
    """The seconds that a visit may still take."""

    left: float


class Gate:
    """Passes requests on to an asker; lives in one event loop."""

    def __init__(
        self,
        asker: Asker,
        turns: Turns,
        *,
        now: Callable[[], datetime],
        concurrency: int,
        holds: Callable[[datetime], Iterable[Hold]] = lambda now: (),
    ) -> None:
        self.asker, self.turns, self.now, self.holds = asker, turns, now, holds
        self.uplink = Uplink(now)
        self._heard: datetime | None = None  # when `holds` were asked for
        self.concurrency, self._unread = concurrency, 0
        self._places = asyncio.Semaphore(concurrency)
        self._is_open = asyncio.Event()
        self._is_open.set()

    def count_unread(self, change: int) -> None:
        """Note answers made (+) or taken (-), by weight; nothing is asked while too many lie unread."""
        self._unread += change
        if self._unread < self.concurrency:
            self._is_open.set()
        else:
            self._is_open.clear()

    async def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        budget: Budget,
        limits: Limits | None = None,
        form: bytes | None = None,
    ) -> Answer:
        """Return the answer of a URL, once its site's turn has come; waiting costs nothing of the budget.

        A host that asked to be left alone is not asked: its own status is the answer, with no exchange.
        """
        if held := self.held(url):
            return held
        async with self.turns.of(site_of(urls.host(url))), self._places:
            await self._is_open.wait()
            return self.held(url) or await self._ask(url, headers, budget, limits, form)

    def held(self, url: str) -> Answer | None:
        """Return the answer of a host that asked to be left alone, for as long as it did; else None."""
        now = self.now()
        self._hear(now)
        held = self.turns.held(urls.host(url), now)
        if held is None:
            return None
        until, status = held
        detail = (
            f"the host answered {status} and asked to be left alone until {until:%Y-%m-%d %H:%M} UTC; "
            "nothing hastens that"
        )
        return unasked(url, Failure(trouble=Trouble.UNASKED, detail=detail), now, until, status)

    def _hear(self, now: datetime) -> None:
        """Learn what holds other runs, or other processes, have noted; once a minute."""
        if self._heard is None or not self._heard <= now < self._heard + HEARD_FOR:
            self._heard = now
            for hold in self.holds(now):
                self.turns.hold(hold.host, hold.until, hold.status)

    async def _ask(
        self, url: str, headers: Mapping[str, str], budget: Budget, limits: Limits | None, form: bytes | None
    ) -> Answer:
        loop = asyncio.get_running_loop()
        start = loop.time()
        answer = await self.asker.ask(url, headers, seconds=budget.left, limits=limits, form=form)
        budget.left -= loop.time() - start
        if answer.status:
            self.uplink.answered(urls.host(url))
        elif answer.may_be_ours and await self.uplink.is_down(urls.host(url)):
            return offline(answer, self.now())
        wait = hold_of(answer.status, answer.headers, self.now())
        if wait and answer.status:
            self.turns.hold(urls.host(url), self.now() + wait, answer.status)
        return answer
