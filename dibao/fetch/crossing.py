"""Between a caller who blocks and an event loop in a thread of its own."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Loop:
    """An event loop in its own thread, until it is closed."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._told: deque[tuple[Callable[..., object], tuple[object, ...]]] = deque()
        self._hears = False  # and has not looked yet
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Given]) -> Given:
        """Return what some work gives; wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def tell(self, call: Callable[..., object], *args: object) -> None:
        """Have something called in the loop, soon and in order; nothing happens once it is closed.

        The loop is woken once for all that is told until it looks: each time costs a system call.
        """
        self._told.append((call, args))
        if not self._hears:
            self._hears = True
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._hear)

    def _hear(self) -> None:
        self._hears = False  # first: what is told from now on wakes the loop again
        while self._told:
            call, args = self._told.popleft()
            self._loop.call_soon(call, *args)

    def close(self) -> None:
        """Cancel what is under way and end the thread; safe to call twice."""
        if self._thread.is_alive():
            self.run(_cancel_others())
            self._hears = False  # whoever was stopped while he told it something may have woken nobody
            self.tell(self._loop.stop)
            self._thread.join()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Crossing(Generic[Asked, Given]):
    """Takes things from an iterable, answers each in a loop, and gives the answers out as they come.

    The iterable is read in a thread of its own, since its `next` may block for long, and never more
    than `ahead` of what was given out. What it raises is raised here, after the answers to what it
    gave before. `unread` is told, in the loop, of the weight of every answer made (+) and taken (-).
    """

    def __init__(
        self,
        loop: Loop,
        answer: Callable[[Asked], Awaitable[Given]],
        *,
        ahead: int,
        unread: Callable[[int], None],
        weight: Callable[[Given], int] = lambda given: 1,
    ) -> None:
        self._loop, self._answer, self._unread, self._weight = loop, answer, unread, weight
        self._room = threading.Semaphore(ahead)
        self._answers: SimpleQueue[tuple[Asked, Given] | None] = SimpleQueue()  # None: that was all
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._is_all_asked = self._is_closed = False
        self._error: BaseException | None = None

    def over(self, things: Iterable[Asked]) -> Iterator[tuple[Asked, Given]]:
        """Yield each thing with its answer; closing this early stops everything."""
        feeder = threading.Thread(target=self._feed, args=(things,), name="dibao-feeder", daemon=True)
        feeder.start()
        try:
            while (pair := self._answers.get()) is not None:
                self._room.release()
                self._loop.tell(self._count, -self._weight(pair[1]))
                yield pair
            if self._error is not None:
                raise self._error
        finally:
            self.close()
            feeder.join(timeout=0.5)  # it may sit in a `next` that blocks; then it ends after that

    def close(self) -> None:
        """Ask for nothing more and cancel what is under way; from any thread, and as often as you like."""
        self._is_closed = True
        self._room.release()
        self._answers.put(None)
        self._loop.tell(self._cancel)

    # --- in the feeding thread ------------------------------------------------------------------

    def _feed(self, things: Iterable[Asked]) -> None:
        error = None
        try:
            self._take(iter(things))
        except BaseException as problem:  # not ours to judge: the consumer gets it
            error = problem
        self._loop.tell(self._end_of_asking, error)

    def _take(self, iterator: Iterator[Asked]) -> None:
        try:
            while self._has_room():
                self._loop.tell(self._start, next(iterator))
        except StopIteration:
            return
        finally:
            if close := getattr(iterator, "close", None):
                close()

    def _has_room(self) -> bool:
        self._room.acquire()
        return not self._is_closed

    # --- in the loop ----------------------------------------------------------------------------

    def _start(self, thing: Asked) -> None:
        if not self._is_closed:
            task = asyncio.get_running_loop().create_task(self._make(thing))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def _make(self, thing: Asked) -> None:
        given = await self._answer(thing)
        self._count(self._weight(given))
        self._answers.put((thing, given))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._error = task.exception()  # a bug: it stops the run rather than lose a visit unseen
            self._answers.put(None)
        self._end_if_done()

    def _end_of_asking(self, error: BaseException | None) -> None:
        self._is_all_asked, self._error = True, self._error or error
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._is_all_asked and not self._tasks:
            self._answers.put(None)

    def _count(self, change: int) -> None:
        self._waiting += change
        self._unread(change)

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._count(-self._waiting)
