"""One request and its answer; every trouble is a value."""

import asyncio
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from dibao import text, urls
from dibao.fetch.decode import ACCEPTED, Decoder, Trip
from dibao.fetch.guard import Guard, Refused
from dibao.fetch.limits import IN_MEMORY, LARGE, LARGE_AT_ONCE, Limits
from dibao.fetch.names import JudgedNames
from dibao.fetch.secrets import NOTHING, basic
from dibao.fetch.socks import is_socks, judge_unresolved
from dibao.fetch.uplink import may_be_ours
from dibao.fetch.wire import Tape, connector, recording
from dibao.model import Exchange, Failure, Trouble

URL_AT_MOST = 8192  # characters
PIECE = 2**12  # bytes as sent that are unpacked at a time: they can't stand for more than a few MiB
KEPT_OF_FAILURE = 2**18  # bytes of an answer that failed: enough to see why
ONWARD = (301, 302, 303, 307, 308)  # statuses of an answer that sends us elsewhere
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))  # what `quote` leaves alone: URLs are asked as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one request brought."""

    url: str
    at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""  # decoded; of a failure, what came before it
    failure: Failure | None = None
    exchange: Exchange | None = None  # None when nothing was sent
    certified_until: datetime | None = None  # how long the certificate of the peer is good; None without TLS
    may_be_ours: bool = False  # it failed as all do where this machine is offline

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Asker:
    """Asks the network, one request at a time; lives in one event loop."""

    def __init__(
        self,
        *,
        guard: Guard,
        limits: Limits,
        now: Callable[[], datetime],
        names: AbstractResolver,
        proxies: Mapping[str, str] = NOTHING,
        scratch: Path | None = None,
    ) -> None:
        self.now, self.limits, self.proxies, self.scratch = now, limits, proxies, scratch
        self.guard = guard
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._names = JudgedNames(names, guard)
        self._session = aiohttp.ClientSession(
            connector=connector(guard, self._names),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_seconds),
            max_line_size=limits.header_bytes,
            max_field_size=limits.header_bytes,
            max_headers=1000,
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )
        # A private name: aiohttp would ask a second time where a server hung up on us. We only do so
        # when an idle connection turns out to be dead.
        self._session._retry_connection = False

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        limits: Limits | None = None,
        form: bytes | None = None,
    ) -> Answer:
        """Return the answer of a URL, to a form if there is one; never raises for what the world does."""
        for _ in range(2):
            tape = Tape(limits or self.limits, self.scratch, form)
            answer = await self._ask(url, headers, tape, seconds)
            was_dead = tape.is_reused and not tape.response and answer.failure
            tape.rewind()  # else the connection, idle until the next request, keeps it all in memory
            if not was_dead:
                break
        return answer

    async def _ask(self, url: str, headers: Mapping[str, str], tape: Tape, seconds: float) -> Answer:
        recording.set(tape)
        at, taking, failure, ours = self.now(), _Taking(), None, False
        try:
            target = askable(url)
            async with asyncio.timeout(seconds):
                await self._take(target, headers, tape, taking)
        except Trip as trip:
            failure, ours = trip.failure, may_be_ours(trip)
        except (aiohttp.ClientError, HttpProcessingError, OSError, Refused, ValueError) as error:
            failure = tape.trip.failure if tape.trip else failure_of(error)
            ours = may_be_ours(error)
        return Answer(
            url=url,
            at=at,
            status=taking.status,
            headers=taking.headers,
            body=taking.body,
            failure=failure,
            exchange=_exchange(url, at, tape, failure),
            certified_until=tape.certified_until,
            may_be_ours=ours and not tape.request,
        )

    async def _take(self, url: URL, headers: Mapping[str, str], tape: Tape, taking: "_Taking") -> None:
        wanted = {"Accept": "*/*", "Accept-Encoding": ACCEPTED, **headers}
        proxy = await self._proxy(url)
        tape.is_direct, tape.socks = proxy is None, proxy if is_socks(proxy) else None
        asked = partial(self._session.post, data=tape.form) if tape.form is not None else self._session.get
        async with asked(url, allow_redirects=False, **_through(proxy, url, wanted)) as response:
            taking.status = response.status
            taking.headers = tuple((_text(name), _text(value)) for name, value in response.raw_headers)
            if response.status in ONWARD:  # nobody reads what stands there, and there may be ten in a row
                tape.limits = replace(tape.limits, wire_bytes=IN_MEMORY)
            decoder = Decoder(response.headers.get("Content-Encoding", ""), tape.limits, self.scratch)
            is_whole = False
            try:
                async with AsyncExitStack() as place:
                    async for piece in response.content.iter_any():
                        await self._unpack(piece, decoder, tape, place)
                if tape.trip:  # cut by us: where only the end of the connection ends a body, it looks whole
                    raise tape.trip
                decoder.finish()
                is_whole = True
            finally:
                taking.body = decoder.body.read(most=None if is_whole else LARGE)

    async def _unpack(self, piece: bytes, decoder: Decoder, tape: Tape, place: AsyncExitStack) -> None:
        """Take some bytes; once there are many, wait for a place among the large: meanwhile nothing is read.

        The wait is a part of the visit's time, so that many large answers can't hold up the others.
        """
        for start in range(0, len(piece), PIECE):
            decoder.feed(piece[start : start + PIECE])
            if not tape.is_large and len(decoder.body) + len(tape.response) > LARGE:
                await place.enter_async_context(self._large)
                tape.is_large = True

    async def _proxy(self, url: URL) -> str | None:
        """Return the proxy that a URL is asked through; Refused where we would not ask it ourselves.

        The connection to the proxy is judged as any other is. One that speaks SOCKS looks names up itself:
        they are not asked for here.
        """
        proxy = self.proxies.get(urls.host(str(url)), self.proxies.get("*"))
        if is_socks(proxy):
            judge_unresolved(self.guard, url.raw_host or "", url.port or 0)
        elif proxy:
            try:
                await self._names.judge(url.raw_host or "", url.port or 0)
            except OSError as error:
                raise Trip(Trouble.DNS, "the name is not known") from error
        return proxy or None


