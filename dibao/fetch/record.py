"""Writing answers down as they pass."""

from collections.abc import Callable, Iterable, Iterator

from dibao.model import Capture, Visit
from dibao.ports import Fetcher


class Recorder:
    """Pass every capture on, after writing it down."""

    def __init__(self, inner: Fetcher, write: Callable[[Visit, Capture], Capture]) -> None:
        self.inner, self.write = inner, write

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        """Yield every answer of the fetcher within, as it was written down."""
        for visit, capture in self.inner.fetch(visits):
            capture = self.write(visit, capture)  # what was written down need not stay in memory
            yield visit, capture
