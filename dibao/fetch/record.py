"""Writing answers down as they pass."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from dibao.model import Capture, Visit
from dibao.ports import Network, Telling


class Recorder:
    """Pass every capture on, after writing it down."""

    def __init__(self, inner: Network, write: Callable[[Visit, Capture], Capture]) -> None:
        self.inner, self.write = inner, write

    def fetch(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Capture]]:
        """Yield every answer of the fetcher within, as it was written down."""
        for visit, capture in self.inner.fetch(visits):
            capture = self.write(visit, capture)  # what was written down need not stay in memory
            yield visit, capture

    def telling(self) -> AbstractContextManager[Telling]:
        """Return what posts letters; what is said to hubs is no evidence of anything and holds secrets."""
        return self.inner.telling()