@dataclass(slots=True)
class _Taking:
    """An answer while it comes in."""

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def _through(proxy: str | None, url: URL, headers: Mapping[str, str]) -> Any:
    """Return how aiohttp is told of headers and a proxy: its login apart, or error messages would hold it."""
    if proxy is None or is_socks(proxy):
        return {"headers": headers}
    login = basic(proxy)
    told = {"Proxy-Authorization": login} if login else {}
    # A secure request goes through a tunnel: the login is for who opens it, not for who stands at its end.
    own, tunnel = ({}, told) if url.scheme == "https" else (told, {})
    return {"headers": {**headers, **own}, "proxy": urls.without_userinfo(proxy), "proxy_headers": tunnel}


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _exchange(url: str, at: datetime, tape: Tape, failure: Failure | None) -> Exchange | None:
    if not tape.request or tape.request.startswith(b"CONNECT "):  # said to a proxy alone
        return None
    response = tape.answer(KEPT_OF_FAILURE if failure else None)
    address = tape.address if tape.is_direct else None  # a proxy does not say to whom it talked
    is_cut = failure is not None and failure.trouble is Trouble.SIZE
    request = bytes(tape.request)
    return Exchange(url=url, at=at, request=request, response=response, address=address, is_cut=is_cut)


@urls.remembered
@lru_cache(maxsize=512)  # asked twice of each visit
def askable(url: str) -> URL:
    """Return a URL as it is put on the wire: no fragment, no name or password, else as written; or Trip."""
    parts = urls.parse(url)
    if parts is None or len(url) > URL_AT_MOST:
        raise Trip(Trouble.URL, "not a web address that can be asked")
    try:
        host = URL.build(scheme=parts.scheme, host=parts.hostname or "", port=parts.port).raw_authority
    except ValueError as error:  # a host that no name can be made of
        raise Trip(Trouble.URL, "no name of a host can be made of this") from error
    path, query = (quote(part, safe=_PRINTABLE, errors="surrogatepass") for part in (parts.path, parts.query))
    return URL(urlunsplit((parts.scheme, host, path or "/", query, "")), encoded=True)


@urls.remembered
@urls.remembered
def bare(url: str) -> str:
    """Return a URL without fragment, name and password."""
    return urls.without_userinfo(urlunsplit(urlsplit(url)._replace(fragment="")))


_TROUBLES: tuple[tuple[type[Exception], Trouble, str], ...] = (
    (Refused, Trouble.BLOCKED, ""),
    (aiohttp.InvalidURL, Trouble.URL, "not an address that can be asked"),
    (aiohttp.ClientHttpProxyError, Trouble.CONNECT, "the proxy does not let us through"),
    (aiohttp.ClientProxyConnectionError, Trouble.CONNECT, "no connection to the proxy"),
    (aiohttp.ClientConnectorDNSError, Trouble.DNS, "the name is not known"),
    (aiohttp.ClientConnectorCertificateError, Trouble.TLS, "the certificate is no good"),
    (aiohttp.ClientSSLError, Trouble.TLS, "no secure connection"),
    (ssl.SSLError, Trouble.TLS, "no secure connection"),
    (aiohttp.ConnectionTimeoutError, Trouble.TIMEOUT, "no connection in time"),
    (TimeoutError, Trouble.TIMEOUT, "the answer took too long"),
    (aiohttp.ClientConnectorError, Trouble.CONNECT, "no connection"),
    (aiohttp.ServerDisconnectedError, Trouble.BROKEN, "the server hung up without an answer"),
    (aiohttp.ClientPayloadError, Trouble.BROKEN, "the answer stops short or breaks HTTP"),
    (aiohttp.ClientError, Trouble.BROKEN, "the answer breaks HTTP"),
    (HttpProcessingError, Trouble.BROKEN, "the answer breaks HTTP"),
    (OSError, Trouble.BROKEN, "the connection broke"),
    (ValueError, Trouble.URL, "not a request that can be sent"),
)


def failure_of(error: Exception) -> Failure:
    """Return what an exception of the network means, in plain words."""
    trouble, words = next((row[1], row[2]) for row in _TROUBLES if isinstance(error, row[0]))
    said = text.clip(text.squeeze(re.sub(r"[\x00-\x1f\x7f]", " ", str(error))), 200)
    return Failure(trouble=trouble, detail=f"{words} ({said})" if words and said else words or said)
