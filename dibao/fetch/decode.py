"""Content-Encoding undone, within limits: a few bytes may ask for a gigabyte."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import brotlicffi
import zstandard

from dibao.fetch.limits import MIB, Limits
from dibao.fetch.spool import Spool
from dibao.model import Failure, Trouble

ACCEPTED = "gzip, br, zstd"
_STEP = MIB // 4  # bytes of output at a time
_ZSTD_STEP = 256  # bytes of input at a time: one byte can stand for 32 KiB
_ZSTD_WINDOW = 8 * MIB  # RFC 9659


class Trip(Exception):  # noqa: N818 - becomes a Failure, never seen outside
    """An answer that is not taken, and why."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(trouble, detail)
        self.failure = Failure(trouble=trouble, detail=detail)


def no_room(error: OSError) -> Trip:
    """Return the trip over a disk of ours that an answer does not fit on."""
    return Trip(Trouble.SIZE, f"there was no room here to take it in ({error.strerror or error})")


class _Coding(Protocol):
    @property
    def done(self) -> bool: ...  # nothing is missing

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Identity:
    done = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Gzip:
    """gzip, of one member or many (RFC 1952); what follows the last member is padding."""

    def __init__(self, bits: int = 31) -> None:
        self.bits, self.done, self._padding = bits, False, False
        self._stream = zlib.decompressobj(bits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._padding:
            if self._stream.eof:
                self._next_member(data)
                continue
            yield self._stream.decompress(data, _STEP)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            self.done = self._stream.eof

    def _next_member(self, data: bytes) -> None:
        self._padding = not data.startswith(b"\x1f")
        if not self._padding:
            self._stream, self.done = zlib.decompressobj(self.bits), False


class _Deflate:
    """deflate: zlib as RFC 9110 says, or raw as some servers send."""

    _inner: _Gzip | None = None

    @property
    def done(self) -> bool:
        return self._inner is not None and self._inner.done

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and self._inner is None:
            self._inner = _Gzip(15 if data[0] & 0x0F == 8 else -15)
        return self._inner.feed(data) if self._inner else iter(())


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotlicffi.Decompressor()

    @property
    def done(self) -> bool:
        return bool(self._stream.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.done:
            raise brotlicffi.error("it goes on after its end")
        yield self._stream.process(data, output_buffer_limit=_STEP)
        while not self._stream.can_accept_more_data() and not self.done:
            yield self._stream.process(b"", output_buffer_limit=_STEP)


class _Zstd:
    """zstd, of one frame or many (RFC 8878)."""

    def __init__(self) -> None:
        self.done = False
        self._stream = self._frame()

    @staticmethod
    def _frame() -> "zstandard.ZstdDecompressionObj":  # a name of its stubs alone
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_STEP):
            yield from self._feed(data[start : start + _ZSTD_STEP])

    def _feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                self._stream = self._frame()
            yield self._stream.decompress(data)
            data, self.done = self._stream.unused_data, self._stream.eof


_CODINGS: dict[str, Callable[[], _Coding]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
_ERRORS = (zlib.error, brotlicffi.error, zstandard.ZstdError)


class Decoder:
    """Undoes one Content-Encoding piece by piece; Trip when it can't or when the result grows too large."""

    def __init__(self, encoding: str, limits: Limits, scratch: Path | None = None) -> None:
        self.encoding, self.limits = encoding, limits
        self.body, self._taken = Spool(scratch), 0
        self._coding = _coding(encoding)

    def feed(self, data: bytes) -> None:
        """Take some bytes as they were sent."""
        self._taken += len(data)
        try:
            for piece in self._coding.feed(data):
                self._grow(piece)
        except _ERRORS as error:
            raise Trip(Trouble.ENCODING, f"the body is no good {self.encoding}: {error}") from error

    def _grow(self, piece: bytes) -> None:
        try:
            self.body.write(piece)
        except OSError as error:
            raise no_room(error) from error
        if len(self.body) > self.limits.decoded_bytes:
            self.body.cut(self.limits.decoded_bytes)
            raise Trip(Trouble.SIZE, f"the body is larger than {self.limits.decoded_bytes} bytes")
        if len(self.body) > max(MIB, self._taken * self.limits.ratio):
            raise Trip(Trouble.SIZE, f"the body is packed more than {self.limits.ratio} times smaller")

    def finish(self) -> None:
        """Raise Trip if the end of the body is missing."""
        if self._taken and not self._coding.done:
            raise Trip(Trouble.ENCODING, f"the {self.encoding} body stops short")


def _coding(encoding: str) -> _Coding:
    named = [name.strip().lower() for name in encoding.split(",")]
    layers = [name for name in named if name not in ("", "identity")]
    if not layers:
        return _Identity()
    if len(layers) > 1 or layers[0] not in _CODINGS:
        raise Trip(Trouble.ENCODING, f"dibao does not undo Content-Encoding {encoding[:80]!r}")
    return _CODINGS[layers[0]]()
