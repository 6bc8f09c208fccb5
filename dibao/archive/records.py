"""A capture as WARC 1.1 records, each a gzip member of its own (ISO 28500:2017)."""

import json
import re
import uuid
import zlib
from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

from dibao.archive.message import END_OF_HEAD, payload_of, split
from dibao.model import Capture, Exchange, Failure, Trouble

REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
FAILURE = "application/vnd.dibao.failure+json"
HTTP = re.compile(rb"HTTP/1\.[01]", re.IGNORECASE)
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_STEP = 2**18  # bytes packed at a time: a block may be large, and its copies should not be
_TRUNCATED = {Trouble.SIZE: "length", Trouble.TIMEOUT: "time", Trouble.BROKEN: "disconnect"}

Fields = dict[str, str]
Member = bytes | bytearray

# The standard's fields, then Heritrix' two that save a search through every file.
REFERS = {
    "warc-refers-to": "WARC-Refers-To",
    "warc-refers-to-target-uri": "WARC-Refers-To-Target-URI",
    "warc-refers-to-date": "WARC-Refers-To-Date",
    "warc-refers-to-filename": "WARC-Refers-To-Filename",
    "warc-refers-to-file-offset": "WARC-Refers-To-File-Offset",
    "warc-payload-digest": "WARC-Payload-Digest",
}


def records(capture: Capture, original: Fields | None) -> list[Member]:
    """Return the gzip members of a capture, the answer's last."""
    last = new_id()
    hops = capture.exchanges if capture.failure else capture.exchanges[:-1]
    found = [each for hop in hops for each in _hop(hop, last, capture.failure if hop is hops[-1] else None)]
    if capture.failure:
        return [*found, _failure(capture, last)]
    answer = capture.exchanges[-1]
    return [*found, _request(answer, last), _answer(capture, answer, last, original)]


def _hop(exchange: Exchange, last: str, failure: Failure | None) -> list[Member]:
    if not exchange.response:
        return [_request(exchange, last)]
    id = new_id()
    fields = {"WARC-Concurrent-To": last}
    why = Trouble.SIZE if exchange.is_cut else failure.trouble if failure else None
    if why in _TRUNCATED:
        fields["WARC-Truncated"] = _TRUNCATED[why]
    return [_request(exchange, id), _response(exchange, id, fields)]


def _request(exchange: Exchange, response: str) -> Member:
    fields = _about(exchange) | {
        "WARC-Concurrent-To": response,
        "Content-Type": "application/http;msgtype=request",
    }
    return record("request", new_id(), exchange.at, exchange.request, fields)


def _response(exchange: Exchange, id: str, fields: Fields) -> Member:
    fields = _about(exchange) | fields
    if not HTTP.match(exchange.response):  # nothing that a reader of HTTP could take in
        fields["Content-Type"] = "application/octet-stream"
        return record("metadata", id, exchange.at, exchange.response, fields)
    if END_OF_HEAD.search(exchange.response):  # else readers differ on where a payload would begin
        fields["WARC-Payload-Digest"] = digest_of(payload_of(exchange.response))
    fields["Content-Type"] = "application/http;msgtype=response"
    return record("response", id, exchange.at, exchange.response, fields)


def _answer(capture: Capture, exchange: Exchange, id: str, original: Fields | None) -> Member:
    fields = _differing(capture, exchange)
    if not original or original["warc-payload-digest"] != digest_of(payload_of(exchange.response)):
        return _response(exchange, id, fields)
    # The whole head, encodings included: a reader needs it to make sense of the payload.
    fields |= {REFERS[name]: value for name, value in original.items()}
    fields |= {"WARC-Profile": REVISIT, "Content-Type": "application/http;msgtype=response"}
    head = split(exchange.response)[0]
    return record("revisit", id, exchange.at, head, _about(exchange) | fields)


def _differing(capture: Capture, exchange: Exchange) -> Fields:
    """Return our own fields: the address that was asked, and stood at last, where the target isn't it."""
    named = {"Dibao-Visit-URI": capture.url, "Dibao-Final-URI": capture.final_url}
    return {name: url for name, url in named.items() if url != _target(exchange.url)}


def _failure(capture: Capture, id: str) -> Member:
    assert capture.failure is not None
    said = {
        "failure": {"trouble": capture.failure.trouble, "detail": capture.failure.detail},
        "url": capture.url,
        "final_url": capture.final_url,
        "at": capture.captured_at.isoformat(),
        "status": capture.status,
        "headers": capture.headers,
    }
    fields = {"WARC-Target-URI": _target(capture.url), "Content-Type": FAILURE}
    return record("metadata", id, capture.captured_at, json.dumps(said).encode(), fields)


def _about(exchange: Exchange) -> Fields:
    fields = {"WARC-Target-URI": _target(exchange.url)}
    return fields | ({"WARC-IP-Address": exchange.address} if exchange.address else {})


def _target(url: str) -> str:
    return quote(url, safe=_PRINTABLE, errors="surrogatepass")


def resource(capture: Capture, data: bytes, content_type: str) -> Member:
    """Return the gzip member of a file that a person brought: its bytes, and no answer of a server."""
    fields = {"WARC-Target-URI": _target(capture.final_url)} | _brought(capture, capture.final_url)
    fields |= {"WARC-Payload-Digest": digest_of(data), "Content-Type": content_type}
    if capture.final_url != _target(capture.final_url):
        fields["Dibao-Final-URI"] = capture.final_url
    return record("resource", new_id(), capture.captured_at, data, fields)


def copied(capture: Capture, head: bytes, block: bytes) -> Member:
    """Return the gzip member of another crawler's record, as it stood but for the fields that mark it."""
    fields = _brought(capture, capture.final_url)
    marks = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("utf-8", "replace")
    return _packed(head.rstrip(b"\r\n") + b"\r\n" + marks + b"\r\n", block)


def _brought(capture: Capture, target: str) -> Fields:
    named = {"Dibao-Visit-URI": capture.url, "Dibao-Brought": capture.brought or ""}
    return {name: value for name, value in named.items() if value not in ("", _target(target))}


def new_id() -> str:
    """Return a record id that is new in the world."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def digest_of(data: bytes | memoryview) -> str:
    """Return the SHA-256 of bytes as WARC labels it."""
    return f"sha256:{b32encode(sha256(data).digest()).decode()}"


def record(kind: str, id: str, at: datetime, block: bytes, fields: Fields) -> Member:
    """Return a WARC record as one gzip member."""
    date = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    fields = {"WARC-Type": kind, "WARC-Record-ID": id, "WARC-Date": date} | fields
    fields |= {"WARC-Block-Digest": digest_of(block), "Content-Length": str(len(block))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return _packed(b"WARC/1.1\r\n" + head.encode("utf-8", "replace") + b"\r\n", block)


def _packed(head: bytes, block: bytes) -> Member:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed, view = bytearray(packer.compress(head)), memoryview(block)
    for start in range(0, len(block), _STEP):
        packed += packer.compress(view[start : start + _STEP])
    packed += packer.compress(b"\r\n\r\n")
    packed += packer.flush()
    return packed
