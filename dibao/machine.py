"""The machine that we run on: its processors, and processes of our own that can be killed."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing import parent_process, resource_tracker
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import RLock
from typing import TypeVar

from pebble import ProcessPool

Given = TypeVar("Given")


def cores() -> int:
    """Return how many processors we may use, one at least."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere: a container or `taskset` may leave us fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes:
    """Works in processes of their own, which are started when there is something to do; end them at last."""

    def __init__(self, count: int, *, tasks: int = 0, first: Callable[[], None] | None = None) -> None:
        """`tasks` is after how many a process is replaced (0: never), `first` what each begins with."""
        self._count, self._tasks, self._first = count, tasks, first
        self._turn = threading.Lock()
        self._context = Lasting()
        self._context.set_forkserver_preload(["dibao.pipeline"])
        self._beginning: threading.Thread | None = None
        self._pool = self._new()
        self._is_begun = self._is_ended = False

    def _new(self) -> ProcessPool:
        # Never fork: threads are running, and a forked copy of their locks stays locked for ever.
        return ProcessPool(
            max_workers=self._count,
            max_tasks=self._tasks,
            initializer=_begin_work,
            initargs=(self._first,),
            context=self._context,
        )

    def ask(
        self, work: Callable[..., Given], *args: object, deadline: float | None = None
    ) -> "Future[Given]":
        """Have some work done, and its process killed where that takes more than `deadline` seconds.

        RuntimeError or OSError where there can be no process for it.
        """
        with self._turn:
            if not self._is_begun:
                self._start()
            pool = self._pool
        try:
            return self._asked(pool, work, args, deadline)
        except RuntimeError:
            if self._is_ended:
                raise
        self._replace(pool)
        return self._asked(self._pool, work, args, deadline)

    def _asked(
        self, pool: ProcessPool, work: Callable[..., Given], args: tuple[object, ...], deadline: float | None
    ) -> "Future[Given]":
        future: Future[Given] = pool.schedule(work, args=args, timeout=deadline)
        return future

    def _replace(self, broken: ProcessPool) -> None:
        """Go on with new processes: when somebody ends one that was idle, the others are lost with it."""
        with self._turn:
            if self._pool is broken and not self._is_ended:
                self._pool = self._new()
                self._start()
                threading.Thread(target=broken.stop, name="dibao-ending", daemon=True).start()

    def _start(self) -> None:
        self._is_begun = True
        self._beginning = threading.Thread(target=self._begin, name="dibao-beginning", daemon=True)
        self._beginning.start()
        self._beginning.join()

    def _begin(self) -> None:
        """Start the processes, in a thread that no signal stops half-way, and out of reach of Ctrl-C.

        A terminal sends it to all. One that is just starting would say so with a traceback; we end ours.
        """
        resource_tracker.ensure_running()  # first: whoever starts it hears Ctrl-C again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # they inherit that
        with suppress(RuntimeError, OSError):  # whoever asks tries again, and is told
            self.are_well()

    def are_well(self) -> bool:
        """Say whether what was asked may still be answered; start the processes where they are not."""
        return bool(self._pool.active)

    def end(self) -> None:
        """End the processes, whatever they are doing: that is never answered, and nobody may wait for it."""
        self._is_ended = True
        if self._beginning is not None:
            self._beginning.join()  # whoever started them may have been stopped while he waited
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._context.let_go()


def _begin_work(first: Callable[[], None] | None) -> None:
    """Prepare a process, which ends with the one that asks: however that ends, whatever it does itself."""
    threading.Thread(target=_end_with_parent, name="dibao-parent", daemon=True).start()
    if first is not None:
        first()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Lasting(ForkServerContext):
    """Starts processes, and keeps their locks as long as it lives itself.

    A pool drops them before it ends its processes. One that is just starting would look for them in vain,
    and say so with a traceback.
    """

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[RLock] = []

    def RLock(self) -> RLock:  # noqa: N802  (the name that multiprocessing gives it)
        """Return a new lock."""
        lock = super().RLock()
        self._locks.append(lock)
        return lock

    def let_go(self) -> None:
        """Drop the locks, which no process needs any more: who ends in a hurry would leave them behind."""
        self._locks.clear()
