"""The wire tapped: every byte that was sent and received, as the evidence needs it."""

import asyncio
import re
import socket
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import aiohttp
from aiohappyeyeballs import start_connection
from aiohttp.client_proto import ResponseHandler

from dibao.fetch.decode import Trip, no_room
from dibao.fetch.guard import Guard
from dibao.fetch.limits import Limits
from dibao.fetch.socks import go_through, place_of
from dibao.fetch.spool import Spool
from dibao.model import Trouble

_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n")
_BODILESS = re.compile(rb"HTTP/1\.\d (?:204|304)\b")  # whatever length they speak of
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,18})[ \t]*\r?$")
_END_OF_HEAD = re.compile(rb"\n\r?\n")


class Tape:
    """What passes over the wire during one request."""

    def __init__(self, limits: Limits, scratch: Path | None = None, form: bytes | None = None) -> None:
        self.limits, self.scratch = limits, scratch
        self.form = form  # None: a GET
        self.request, self.response = bytearray(), Spool(scratch)
        self.address: str | None = None
        self.certified_until: datetime | None = None
        self.is_large = False  # and has a place among the large
        self.is_direct = True  # no proxy stands between
        self.socks: str | None = None  # the address of one that speaks SOCKS
        self.is_reused = False  # the connection had served before, so it may have died unnoticed
        self.trip: Trip | None = None
        self._in_head = True
        self._end: int | None = None  # where the answer ends, if its head says so
        self.goes_on = False  # more came than the answer: nothing that follows can be trusted

    def rewind(self) -> None:
        """Forget what passed: it was said to a proxy, to be let through, or is kept elsewhere."""
        self.request, self.response, self._in_head, self._end = bytearray(), Spool(self.scratch), True, None

    def take(self, data: bytes) -> bytes:
        """Note what came and return what of it belongs to the answer; `trip` says when it is too much."""
        before = len(self.response)
        try:
            self.response.write(data)
        except OSError as error:
            self.trip = no_room(error)
        self._measure(max(0, before - 3))
        if self._end is not None and len(self.response) > self._end:
            self.response.cut(self._end)
            self.goes_on = True
        return data[: len(self.response) - before]

    def _measure(self, before: int) -> None:
        if self._in_head:
            end = _END_OF_HEAD.search(self.response.start, before)
            self._in_head = end is None
            self._end = end and end_of(bytes(self.response.start[: end.end()]))
            if (end.end() if end else len(self.response)) > self.limits.header_bytes:
                self.trip = Trip(
                    Trouble.SIZE, f"the headers are larger than {self.limits.header_bytes} bytes"
                )
        if len(self.response) > self.limits.wire_bytes:
            self.response.cut(self.limits.wire_bytes)
            self.trip = Trip(Trouble.SIZE, f"the answer is larger than {self.limits.wire_bytes} bytes")

    def answer(self, most: int | None = None) -> bytes:
        """Return the response, so much of it at most, without interim (1xx) ones.

        Archive readers take the first head they see.
        """
        start = 0
        while found := _INTERIM.match(self.response.start, start):
            start = found.end()
        return self.response.read(start, most)


def end_of(head: bytes) -> int | None:
    """Return where the answer with that head ends, or None where only its framing or its end will tell."""
    if _BODILESS.match(head):
        return len(head)
    lengths = _LENGTH.findall(head)
    if len(lengths) != 1 or b"\ntransfer-encoding" in head.lower() or _INTERIM.match(head):
        return None
    return len(head) + int(lengths[0])


recording: ContextVar[Tape] = ContextVar("recording")  # the tape of the request that this task makes


class _Tap(ResponseHandler):
    """aiohttp's protocol, writing down what it hears."""

    tape: Tape | None = None

    def __init__(self, guard: Guard, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.guard = guard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.BaseTransport, _TappedTransport(transport, self)))

    def data_received(self, data: bytes) -> None:
        tape = self.tape
        data = tape.take(data) if tape else data
        if tape and tape.trip:
            if self.transport is not None:
                self.transport.abort()
            return
        if tape and tape.goes_on:
            self.force_close()
        if data:
            super().data_received(data)


