"""HTTP/1.1 messages as they stand in WARC files: head, payload, body."""

import re
import zlib
from io import BytesIO

import brotlicffi
import zstandard

from dibao.model import Capture

BODY_AT_MOST = 64 * 2**20  # decoded; only files made elsewhere can hold more
BROKEN = (zlib.error, brotlicffi.error, zstandard.ZstdError)  # what an encoding that is broken raises
END_OF_HEAD = re.compile(rb"\n[ \t\r\x0b\x0c\x1c-\x1f]*\n")  # warcio takes all of these for white space
_BLANK = b" \t\r"
_CHUNK = re.compile(rb"([0-9a-fA-F]+)[^\n]*\n")


def split(block: bytes) -> tuple[bytes, bytes]:
    """Return the head of an HTTP message, with its empty line, and its payload."""
    end = END_OF_HEAD.search(block)
    return (block[: end.end()], block[end.end() :]) if end else (block, b"")


def payload_of(block: bytes) -> memoryview:
    """Return the payload of an HTTP message without copying it."""
    end = END_OF_HEAD.search(block)
    return memoryview(block)[end.end() if end else len(block) :]


def read_head(head: bytes) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return the status (0 if there is none) and the headers of a response."""
    first, _, rest = head.partition(b"\n")
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", rest.rstrip(_BLANK + b"\n"))
    pairs = (line.partition(b":") for line in unfolded.split(b"\n") if b":" in line)
    headers = tuple((_text(name.strip(_BLANK)), _text(value.strip(_BLANK))) for name, _, value in pairs)
    status = re.match(rb"\S+ +(\d{3})", first)
    return int(status.group(1)) if status else 0, headers


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def body_of(answer: Capture, payload: bytes) -> bytes:
    """Return the body that a payload carries, by the answer's headers; raises one of `BROKEN`."""
    if _names(answer, "Transfer-Encoding")[-1:] == ["chunked"]:
        payload = _unchunked(payload)
    elif (length := answer.header("Content-Length") or "").isdecimal():
        payload = payload[: int(length)]
    return _decoded(payload, ",".join(_names(answer, "Content-Encoding")))


def _names(answer: Capture, header: str) -> list[str]:
    named = (name.strip() for name in (answer.header(header) or "").lower().split(","))
    return [name for name in named if name not in ("", "identity")]


def _unchunked(payload: bytes) -> bytes:
    """Return the chunks joined (RFC 9112 §7.1); as it is when it holds none, as some tools keep it."""
    pieces, at = list[bytes](), 0
    while size := _CHUNK.match(payload, at):
        begin, end = size.end(), size.end() + int(size.group(1), 16)
        if begin == end:
            break
        pieces.append(payload[begin:end])
        at = end + (2 if payload[end : end + 1] == b"\r" else 1)
    return b"".join(pieces) if size or at else payload


def _decoded(body: bytes, encoding: str) -> bytes:
    if not body:
        return body
    if encoding in ("gzip", "x-gzip"):
        return _unzipped(body) if body.startswith(b"\x1f\x8b") else body
    if encoding == "deflate":
        return zlib.decompressobj(15 if body[0] & 0x0F == 8 else -15).decompress(body, BODY_AT_MOST)
    if encoding == "br":
        return bytes(brotlicffi.Decompressor().process(body, output_buffer_limit=BODY_AT_MOST))
    if encoding == "zstd":
        reader = zstandard.ZstdDecompressor().stream_reader(BytesIO(body), read_across_frames=True)
        return reader.read(BODY_AT_MOST)
    return body


def _unzipped(body: bytes) -> bytes:
    whole = bytearray()
    while body.startswith(b"\x1f") and len(whole) < BODY_AT_MOST:
        stream = zlib.decompressobj(31)
        whole += stream.decompress(body, BODY_AT_MOST - len(whole))
        body = stream.unused_data
    return bytes(whole)
