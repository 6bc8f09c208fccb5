"""Names to addresses, all of them judged."""

import asyncio
import ipaddress
import socket
import threading
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from dibao.fetch.guard import Guard, Refused


class Names(AbstractResolver):
    """Asks the system's resolver, each name in a thread that never keeps the process from ending."""

    def __init__(self, at_once: int = 16) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; OSError if there is none."""
        async with self._places:
            loop = asyncio.get_running_loop()
            found: asyncio.Future[Any] = loop.create_future()
            # Not the loop's own threads: those are waited for at exit, and a lookup can take minutes.
            threading.Thread(target=_look_up, args=(loop, found, host, port, family), daemon=True).start()
            return [_result(host, info) for info in await found]

    async def close(self) -> None:
        """Do nothing: no lookup is kept."""


def _look_up(
    loop: asyncio.AbstractEventLoop, found: "asyncio.Future[Any]", host: str, port: int, family: int
) -> None:
    try:
        answer: Any = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answer = error
    try:
        loop.call_soon_threadsafe(_tell, found, answer)
    except RuntimeError:  # the loop ended while we waited
        return


def _tell(found: "asyncio.Future[Any]", answer: Any) -> None:
    if found.done():  # nobody waits any more
        return
    if isinstance(answer, OSError):
        found.set_exception(answer)
    elif isinstance(answer, Exception):
        found.set_exception(OSError(str(answer)))
    else:
        found.set_result(answer)


def _result(host: str, info: Any) -> ResolveResult:
    family, _, proto, _, address = info
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(
        hostname=host, host=address[0], port=address[1], family=family, proto=proto, flags=flags
    )


class JudgedNames(AbstractResolver):
    """Refuses a name when any of its addresses is refused.

    Choosing a good one among mixed answers would let a hostile name try its luck at each request.
    """

    def __init__(self, inner: AbstractResolver, guard: Guard) -> None:
        self.inner, self.guard = inner, guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; Refused if one of them may not be connected to."""
        found = await self.inner.resolve(host, port, family)
        try:
            for answer in found:
                self.guard.check(answer["host"], answer["port"])
        except Refused as why:
            raise Refused(f"{host} leads to {why}") from None
        return found

    async def judge(self, host: str, port: int) -> None:
        """Raise Refused if a host may not be asked: for those that a proxy will look up and connect to."""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            await self.resolve(host, port)
        else:
            self.guard.check(host, port)

    async def close(self) -> None:
        """Close the resolver within."""
        await self.inner.close()