class _TappedTransport:
    """A transport that writes down what is said; all else goes straight through."""

    def __init__(self, transport: asyncio.BaseTransport, tap: _Tap) -> None:
        self._transport, self._tap = cast(asyncio.Transport, transport), tap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._transport.get_protocol() is self._tap:  # else TLS goes through the tunnel of a proxy
            self._note(data)
        self._transport.write(data)

    def _note(self, data: bytes) -> None:
        tape = recording.get()
        if self._tap.tape is not tape:
            tape.rewind()
            tape.is_reused = self._tap.tape is not None
            tape.address = self._judged_peer()
            tape.certified_until = end_of_certificate(self._transport.get_extra_info("peercert"))
            self._tap.tape = tape
        tape.request += data

    def _judged_peer(self) -> str:
        """Return who is at the other end; Refused, before a byte is sent, if it may not be talked to."""
        peer = self._transport.get_extra_info("peername")
        if not peer:
            raise ConnectionResetError("the server hung up before it was asked")
        self._tap.guard.check(peer[0], peer[1])
        return str(peer[0])

    def writelines(self, pieces: Any) -> None:
        self.write(b"".join(pieces))


def end_of_certificate(certificate: Mapping[str, Any] | None) -> datetime | None:
    """Return how long a peer's certificate is good; None without one, or where it can't be read."""
    try:
        seconds = ssl.cert_time_to_seconds((certificate or {})["notAfter"])
        return datetime.fromtimestamp(seconds, UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


class _Connector(aiohttp.TCPConnector):
    """aiohttp's connector, which also goes through a SOCKS proxy where the tape of a request names one.

    Only private names of aiohttp lie on the way: test_socks would notice a change. A host is always asked by
    the same way, so that idle connections can't be mixed up.
    """

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> Any:
        proxy = recording.get().socks
        if proxy is None:
            return await super()._resolve_host(host, port, traces)
        try:
            return await super()._resolve_host(*place_of(proxy), traces)
        except OSError as error:
            raise Trip(Trouble.CONNECT, "the name of the proxy is not known") from error

    async def _wrap_create_connection(self, *args: Any, **kwargs: Any) -> Any:
        proxy = recording.get().socks
        if proxy is None:
            return await super()._wrap_create_connection(*args, **kwargs)
        req, timeout = kwargs.pop("req"), kwargs.pop("timeout")
        addresses, _ = kwargs.pop("addr_infos"), kwargs.pop("client_error", None)
        async with asyncio.timeout(timeout.sock_connect):
            try:
                sock = await start_connection(addresses, socket_factory=self._socket_factory)
            except OSError as error:
                raise Trip(Trouble.CONNECT, "no connection to the proxy") from error
            try:
                await go_through(sock, proxy, req.url.raw_host, req.port)
                return await self._loop.create_connection(*args, **kwargs, sock=sock)
            except BaseException:
                sock.close()
                raise


def connector(guard: Guard, names: aiohttp.abc.AbstractResolver) -> aiohttp.TCPConnector:
    """Return a connector whose every connection is judged and tapped."""
    made = _Connector(
        resolver=names,
        # Every connect passes here, literal addresses and redirects too; a resolver sees only names.
        socket_factory=partial(_judged_socket, guard),
        limit=0,  # ours are counted per host and in all
        ttl_dns_cache=300,
        keepalive_timeout=15,
    )
    # A private name of aiohttp, the only way to its raw bytes; test_fetchers would notice a change.
    made._factory = partial(_Tap, guard, asyncio.get_running_loop())  # type: ignore[assignment]
    return made


def _judged_socket(guard: Guard, info: Any) -> Any:
    family, kind, proto, _, address = info
    guard.check(address[0], address[1])
    return socket.socket(family, kind, proto)
