"""Where hubs reach us (W3C WebSub): they ask back what we want, and say when a source has news.

A push makes its source due and nothing else: what it holds is only read to see that the hub made it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dibao.archive.hubs import Step
from dibao.decide.hubs import soonest
from dibao.errors import ArchiveError
from dibao.fetch import websub
from dibao.hubs import callbacks, with_secret
from dibao.model import Lease, Mode, State, Visit
from dibao.wiring import Opened

MOST = 8 * 2**20  # bytes of a push; none of them is kept, not even in memory
SECONDS = 30.0  # for all of it

NOT_FOUND, HEARD, GONE = 404, 202, 410
TOO_LARGE, TOO_SLOW, LATER = 413, 408, 503


def hub_route(it: Opened) -> Route:
    """Return the route of the callbacks; it never answers with more than a word."""

    class Callback(HTTPEndpoint):
        async def get(self, request: Request) -> Response:
            """Answer a hub that asks back."""
            try:
                answer = await run_in_threadpool(
                    confirm, it, callback_of(request, it), dict(request.query_params)
                )
            except ArchiveError:
                return PlainTextResponse("", LATER)
            return PlainTextResponse(answer or "", NOT_FOUND if answer is None else 200)

        async def post(self, request: Request) -> Response:
            """Heed a push."""
            try:
                status = await heed(it, request)
            except ArchiveError:
                status = LATER
            return PlainTextResponse("", status)

    return Route("/hub/{token}", Callback)


def callback_of(request: Request, it: Opened) -> str:
    """Return the callback that was called, as hubs know it: however a proxy leads here."""
    return callbacks(it.config) + str(request.path_params["token"])


def confirm(it: Opened, callback: str, said: Mapping[str, str]) -> str | None:
    """Return what to answer to a hub that asks back, or None for "not found"."""
    now = it.clock.now()

    def step(lease: Lease, poll: Visit) -> Step[str | None]:
        answer, after = websub.verified(lease, said, now)
        is_lost = lease.is_held(now) and not after.is_held(now) and lease.wanted is Mode.SUBSCRIBE
        return answer, after, soonest(poll, now) if is_lost else None

    return it.hubs.heard(callback, step)


async def heed(it: Opened, request: Request) -> int:
    """Take a push in, as far as to know whose it is, and return the status of the answer."""
    callback = callback_of(request, it)
    status, lease = await run_in_threadpool(known, it, callback)
    if lease is None:
        return status
    seal = websub.Seal(lease, request.headers.get("X-Hub-Signature"))
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in at_most(request, MOST):
                seal.take(piece)
    except TimeoutError:
        return TOO_SLOW
    except (ClientDisconnect, ValueError):
        return TOO_LARGE
    await run_in_threadpool(believe, it, callback, seal.is_genuine())
    return HEARD  # also where it is not believed (§7.1): who made it up learns nothing


async def at_most(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield the pieces of a body; ValueError once there is more of it."""
    left = most
    async for piece in request.stream():
        left -= len(piece)
        if left < 0:
            raise ValueError("the body is too large")
        yield piece


def known(it: Opened, callback: str) -> tuple[int, Lease | None]:
    """Return what to answer to a push at once, or the lease with whose secret it must be signed."""
    found = it.hubs.at(callback)
    if found is None:
        return NOT_FOUND, None
    lease, poll = found
    if poll.source.state is State.REMOVED:
        return GONE, None
    return HEARD, with_secret(it.folder, lease) if lease.is_held(it.clock.now()) else None


def believe(it: Opened, callback: str, is_genuine: bool) -> None:
    """Make a source due because of a push that is the hub's own; note any other."""
    now = it.clock.now()

    def step(lease: Lease, poll: Visit) -> Step[bool]:
        if not lease.is_held(now):
            return False, lease, None
        return True, websub.pushed(lease, is_genuine, now), soonest(poll, now) if is_genuine else None

    it.hubs.heard(callback, step)
