"""Pages in WARC files of other crawlers: read leniently, and copied as they stand."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BufferedIOBase, BufferedReader

from dibao.archive.message import BODY_AT_MOST, BROKEN, body_of, read_head, split
from dibao.archive.records import HTTP, Fields, Member, copied
from dibao.archive.warc import moment
from dibao.errors import ConfigError
from dibao.model import Brought, Capture

LINES_AT_MOST = 1000  # of a record's head
LINE_AT_MOST = 65536
STEP = 2**20
_PAGES = re.compile(r"\s*(text/html|application/xhtml\+xml)", re.I)


@dataclass(frozen=True, slots=True)
class Foreign:
    """One record as it stands in somebody's file."""

    head: bytes  # with its version line
    fields: Fields  # by lower-case name
    block: bytes | None  # None: too large to be a page

    def get(self, name: str) -> str:
        """Return a field; empty where there is none."""
        return self.fields.get(name, "")


def unpacked(stream: BufferedReader) -> BufferedReader | gzip.GzipFile:
    """Return a stream without the gzip it may be packed in; of a torn file, what is whole can be read."""
    return gzip.GzipFile(fileobj=stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream


def is_warc(stream: BufferedReader | gzip.GzipFile) -> bool:
    """Say whether a stream is a WARC file."""
    return stream.peek(5)[:5] == b"WARC/"


def pages(stream: BufferedIOBase, now: datetime) -> Iterator[tuple[Capture, list[Foreign]]]:
    """Yield every page that a WARC file holds, with the records it stands in, its own last.

    ConfigError where the file is damaged; what came before was yielded.
    """
    for cluster in clusters(records_in(stream)):
        for answer in cluster:
            capture = page_in(answer, now)
            if capture:
                yield capture, [*(each for each in cluster if is_request_of(answer, each)), answer]


def is_request_of(answer: Foreign, record: Foreign) -> bool:
    """Say whether a record is the request that brought an answer."""
    names = {
        (one.get("warc-concurrent-to"), other.get("warc-record-id"))
        for one, other in ((answer, record), (record, answer))
    }
    return record.get("warc-type") == "request" and any(named == id != "" for named, id in names)


def members(capture: Capture, records: Iterable[Foreign]) -> list[Member]:
    """Return the copies of a page's records as gzip members, its own last; the others lead to it."""
    own = [(each.head, each.block or b"") for each in records if each.block is not None]
    plain = replace(capture, url=capture.final_url)
    return [copied(capture if each == own[-1] else plain, *each) for each in own]


def clusters(records: Iterable[Foreign]) -> Iterator[list[Foreign]]:
    """Yield runs of records that name one another as concurrent; the last whole one also before damage."""
    run: list[Foreign] = []
    damage: ConfigError | None = None
    try:
        for each in records:
            named = {one.get("warc-record-id") for one in run} | {
                one.get("warc-concurrent-to") for one in run
            }
            if run and not named - {""} & {each.get("warc-record-id"), each.get("warc-concurrent-to")}:
                yield run
                run = []
            run.append(each)
    except ConfigError as error:
        damage = error
    yield from [run] if run else []
    if damage:
        raise damage


def page_in(record: Foreign, now: datetime) -> Capture | None:
    """Return the page that a record holds, or None."""
    url, kind = record.get("warc-target-uri").strip("<>"), record.get("warc-type")
    at = min(moment(record.get("warc-date")) or now, now)
    blank = Capture(url=url, final_url=url, captured_at=at, brought=Brought.COPIED)
    if record.block is None or not url.startswith(("http://", "https://")):
        return None
    if kind == "resource" and _PAGES.match(record.get("content-type")):
        said = (("Content-Type", record.get("content-type")),)
        return replace(blank, headers=said, body=record.block)
    if kind != "response" or not HTTP.match(record.block):
        return None
    head, payload = split(record.block)
    status, headers = read_head(head)
    answer = replace(blank, status=status, headers=headers)
    if status != 200 or not _PAGES.match(answer.header("Content-Type") or ""):
        return None
    try:
        return replace(answer, body=body_of(answer, payload))
    except BROKEN:
        return None


def records_in(stream: BufferedIOBase) -> Iterator[Foreign]:
    """Yield every record of an unpacked WARC file."""
    try:
        while head := _head(stream):
            version, *lines = head.decode("utf-8", "replace").splitlines()
            pairs = (line.partition(":") for line in reversed(lines))
            fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
            length = fields.get("content-length", "")
            if not version.startswith("WARC/") or not length.isdecimal() or len(length) > 15:
                raise ConfigError("The file is damaged: where a WARC record should begin is something else.")
            yield Foreign(head, fields, _block(stream, int(length)))
    except (EOFError, OSError, zlib.error) as error:
        raise ConfigError(f"The file is damaged or stops short ({error}).") from error


def _head(stream: BufferedIOBase) -> bytes:
    """Return the lines of a record's head, those between records left out; empty at the end."""
    lines: list[bytes] = []
    while line := stream.readline(LINE_AT_MOST):
        if line.strip():
            lines.append(line.rstrip(b"\r\n") + b"\r\n")
        elif lines:
            break
        if len(lines) > LINES_AT_MOST:
            raise ConfigError("The file is damaged: the head of a record has no end.")
    return b"".join(lines)


def _block(stream: BufferedIOBase, length: int) -> bytes | None:
    """Return a record's content, or None when it is too large; either way it is behind us then."""
    pieces: list[bytes] = []
    left = length
    while left:
        piece = stream.read(min(left, STEP))
        if not piece:
            raise EOFError("it ends within a record")
        left -= len(piece)
        if length <= BODY_AT_MOST:
            pieces.append(piece)
    return b"".join(pieces) if length <= BODY_AT_MOST else None
