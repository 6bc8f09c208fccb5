"""The wire tapped: every byte that was sent and received, as the evidence needs it."""

import asyncio
import re
import socket
from contextvars import ContextVar
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler

from dibao.fetch.decode import Trip
from dibao.fetch.guard import Guard
from dibao.fetch.limits import Limits
from dibao.model import Trouble

_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n")
_END_OF_HEAD = re.compile(rb"\n\r?\n")


class Tape:
    """What passes over the wire during one request."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.request, self.response = bytearray(), bytearray()
        self.address: str | None = None
        self.is_direct = True  # no proxy stands between
        self.is_reused = False  # the connection had served before, so it may have died unnoticed
        self.trip: Trip | None = None
        self._in_head = True

    def rewind(self) -> None:
        """Forget what passed: it was said to a proxy, to be let through."""
        self.request, self.response, self._in_head = bytearray(), bytearray(), True

    def take(self, data: bytes) -> bool:
        """Note what came; False when it is too much, which `trip` explains."""
        before = max(0, len(self.response) - 3)
        self.response += data
        if self._in_head:
            end = _END_OF_HEAD.search(self.response, before)
            self._in_head = end is None
            if (end.end() if end else len(self.response)) > self.limits.header_bytes:
                self.trip = Trip(
                    Trouble.SIZE, f"the headers are larger than {self.limits.header_bytes} bytes"
                )
        if len(self.response) > self.limits.wire_bytes:
            del self.response[self.limits.wire_bytes :]
            self.trip = Trip(Trouble.SIZE, f"the answer is larger than {self.limits.wire_bytes} bytes")
        return self.trip is None

    def answer(self) -> bytes:
        """Return the response without interim (1xx) ones: archive readers take the first head they see."""
        start = 0
        while found := _INTERIM.match(self.response, start):
            start = found.end()
        return bytes(memoryview(self.response)[start:])


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
        if self.tape is None or self.tape.take(data):
            super().data_received(data)
        elif self.transport is not None:
            self.transport.abort()


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


def connector(guard: Guard, names: aiohttp.abc.AbstractResolver) -> aiohttp.TCPConnector:
    """Return a connector whose every connection is judged and tapped."""
    made = aiohttp.TCPConnector(
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
