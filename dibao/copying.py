"""The pictures of a site: copies made once, in processes that can be killed, and kept in the site itself.

A copy is named by the picture's bytes and its width, and the same bytes give the same copy: what stands
there already is not made again.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Self

from pebble import ProcessExpired

from dibao import bitmaps
from dibao.archive.warc import read_capture
from dibao.decide import pictures_of
from dibao.errors import ArchiveError
from dibao.machine import Processes, cores
from dibao.model import Enclosure, Kept, Picture
from dibao.ports import Page
from dibao.publish.copies import Copy, copies
from dibao.publish.write import Folder
from dibao.text import printable

AT_ONCE = 50  # articles whose pictures are made together
AHEAD = 2  # pictures a process may have waiting

Made = tuple[Picture, list[bytes]]  # the picture, measured; its copies, the smallest first


class Gallery:
    """The pictures of a site by their addresses, and the pages that are their copies.

    `note` is told of a picture that was measured only now, or can't be shown. Close it at the end.
    """

    def __init__(
        self,
        folder: Path,
        pictures: Mapping[str, Picture],
        target: Folder,
        *,
        note: Callable[[Picture], None],
        workers: int = 0,
        deadline: float = 20.0,
    ) -> None:
        self.folder, self.target, self.note = folder, target, note
        self.count, self.deadline = workers or cores(), deadline
        self._pictures = dict(pictures)
        self._urls: dict[str, list[str]] = {}  # by the picture's bytes
        for url, picture in pictures.items():
            self._urls.setdefault(picture.digest, []).append(url)
        self._processes = Processes(self.count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._processes.end()

    def copies(self, url: str) -> tuple[Copy, ...]:
        """Return the copies of a picture, the smallest first; none where it is not kept or can't be shown."""
        picture = self._pictures.get(url)
        return copies(picture) if picture and not picture.broken else ()

    def file(self, url: str, *, ours: bool) -> Enclosure | None:
        """Return what is known of a picture as a file: of our largest copy, or of the picture itself."""
        found = self.copies(url)
        if not found:
            return None
        picture, largest = self._pictures[url], found[-1]
        if ours:
            length = self.target.size(largest.path)
            return Enclosure(
                url=largest.path,
                type=largest.type,
                length=length,
                width=largest.width,
                height=largest.height,
            )
        return Enclosure(
            url=url, type=picture.type, length=picture.length, width=picture.width, height=picture.height
        )

    def shown_by(self, articles: Iterable[Kept]) -> Iterator[Page]:
        """Yield the copies of the pictures that articles show in any version, each once."""
        revisions = (revision for kept in articles for revision in kept.revisions)
        urls = {url for revision in revisions for url in pictures_of(revision.article)}
        shown = (self._pictures[url] for url in urls & self._pictures.keys())
        by_bytes = {picture.digest: picture for picture in shown if not picture.broken}
        missing: list[Picture] = []
        for _, picture in sorted(by_bytes.items()):
            standing = self._standing(picture)
            yield from standing
            if not standing:
                missing.append(picture)
        for picture, bodies in self._make(missing):
            self._learn(picture)
            pages = zip(self.copies(picture.url), bodies, strict=True)
            yield from (Page(path=copy.path, body=body) for copy, body in pages)

    def _standing(self, picture: Picture) -> list[Page]:
        """Return the copies of a picture that stand in the site; none unless all do."""
        bodies = [(copy.path, self.target.read(copy.path)) for copy in copies(picture)]
        pages = [Page(path=path, body=body) for path, body in bodies if body is not None]
        return pages if len(pages) == len(bodies) else []

    def _learn(self, picture: Picture) -> None:
        """Take over what is known now of a picture, under each of its addresses."""
        for url in self._urls[picture.digest]:
            self._pictures[url] = replace(picture, url=url)

    # --- making ---

    def _make(self, wanted: Sequence[Picture]) -> Iterator[Made]:
        """Yield each picture with its copies, in order; one that can't be shown has none."""
        waiting: deque[tuple[Picture, Future[Made]]] = deque()
        for picture in wanted:
            asked = self._processes.ask(made, self.folder, picture, deadline=self.deadline)
            waiting.append((picture, asked))
            if len(waiting) >= self.count * AHEAD:
                yield self._made(*waiting.popleft())
        while waiting:
            yield self._made(*waiting.popleft())

    def _made(self, picture: Picture, future: "Future[Made]") -> Made:
        error = future.exception()
        if isinstance(error, ArchiveError):
            raise error
        measured, bodies = (replace(picture, broken=self._why(error)), []) if error else future.result()
        # Who was killed from outside (no memory, the machine shuts down) says nothing of the picture.
        if measured != picture and not isinstance(error, ProcessExpired):
            self.note(measured)
        return measured, bodies

    def _why(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError):
            return f"making its copies took more than {self.deadline:g} seconds"
        name = "" if isinstance(error, bitmaps.PictureError) else f"{type(error).__name__}: "
        return printable(f"{name}{error}")


def made(folder: Path, picture: Picture) -> Made:
    """Return a picture with its size and its copies; raises PictureError where it can't be shown."""
    body = read_capture(folder, picture.ref).body
    if not picture.width or not picture.height:
        found = bitmaps.measure(body)
        picture = replace(picture, width=found.width, height=found.height, length=len(body))
    wanted = copies(picture)
    bodies: list[bytes] = []
    for kind, alike in groupby(wanted, key=lambda copy: copy.kind):
        sizes = [(copy.width, copy.height) for copy in alike]
        bodies += bitmaps.copies(body, sizes, kind) if kind else [body]
    return picture, bodies
