"""Answers from what is kept, without the network."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from dibao.model import Capture, Failure, Trouble, Visit


class Replay:
    """Answers visits from kept captures: for re-extraction, rebuilding and tests."""

    def __init__(self, captures: Callable[[Visit], Capture | None], now: Callable[[], datetime]) -> None:
        self.captures, self.now = captures, now

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        """Yield what is kept of every visit, in order; where nothing is, a failure that says so."""
        for visit in visits:
            yield visit, self.captures(visit) or self._nothing(visit)

    def _nothing(self, visit: Visit) -> Capture:
        failure = Failure(trouble=Trouble.CONNECT, detail="nothing is kept of this visit")
        return Capture(url=visit.url, final_url=visit.url, captured_at=self.now(), failure=failure)
