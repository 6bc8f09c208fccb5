"""Which errors a machine without network gives, and which one host gives alone."""

import asyncio
import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from dibao.clock import SteppingClock
from dibao.fetch.uplink import Uplink, may_be_ours

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
KEY: Any = aiohttp.client_reqrep.ConnectionKey("wire.test", 443, True, True, None, None, None)
TRY_AGAIN = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (TRY_AGAIN, True),
        (aiohttp.ClientConnectorDNSError(KEY, TRY_AGAIN), True),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "Network is unreachable")), True),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.EHOSTUNREACH, "No route to host")), True),
        (aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: [Errno 101], [Errno 111]")), False),
        (aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(errno.ECONNREFUSED, "refused")), False),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "not known")), False),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "no")), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_lacking_resolver_or_route_may_be_ours(error: Exception, ours: bool) -> None:
    assert may_be_ours(error) is ours


def test_an_answer_that_comes_within_the_grace_shows_that_we_are_online() -> None:
    async def both() -> bool:
        line = Uplink(lambda: NOW, grace=60)
        judging = asyncio.create_task(line.is_down("broken.test"))
        await asyncio.sleep(0)
        line.answered("fine.test")
        return await judging

    assert asyncio.run(both()) is False


def test_a_host_that_fails_on_while_others_answered_in_between_fails_alone() -> None:
    clock = SteppingClock(NOW)

    async def later() -> list[bool]:
        line = Uplink(clock.now, grace=0)
        found = [await line.is_down("broken.test")]
        clock.sleep(600)
        line.answered("fine.test")
        clock.sleep(600)
        return [*found, await line.is_down("broken.test"), await line.is_down("other.test")]

    assert asyncio.run(later()) == [True, False, True]


def test_an_answer_of_a_time_to_come_shows_nothing() -> None:
    clock = SteppingClock(NOW)

    async def set_back() -> bool:
        line = Uplink(clock.now, grace=0)
        line.answered("fine.test")
        clock.sleep(-timedelta(days=1).total_seconds())
        return await line.is_down("broken.test")

    assert asyncio.run(set_back()) is True
