"""Bring published forms up to date with the changes of an archive.

Each form follows the change log with a place of its own, noted only when its pages are durable: a run
that is killed half-way writes the rest the next time, and writing twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from dibao.model import Headline, Kept
from dibao.ports import ConsumedArchive, Library, Page, PrunedTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A published form: which pages it makes, and where they go."""

    name: str
    mark: str  # what the pages depend on beside the articles (settings, version): a new one means all again
    # of: the articles to publish again, every headline, and how far the changes were published the last time
    pages: Callable[[Iterable[Kept], Sequence[Headline], int], Iterator[Page]]
    lasting: Callable[[str], bool]  # whether a path stays though an update did not make it
    target: PrunedTarget


def is_behind(archive: ConsumedArchive, name: str) -> bool:
    """Say whether there is something that a form has not published."""
    seq, mark = archive.consumer(name)
    return not mark or seq < archive.latest_change()


def bring_up_to_date(archive: ConsumedArchive, library: Library, form: Form, *, full: bool = False) -> int:
    """Publish what changed since the last time and return how many files were written or removed."""
    seq, mark = archive.consumer(form.name)
    changes = archive.changes(seq)
    everything = full or mark != form.mark or not form.target.paths()
    if not changes and not everything:
        return 0
    keys = library.keys() if everything else list(dict.fromkeys(key for _, key, _, _ in changes))
    made: set[str] = set()

    def noted(pages: Iterable[Page]) -> Iterator[Page]:
        for page in pages:
            made.add(page.path)
            yield page

    touched = form.target.write(noted(form.pages(library.kept(keys), library.headlines(), seq)))
    if not everything:
        made.update(filter(form.lasting, form.target.paths()))
    touched += form.target.prune(made)
    form.target.flush()
    archive.consumed(form.name, changes[-1][0] if changes else seq, form.mark, found=mark)
    return touched
