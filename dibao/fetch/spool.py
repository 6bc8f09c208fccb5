"""Bytes that come in: in memory while they are few, then in a file that nobody else can see."""

import ctypes
import pickle
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from dibao.fetch.limits import IN_MEMORY, LARGE
from dibao.model import Capture

_MMAP_THRESHOLD = -3  # of mallopt(3)


@cache
def give_memory_back() -> None:
    """Have what a large answer took of the memory go back to the system as soon as it is done with.

    glibc learns from the first one to keep such pieces for the next: with some in each thread, that is a
    hundred MiB that nobody uses. Elsewhere there is no such habit, and nothing is done.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE)


class Spool:
    """Bytes that grow; above `IN_MEMORY` they stand on disk. OSError where there is no room for them.

    The file has no name, so that it is gone with the last who holds it, also when we are killed.
    `folder` is on the disk that is used; None: where the system has its temporary files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder, self.start, self._size = folder, bytearray(), 0  # start: the first bytes, always at hand
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return self._size

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        if self._file is None and self._size + len(data) > IN_MEMORY:
            # Without a buffer: what there is no room for is told when it is written, never when it is read.
            self._file = TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115 - it lives as long as we do
            self._put(self.start)
        if self._file is not None:
            self._put(data)
        if len(self.start) < IN_MEMORY:
            self.start += data[: IN_MEMORY - len(self.start)]
        self._size += len(data)
        return len(data)

    def _put(self, data: bytes | bytearray) -> None:
        done = 0
        while self._file is not None and done < len(data):
            done += self._file.write(data[done:])

    def cut(self, size: int) -> None:
        """Forget what stands beyond a size."""
        if size < self._size:
            self._size = size
            del self.start[size:]
            if self._file is not None:
                self._file.truncate(size)
                self._file.seek(size)

    def read(self, start: int = 0, most: int | None = None) -> bytes:
        """Return the bytes from an offset on, so many at most; nothing can be written after."""
        if self._file is None:
            return bytes(memoryview(self.start)[start : None if most is None else start + most])
        self._file.seek(start)
        return self._file.read(-1 if most is None else most)

    def file(self) -> IO[bytes] | None:
        """Return the file, to be read from its beginning; None where all is in memory."""
        if self._file is not None:
            self._file.seek(0)
        return self._file

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()


class Parcel:
    """A capture on its way to the caller; a large one waits in a file until it is taken."""

    def __init__(self, capture: Capture, folder: Path | None) -> None:
        sent = sum(len(each.response) for each in capture.exchanges)
        self.weight = 1 + max(len(capture.body), sent) // LARGE  # for how many small ones it counts
        self._capture: Capture | None = capture
        self._spool: Spool | None = None
        if self.weight > 1:
            with suppress(OSError):  # no room on disk: it stays where it is
                self._spool = Spool(folder)
                pickle.dump(capture, self._spool, protocol=pickle.HIGHEST_PROTOCOL)
                self._capture = None

    def take(self) -> Capture:
        """Return the capture; once."""
        capture, self._capture = self._capture, None
        file = self._spool.file() if capture is None and self._spool else None
        if file is not None:
            capture = pickle.load(file)  # our own bytes, and nobody else could write there
        assert capture is not None
        return capture
