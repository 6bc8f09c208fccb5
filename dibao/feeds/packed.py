"""A file that may be gzipped -> its bytes or its text, piece by piece, never more than is allowed."""

import codecs
import zlib
from collections.abc import Iterator

from dibao.charset import decode
from dibao.errors import FeedError

LARGEST = 64 * 2**20  # bytes, unpacked
_RATIO = 1000  # unpacked : packed, once past a MiB; honest files stay far below
_MIB = 2**20
_MAGIC = b"\x1f\x8b"
_MEMBERS = 10_000  # of a gzip file, at most
_STEP = 2**16  # bytes or characters at a time
_SMALL = 4 * _MIB  # bytes up to which the whole text is looked at to tell its encoding


class Packed:
    """The bytes of a file, unpacked anew each time they are asked for.

    Once they were asked for, ``size`` says how many there are, and ``is_cut`` whether the end of a gzip
    file is missing.
    """

    def __init__(self, body: bytes, url: str) -> None:
        self.body, self.url, self.size, self.is_cut = body, url, 0, False

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes; FeedError for a gzip file that is damaged, or unpacks to too much."""
        size = 0
        for piece in self._gunzipped() if self.body.startswith(_MAGIC) else self._plain():
            size += len(piece)
            self.size = max(self.size, size)
            if size > LARGEST:
                raise FeedError(self.url, f"larger than {LARGEST} bytes")
            if size > max(_MIB, _RATIO * len(self.body)):
                raise FeedError(self.url, f"packed more than {_RATIO} times smaller")
            yield piece

    def _plain(self) -> Iterator[bytes]:
        view = memoryview(self.body)
        return (bytes(view[start : start + _STEP]) for start in range(0, len(view), _STEP))

    def _gunzipped(self) -> Iterator[bytes]:
        position, members = 0, 0
        try:
            while self.body.startswith(_MAGIC, position):  # one member or many; what follows is padding
                members += 1
                if members > _MEMBERS:
                    raise FeedError(self.url, f"a gzip file of more than {_MEMBERS} parts")
                stream = zlib.decompressobj(31)
                while position < len(self.body) and not stream.eof:
                    piece = self.body[position : position + _STEP]
                    yield from _unpacked(stream, piece)
                    position += len(piece) - len(stream.unused_data)
                self.is_cut = not stream.eof
        except zlib.error as error:
            raise FeedError(self.url, f"a damaged gzip file: {error}") from error

    def texts(self, content_type: str | None) -> tuple[Iterator[str], tuple[str, ...]]:
        """Return the text piece by piece, and a note for each thing that had to be repaired."""
        if sum(map(len, self)) > _SMALL and self._is_utf8():
            return self._utf8(), ()
        text, notes = decode(b"".join(self), content_type=content_type)
        return (text[start : start + _STEP] for start in range(0, len(text), _STEP)), notes

    def _is_utf8(self) -> bool:
        first = next(iter(self), b"")
        try:
            return b"\0" not in first[:4] and all(True for _ in self._utf8())
        except UnicodeDecodeError:
            return False

    def _utf8(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        yield from map(decoder.decode, self)
        if not self.is_cut:
            decoder.decode(b"", final=True)


def _unpacked(stream: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Yield what some bytes unpack to, a little at a time."""
    while data and not stream.eof:
        yield stream.decompress(data, _STEP)
        data = stream.unconsumed_tail
