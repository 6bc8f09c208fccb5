"""Time, real or stepped."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present as aware UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)


class SteppingClock:
    """A time that passes only when it is told to, so that a day can pass in a second."""

    def __init__(self, start: datetime) -> None:
        self._now, self._lock = start, threading.Lock()

    def now(self) -> datetime:
        """Return the present as aware UTC."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass, at once."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
