"""The network, asked politely and safely."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp.abc import AbstractResolver

from dibao.fetch.ask import Asker
from dibao.fetch.crossing import Crossing, Loop
from dibao.fetch.gate import Gate
from dibao.fetch.guard import Guard
from dibao.fetch.journey import Journeys
from dibao.fetch.letters import Letters
from dibao.fetch.limits import Limits
from dibao.fetch.names import Names
from dibao.fetch.polite import Turns
from dibao.fetch.robots import Robots
from dibao.fetch.spool import Parcel, give_memory_back
from dibao.model import Capture, Hold, Letter, Visit
from dibao.ports import RulesShelf

__all__ = ["Guard", "Http", "Limits"]

AHEAD = 16  # visits taken per connection: while some wait for a busy host, others find a free one


class Http:
    """Asks the network; a failure is a Capture, never an exception.

    All asking happens in an event loop in a thread of its own, which starts with the first fetch.
    `headers` are extra request headers by host ("example.org", "example.org:8080"), `proxies` the proxies
    by host ("*": all others); `reveal` puts the secrets into a URL; `stood` tells from where a visit's kept
    answer came (None: from its own URL); `per_host` connections at once go to the hosts of one registrable
    domain, their starts `pause` seconds apart. Large answers stand in files without a name in `scratch`
    (None: where the system has its temporary files) until they are taken. `holds` tells which hosts asked
    other runs to be left alone; `shelf` keeps what robots.txt said for the runs to come.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        guard: Guard | None = None,
        per_host: int = 2,
        pause: float = 1.0,
        concurrency: int = 32,
        resolver: AbstractResolver | None = None,
        reveal: Callable[[str], str] = str,
        headers: Mapping[str, Mapping[str, str]] | None = None,
        robots: bool = True,
        stood: Callable[[Visit], str | None] = lambda visit: None,
        proxies: Mapping[str, str] | None = None,
        scratch: Path | None = None,
        holds: Callable[[datetime], Iterable[Hold]] = lambda now: (),
        shelf: RulesShelf | None = None,
    ) -> None:
        self.user_agent, self.now, self.reveal = user_agent, now, reveal
        self.limits, self.guard, self.resolver = limits or Limits(), guard or Guard(), resolver
        self.per_host, self.pause, self.concurrency = per_host, pause, concurrency
        self.headers, self.robots, self.stood = headers or {}, robots, stood
        self.proxies, self.scratch = proxies or {}, scratch
        self.holds, self.shelf = holds, shelf
        self._starting = threading.Lock()
        self._loop: Loop | None = None
        self._crossings: set[Crossing[Visit, Parcel] | Crossing[Letter, Capture]] = set()

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        """Yield an answer for every visit, as they arrive; visits are taken only as there is room."""
        loop = self._started()
        crossing = Crossing(
            loop,
            self._parcel,
            ahead=AHEAD * self.concurrency,
            unread=self._gate.count_unread,
            weight=lambda parcel: parcel.weight,
        )
        self._crossings.add(crossing)
        try:
            for visit, parcel in crossing.over(visits):
                yield visit, parcel.take()
        finally:
            self._crossings.discard(crossing)

    async def _parcel(self, visit: Visit) -> Parcel:
        return Parcel(await self._journeys.capture(visit), self.scratch)

    @contextmanager
    def telling(self) -> Iterator[Crossing[Letter, Capture]]:
        """Give what posts letters to hubs, until the block ends; close it to give up what is under way."""
        loop = self._started()
        letters = Letters(self._gate, self.user_agent, self.now)
        crossing = Crossing(loop, letters.post, ahead=self.concurrency, unread=self._gate.count_unread)
        self._crossings.add(crossing)
        try:
            yield crossing
        finally:
            crossing.close()
            self._crossings.discard(crossing)

    def _started(self) -> Loop:
        with self._starting:
            if self._loop is None:
                self._loop = Loop("dibao-http")
                self._loop.run(self._set_up())
            return self._loop

    async def _set_up(self) -> None:
        """Make the parts that live in the loop."""
        give_memory_back()
        names = self.resolver or Names()
        self._asker = Asker(
            guard=self.guard,
            limits=self.limits,
            now=self.now,
            names=names,
            proxies=self.proxies,
            scratch=self.scratch,
        )
        turns = Turns(at_once=self.per_host, pause=self.pause)
        self._gate = Gate(self._asker, turns, now=self.now, concurrency=self.concurrency, holds=self.holds)
        robots = Robots(self._gate, self.user_agent, self.limits, self.now, self.shelf)
        self._journeys = Journeys(
            self._gate,
            robots if self.robots else None,
            limits=self.limits,
            user_agent=self.user_agent,
            now=self.now,
            reveal=self.reveal,
            headers=self.headers,
            stood=self.stood,
        )

    def close(self) -> None:
        """Stop asking and end the thread; fetches under way end. Safe to call twice."""
        for crossing in list(self._crossings):
            crossing.close()
        with self._starting:
            if self._loop is not None:
                self._loop.run(self._asker.close())
                self._loop.close()
                self._loop = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
