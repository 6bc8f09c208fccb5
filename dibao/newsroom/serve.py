"""Real HTTP on loopback for the outlets, told apart by the Host header."""

import asyncio
import gzip
import socket
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from dibao.errors import ConfigError
from dibao.newsroom.content import Story, read_outlets, read_rounds, read_stories, stories_by_round
from dibao.newsroom.pages import NOBODY, Answer, Site, site

LOOPBACK = "127.0.0.1"


class Newsroom:
    """Serve the sample outlets until the block ends, each by its host name.

    Set ``round`` to 2, then 3, to let the day go on. ``requests`` lists (host, path, status) of all that was
    asked. Port 0 takes a free one. Raises ConfigError if the samples are broken or the port is taken.
    """

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.outlets = read_outlets(folder)
        self.rounds = read_rounds(folder)
        self.requests: list[tuple[str, str, int]] = []
        self.port = port
        everything = [story for outlet in self.outlets for story in read_stories(outlet)]
        self._stories = tuple(stories_by_round(everything, self.rounds))
        self._sites: list[Site] = []
        for stories, each in zip(self._stories, self.rounds, strict=True):
            before = self._sites[-1] if self._sites else {}
            self._sites.append(site(folder, self.outlets, stories, before, each.at))
        self._round = 1

    @property
    def round(self) -> int:
        """Return the number of the round that is being served."""
        return self._round

    @round.setter
    def round(self, number: int) -> None:
        if not 1 <= number <= len(self.rounds):
            raise ConfigError(f"The sample newsroom has rounds 1 to {len(self.rounds)}, not {number}.")
        self._round = number

    @property
    def at(self) -> datetime:
        """Return the moment (UTC) of the round that is being served."""
        return self.rounds[self._round - 1].at

    @property
    def stories(self) -> tuple[Story, ...]:
        """Return the stories announced in this round, the newest first."""
        return self._stories[self._round - 1]

    @property
    def address(self) -> str:
        """Return where it listens, as host:port."""
        return f"{LOOPBACK}:{self.port}"

    def resolver(self) -> "NewsroomResolver":
        """Return a resolver that knows the outlets' hosts and nothing else."""
        return NewsroomResolver((outlet.host for outlet in self.outlets), self.port)

    def _answer(self, host: str, path: str) -> Answer:
        answers = self._sites[self._round - 1]
        return answers.get((host, path)) or answers.get((host, "")) or NOBODY

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        host = request.host.partition(":")[0].lower()
        response = _response(request, self._answer(host, request.path), self.at)
        self.requests.append((host, request.path, response.status))
        return response

    async def _serve(self, started: "Future[int]") -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, self.port).start()
            started.set_result(runner.addresses[0][1])
            await self._stop.wait()
        except OSError as cause:
            started.set_exception(ConfigError(f"Can't listen on {self.address}: {cause.strerror}"))
        finally:
            await runner.cleanup()

    def __enter__(self) -> Self:
        started: Future[int] = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._serve(started)), name="newsroom", daemon=True)
        self._thread.start()
        self.port = started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()


def _response(request: web.BaseRequest, answer: Answer, now: datetime) -> web.Response:
    headers = {"Date": format_datetime(now, usegmt=True), "Server": "newsroom", "Vary": "Accept-Encoding"}
    if answer.status == 200:
        headers["ETag"] = f'W/"{answer.etag}"'
        headers["Last-Modified"] = format_datetime(answer.changed.astimezone(UTC), usegmt=True)
        if _is_fresh(request, answer):
            return web.Response(status=304, headers=headers)
    headers["Content-Type"] = answer.type
    if answer.type.startswith("image/") or not _accepts_gzip(request.headers.get("Accept-Encoding", "")):
        return web.Response(status=answer.status, headers=headers, body=answer.body)
    headers["Content-Encoding"] = "gzip"
    return web.Response(status=answer.status, headers=headers, body=gzip.compress(answer.body, mtime=0))


def _is_fresh(request: web.BaseRequest, answer: Answer) -> bool:
    """Say whether the asker has this answer already (RFC 9110 §13.2.2: its tag speaks before its date)."""
    tags = request.if_none_match
    if tags is not None:
        return any(tag.value in ("*", answer.etag) for tag in tags)
    since = request.if_modified_since
    return since is not None and answer.changed <= since


def _accepts_gzip(header: str) -> bool:
    codings = (coding.replace(" ", "").lower().partition(";") for coding in header.split(","))
    return any(name == "gzip" and quality not in ("q=0", "q=0.0") for name, _, quality in codings)


class NewsroomResolver(AbstractResolver):
    """Resolve the newsroom's hosts to its port on loopback, and refuse every other name with OSError."""

    def __init__(self, hosts: Iterable[str], port: int) -> None:
        self.hosts, self.port = frozenset(hosts), port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the newsroom's address, whatever port was asked for."""
        if host.lower().rstrip(".") not in self.hosts:
            raise OSError(f"{host} is not in the sample newsroom")
        return [
            ResolveResult(
                hostname=host,
                host=LOOPBACK,
                port=self.port,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Release nothing: there is nothing to release."""
