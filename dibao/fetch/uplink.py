"""Whether a failure is our own: a machine without network must not speak ill of those it can't reach."""

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

LATELY = timedelta(minutes=1)  # who was answered so recently is online
GRACE = 3.0  # seconds in which somebody else may answer, before a failure is taken for our own
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def may_be_ours(error: BaseException) -> bool:
    """Say whether an error is one that a machine without network gives: no resolver, or no route."""
    return any(_is_local(cause) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it; aiohttp keeps the system's own word as `os_error`."""
    said: BaseException | None = error
    while said is not None:
        yield said
        said = getattr(said, "os_error", None) or said.__cause__


def _is_local(error: BaseException) -> bool:
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    return type(error) is OSError and error.errno in _NO_ROUTE


class Uplink:
    """Notes who answers, and tells failures of this machine from those of one host.

    A host's own name servers may fail just as ours do. Such a failure is ours while nobody answers: nobody
    did lately, nor since the host first failed so, nor within a few seconds more. Lives in one event loop.
    """

    def __init__(self, now: Callable[[], datetime], grace: float = GRACE) -> None:
        self.now, self.grace = now, grace
        self._answered: datetime | None = None
        self._failed: dict[str, datetime] = {}  # host -> when it first failed so since its last answer
        self._is_down = False
        self._news = asyncio.Event()

    def answered(self, host: str) -> None:
        """Note that a host answered, whatever it said."""
        self._answered, self._is_down = self.now(), False
        self._failed.pop(host, None)
        self._news.set()

    async def is_down(self, host: str) -> bool:
        """Say whether it is this machine that is offline, where a host failed in a way that may be ours."""
        first = self._failed.setdefault(host, self.now())
        if self._has_answer_since(first):
            return False
        if not self._is_down:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), self.grace)
            except TimeoutError:
                self._is_down = True
        return not self._has_answer_since(first)

    def _has_answer_since(self, first: datetime) -> bool:
        return self._answered is not None and first - LATELY <= self._answered <= self.now()
