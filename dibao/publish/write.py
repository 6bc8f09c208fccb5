"""A folder of pages: only what changed is written, each file whole, and nobody else's file is touched.

Every path is noted in ``.dibao-files`` with the SHA-256 of its bytes (``sha256sum -c`` reads it), before its
file is written: so a run that was killed leaves no file that the next one doesn't know as its own.
"""

import errno
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from dibao.errors import PublishError
from dibao.ports import Page

MANIFEST = ".dibao-files"
TEMPORARY = ".tmp-dibao"

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|(^|/)\.{0,2}(/|$)")
_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your share of the disk is full; free some space",
    errno.EEXIST: "it is a file, and a folder is needed there; move it away or name another folder",
    errno.ENOTDIR: "it is a file, and a folder is needed there; move it away or name another folder",
    errno.EROFS: "it cannot be written to; choose another folder or make it writable",
    errno.EACCES: "it cannot be written to; choose another folder or make it writable",
    errno.EPERM: "it cannot be written to; choose another folder or make it writable",
}


def nothing(point: str) -> None:
    """Do nothing: the hook outside of crash tests."""


class Folder:
    """Keep the promise of `dibao.ports.Target` for a folder on disk.

    `at` is called with "before-rename" and "after-rename" around each file's arrival.
    """

    def __init__(self, root: Path, at: Callable[[str], None] = nothing) -> None:
        self.root, self.at = root, at
        self._ours: dict[str, list[str]] | None = None  # path -> digests of what we wrote there
        self._inside: set[Path] = set()  # folders found to be below the root

    def write(self, pages: Iterable[Page]) -> int:
        """Write the pages that differ from what is there, each atomically, and return how many did.

        Raises PublishError for a path outside the folder, a full disk or a folder that can't be written.
        """
        with self._troubles():
            self.root.mkdir(parents=True, exist_ok=True)
            self._open()
            with (self.root / MANIFEST).open("a", encoding="utf-8") as manifest:
                manifest.write("" if _ends_whole(self.root / MANIFEST) else "\n")
                return sum(self._put(page, manifest) for page in pages)

    def prune(self, keep: Collection[str]) -> int:
        """Delete files of ours that no longer belong, and return how many; a person's own files stay."""
        with self._troubles():
            ours = self._open()
            gone = [path for path in ours if path not in keep]
            deleted = sum(self._delete(path) for path in gone)
            self._rewrite({path: ours[path] for path in ours if path in keep})
            return deleted

    def paths(self) -> Collection[str]:
        """Return the paths that we wrote; none if the folder is new, or was emptied by a person."""
        with self._troubles():
            return self._open().keys()

    def size(self, path: str) -> int | None:
        """Return the bytes of a file of ours, or None where it is not there."""
        with suppress(OSError):
            return self._place(path).stat().st_size
        return None

    def read(self, path: str) -> bytes | None:
        """Return a file of ours as we wrote it; None where it is not there, or somebody changed it."""
        with suppress(OSError):
            body = self._place(path).read_bytes()
            return body if sha256(body).hexdigest() in self._open().get(path, ()) else None
        return None

    def flush(self) -> None:
        """Return when everything written is on the disk and not only on its way."""
        os.sync()

    # --- one file ---

    def _put(self, page: Page, manifest: TextIO) -> bool:
        target = self._place(page.path)
        digests, now = self._open().setdefault(page.path, []), sha256(page.body).hexdigest()
        if now not in digests:
            digests.append(now)
            manifest.write(f"{now}  {page.path}\n")
            manifest.flush()
        changed = not _holds(target, page.body)
        if changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._replace(target, page.body)
        digests[:] = [now]
        return changed

    def _replace(self, target: Path, body: bytes) -> None:
        temporary = target.with_name(f".{os.getpid()}{TEMPORARY}")
        try:
            temporary.write_bytes(body)
            self.at("before-rename")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        self.at("after-rename")

    def _place(self, path: str) -> Path:
        if not path or _UNSAFE.search(path) or path == MANIFEST:
            raise PublishError(f"{path!r} is no path below a folder, so it was not written")
        target = self.root / path
        if target.parent not in self._inside:
            if not target.parent.resolve().is_relative_to(self.root.resolve()):
                raise PublishError(f"{target} leads out of {self.root}, so it was not written")
            self._inside.add(target.parent)
        return target

    def _delete(self, path: str) -> bool:
        target = self._place(path)
        if not target.is_file() or sha256(target.read_bytes()).hexdigest() not in self._open()[path]:
            return False  # gone already, or a person put something else there
        target.unlink()
        self._drop_empty(target.parent)
        return True

    def _drop_empty(self, folder: Path) -> None:
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:  # not empty
                return
            self._inside.discard(folder)
            folder = folder.parent

    # --- the manifest ---

    def _open(self) -> dict[str, list[str]]:
        if self._ours is None:
            self._ours = _read(self.root / MANIFEST)
            self._sweep({self.root, *((self.root / path).parent for path in self._ours)})
        return self._ours

    def _sweep(self, folders: Iterable[Path]) -> None:
        """Remove what a run that was killed had half written."""
        for folder in folders:
            for leftover in folder.glob(f".*{TEMPORARY}"):
                leftover.unlink(missing_ok=True)

    def _rewrite(self, ours: dict[str, list[str]]) -> None:
        self._ours = ours
        lines = "".join(f"{digest}  {path}\n" for path in sorted(ours) for digest in ours[path]).encode()
        if self.root.is_dir() and not _holds(self.root / MANIFEST, lines):
            self._replace(self.root / MANIFEST, lines)

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except OSError as trouble:
            advice = _ADVICE.get(trouble.errno or 0, f"{trouble.strerror}; put that right")
            place = trouble.filename or self.root
            raise PublishError(
                f"{place}: {advice}, then run the same command again; the archive itself is safe"
            ) from trouble


def _holds(target: Path, body: bytes) -> bool:
    with suppress(FileNotFoundError):
        return target.stat().st_size == len(body) and target.read_bytes() == body
    return False


def _ends_whole(manifest: Path) -> bool:
    """Say whether the last line was written to its end."""
    with manifest.open("rb") as file:
        return file.seek(0, os.SEEK_END) == 0 or (file.seek(-1, os.SEEK_END) >= 0 and file.read() == b"\n")


def _read(manifest: Path) -> dict[str, list[str]]:
    ours: dict[str, list[str]] = {}
    with suppress(FileNotFoundError):
        for line in manifest.read_bytes().decode("utf-8", "replace").split("\n"):
            digest, gap, path = line.partition("  ")
            if gap and len(digest) == 64 and not _UNSAFE.search(path):
                ours.setdefault(path, []).append(digest)
    return ours
