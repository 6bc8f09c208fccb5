"""A day of a watch over five hundred sources, on its own clock: what servers see, and what it costs here."""

import asyncio
import os
import socket
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.watching import watch
from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import rss_by_guid

pytestmark = pytest.mark.slow

SOURCES = 500
START = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Hurried(SteppingClock):
    """A clock on which five minutes pass for every second that somebody sleeps."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds * 300)


@dataclass
class Outlets:
    """Five hundred outlets behind one port: an article every other hour each, at an hour of its own."""

    clock: Hurried
    port: int = 0
    asked: dict[str, list[tuple[datetime, bool]]] = field(default_factory=lambda: defaultdict(list))

    async def answer(self, request: web.BaseRequest) -> web.Response:
        now, tag = self.clock.now(), request.headers.get("If-None-Match")
        self.asked[request.host].append((now, tag is not None))
        number = int(request.host.partition(".")[0].removeprefix("h"))
        count = (now - START) // (2 * HOUR) + (number % 2)
        _, kind, body = rss_by_guid(*((str(n), f"第{n}則", None, "內容" * 40) for n in range(count, -1, -1)))
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": etag, "Connection": "close"}
        if tag == etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers | {"Content-Type": kind})


class Anywhere(AbstractResolver):
    """Finds every host at one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self.port, family=socket.AF_INET, proto=0, flags=4
            )
        ]

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def outlets() -> Iterator[Outlets]:
    """Serve the outlets from a thread of their own."""
    outlets, loop = Outlets(Hurried(START)), asyncio.new_event_loop()

    async def listen() -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(outlets.answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    runner = loop.run_until_complete(listen())
    outlets.port = runner.addresses[0][1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield outlets
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@dataclass
class Weight:
    """What this process weighs at the end of each hour."""

    clock: Hurried
    kilobytes: dict[int, int] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)

    def note(self, seconds: int) -> None:
        """Weigh the process while it waits."""
        hour = (self.clock.now() - START) // HOUR
        self.kilobytes[hour] = int(Path("/proc/self/statm").read_text().split()[1]) * 4
        files = len(os.listdir("/proc/self/fd"))
        self.files[hour] = min(self.files.get(hour, files), files)  # a connection may be open just now


def a_day(archive: Path, outlets: Outlets) -> Weight:
    """Watch for a day and return what that weighed."""
    weight, clock = Weight(outlets.clock), outlets.clock
    opening = partial(opened, clock=clock, resolver=Anywhere(outlets.port))
    walk = watch(archive, publishing=False, waiting=weight.note, opening=opening)
    with closing(walk):
        for _ in walk:
            if clock.now() >= START + DAY:
                return weight
    return weight


def test_a_day_of_five_hundred_sources_is_polite_and_weighs_nothing_more_in_the_end(
    tmp_path: Path, outlets: Outlets
) -> None:
    archive = make_archive(tmp_path / "archive", outlets.port)
    with opened(archive, clock=outlets.clock) as it:
        wanted = [Source(name=f"S{n}", url=f"http://h{n}.test/feed", feed_only=True) for n in range(SOURCES)]
        it.sources.add_all(wanted, START)
    weight = a_day(archive, outlets)

    assert len(outlets.asked) == SOURCES
    for asked in outlets.asked.values():
        assert [conditional for _, conditional in asked] == [False] + [True] * (len(asked) - 1)
        assert min(after - before for (before, _), (after, _) in pairwise(asked)) >= HOUR
        assert 18 <= len(asked) <= 25
    with opened(archive) as it:
        assert it.library.totals()["articles"] >= SOURCES * 12
        assert it.library.gaps() == []
    early = statistics.median(weight.kilobytes[hour] for hour in (4, 5, 6))
    late = statistics.median(weight.kilobytes[hour] for hour in (21, 22, 23))
    assert late < early * 1.1
    assert weight.files[23] <= weight.files[4] + 1  # the evidence of the day before stays open for a while
