"""Evidence: every answer as it came, in WARC 1.1 files that any web archive tool can read.

A capture is a run of records: request and response of every hop, and last the answer itself: a
``response``, a ``revisit`` where the same bytes are kept already, or, when asking failed, a
``metadata`` record in JSON. The hops name that last record in WARC-Concurrent-To. Every record is a
gzip member of its own, so a file that was cut short is sound up to its last whole member.

Spec: ISO 28500:2017, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import contextlib
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from dibao.archive.message import BROKEN, body_of, read_head, split
from dibao.archive.records import FAILURE, HTTP, REFERS, Fields, Member, new_id, record, records
from dibao.errors import ArchiveError
from dibao.model import Brought, Capture, Failure, Ref, Trouble, Visit
from dibao.saved import unfold
from dibao.version import VERSION

MAX_BYTES = 256 * 2**20  # of one file
_MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins
_SHORT = 2**11  # bytes of a record in which its head ends, unless its address is long
LARGE = 2**20  # bytes of records that are not copied once more
_HEAD = 2**15  # bytes: no record's head is longer, addresses of 8,192 characters and all
MOST_OPEN = 8  # files at once, each of another day
_ABOUT = f"software: dibao/{VERSION}\r\nformat: WARC File Format 1.1\r\n"


# --- writing --------------------------------------------------------------------------------------


class WarcWriter:
    """Appends captures to the WARC files of an archive folder; one writer at a time.

    The caller holds the archive's lock, and cuts what a killed writer left half-written.
    ArchiveError when the disk is full or not ours to write; what was kept before stays sound.
    """

    def __init__(self, root: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.root, self.max_bytes = root, max_bytes
        self._open: dict[str, _Segment] = {}  # by day
        self._ended: dict[str, int] = {}  # files closed since the last sync, and their sizes

    def position(self, at: datetime) -> Ref:
        """Return the place where a capture of that moment would begin."""
        segment = self._segment(at)
        return Ref(file=segment.file, offset=segment.size)

    def write(self, capture: Capture, same_as: Ref | None = None) -> Capture:
        """Append a capture and return it with the place of its last record.

        Nothing is written, and the place is None, where nothing was answered anew: a 304, a host that
        was left alone, or one that this machine, being offline, could not reach. With `same_as`, an answer
        whose payload is kept there is only referred to.
        """
        failure = capture.failure
        is_unchanged = capture.status == 304 and failure is None
        is_unasked = failure is not None and failure.trouble in (Trouble.UNASKED, Trouble.OFFLINE)
        if is_unchanged or not (capture.exchanges or (failure and not is_unasked)):
            return capture
        *hops, answer = records(capture, self._original(same_as) if same_as else None)
        segment = self._segment(capture.captured_at)
        offset = segment.size + sum(map(len, hops))
        segment.append(*hops, answer)
        return replace(capture, ref=Ref(file=segment.file, offset=offset))

    def bring(self, capture: Capture, members: Sequence[Member], at: datetime) -> Capture:
        """Append the records of what a person brought at a moment; return it with the place of the last."""
        segment = self._segment(at)
        offset = segment.size + sum(map(len, members[:-1]))
        segment.append(*members)
        return replace(capture, ref=Ref(file=segment.file, offset=offset))

    def sync(self) -> dict[str, int]:
        """Make all that was written durable; return the size of each file written to lately."""
        for segment in self._open.values():
            segment.sync()
        sizes = self._ended | {segment.file: segment.size for segment in self._open.values()}
        self._ended = {}
        return sizes

    def close(self) -> None:
        """Sync and close every file; safe to call twice."""
        for day in list(self._open):
            self._end(day)

    def _segment(self, at: datetime) -> "_Segment":
        day = f"{at.astimezone(UTC):%Y%m%d}"
        if day in self._open and self._open[day].size >= self.max_bytes:
            self._end(day)
        if day not in self._open:
            if len(self._open) >= MOST_OPEN:
                self._end(min(self._open))
            self._open[day] = _Segment(self.root, self._file(day), at)
        return self._open[day]

    def _file(self, day: str) -> str:
        folder = f"warc/{day[:4]}/{day[4:6]}"
        there = sorted((self.root / folder).glob(f"dibao-{day}-*.warc.gz"))
        if there and there[-1].stat().st_size < self.max_bytes:
            return f"{folder}/{there[-1].name}"
        number = int(there[-1].name.split("-")[2].split(".")[0]) + 1 if there else 1
        return f"{folder}/dibao-{day}-{number:04d}.warc.gz"

    def _end(self, day: str) -> None:
        segment = self._open.pop(day)
        segment.close()
        self._ended[segment.file] = segment.size

    def _original(self, ref: Ref) -> Fields | None:
        """Return what a revisit says of the record that holds the payload; None if it can't be read."""
        try:
            record = _record_at(self.root, ref)
        except ArchiveError:
            return None
        if record.kind == "revisit":
            return {name: value for name, value in record.fields.items() if name in REFERS}
        return {
            "warc-refers-to": record.get("warc-record-id"),
            "warc-refers-to-target-uri": record.get("warc-target-uri"),
            "warc-refers-to-date": record.get("warc-date"),
            "warc-refers-to-filename": ref.file,
            "warc-refers-to-file-offset": str(ref.offset),
            "warc-payload-digest": record.get("warc-payload-digest"),
        }


class _Segment:
    """One file, open for appending."""

    def __init__(self, root: Path, file: str, at: datetime) -> None:
        self.file, self.path = file, root / file
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = FileIO(self.path, "ab")
            self.size = self.path.stat().st_size
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._is_dirty = self._is_new = self.size == 0
        if self._is_new:
            fields = {"WARC-Filename": self.path.name, "Content-Type": "application/warc-fields"}
            self.append(record("warcinfo", new_id(), at, _ABOUT.encode(), fields))

    def append(self, *members: Member) -> None:
        """Write whole records, or nothing."""
        self._is_dirty = True
        try:
            for member in joined(members):
                left = memoryview(member)
                while left:
                    left = left[self._handle.write(left) or 0 :]
        except OSError as error:
            os.truncate(self.path, self.size)  # no half record may stand between whole ones
            raise _unwritable(self.path, error) from error
        self.size += sum(map(len, members))

    def sync(self) -> None:
        """Make the file, and that it is there, durable."""
        if not self._is_dirty:
            return
        try:
            os.fsync(self._handle.fileno())
            for folder in list(self.path.parents)[:4] if self._is_new else ():  # MM, YYYY, warc, root
                _sync_folder(folder)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._is_dirty = self._is_new = False

    def close(self) -> None:
        """Sync and close."""
        try:
            self.sync()
        finally:
            self._handle.close()


def joined(members: Sequence[Member]) -> Sequence[Member]:
    """Return records as one piece, unless they are large: one write costs less than three."""
    return members if sum(map(len, members)) > LARGE else [b"".join(members)]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"{path} can't be written: {error.strerror or error}. What is kept is safe; free some space or "
        "put the permissions right, then run dibao again."
    )


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Record:
    fields: Fields  # by lower-case name
    block: bytes

    @property
    def kind(self) -> str:
        return self.get("warc-type")

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


def read_capture(root: Path, ref: Ref) -> Capture:
    """Return the capture whose last record stands at a place; its exchanges stay in the file.

    ArchiveError if there is none or it is damaged.
    """
    capture = _capture(root, _record_at(root, ref), ref)
    if capture is None:
        raise ArchiveError(f"{root / ref.file} holds no answer at byte {ref.offset}")
    return capture


def stood(root: Path, visit: Visit) -> str | None:
    """Return the address that the kept answer of a visit came from; None if it can't be told."""
    return visit.stood or (stood_at(root, visit.ref) if visit.ref else None)


def stood_at(root: Path, ref: Ref) -> str | None:
    """Return the address that the answer kept at a place came from; None if it can't be told.

    Cheap: no more of the file is read than the record's head.
    """
    try:
        with (root / ref.file).open("rb", buffering=0) as file:
            file.seek(ref.offset)
            packed = zlib.decompressobj(31)
            head = packed.decompress(file.read(_SHORT), _SHORT)
            if b"\r\n\r\n" not in head:
                head += packed.decompress(packed.unconsumed_tail + file.read(_HEAD), _HEAD)
    except (OSError, zlib.error):
        return None
    fields = _fields(head.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n"))
    return fields.get("dibao-final-uri") or fields.get("warc-target-uri", "").strip("<>") or None


def captures(root: Path, file: str, start: int = 0) -> Iterator[Capture]:
    """Yield every whole capture in a file from an offset on; what led to an answer is folded into it."""
    before = ""
    for offset, _, data in _members(root / file, start):
        record = _parse(data)
        if record is None:
            continue
        # Concurrent to a record yet to come: a hop. (Others name the request that stands just before.)
        is_hop = record.get("warc-concurrent-to") not in ("", before) and not _brought(record)
        before = record.get("warc-record-id")
        capture = None if is_hop else _capture(root, record, Ref(file=file, offset=offset))
        if capture:
            yield capture


def sound_end(path: Path, start: int = 0) -> int:
    """Return the offset after the last whole gzip member from an offset on; junk is no error."""
    return max((end for _, end, _ in _members(path, start)), default=start)


def cut_torn(path: Path, start: int) -> None:
    """Cut what a killed writer left half-written at a file's end.

    ArchiveError where whole records follow the break: that is damage, and nothing may be cut.
    """
    end = sound_end(path, start)
    if end < path.stat().st_size and _goes_on(path, end):
        raise ArchiveError(
            f"{path} is damaged at byte {end}, and good records follow: restore it from a backup. "
            "Nothing is cut."
        )
    cut(path, end)


def _goes_on(path: Path, end: int) -> bool:
    """Say whether a record begins somewhere after a break."""
    tail = path.read_bytes()[end + 1 :]
    at = tail.find(_MEMBER)
    while at >= 0:
        with contextlib.suppress(zlib.error):
            if zlib.decompressobj(31).decompress(tail[at : at + 4096], 5) == b"WARC/":
                return True
        at = tail.find(_MEMBER, at + 1)
    return False


def cut(path: Path, end: int) -> None:
    """Cut a file to a length, for good; ArchiveError if it is shorter already."""
    try:
        if path.stat().st_size < end:
            raise ArchiveError(f"{path} is shorter than what was kept in it: restore it from a backup")
        with path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from error


def _members(path: Path, start: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield (begin, end, content) of each whole gzip member; stop at the first that is not."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(2**16)
            while data:
                stream, pieces, end = zlib.decompressobj(31), list[bytes](), start
                while data and not stream.eof:
                    pieces.append(stream.decompress(data))
                    end += len(data) - len(stream.unused_data)
                    data = stream.unused_data or file.read(2**16)
                if not stream.eof:
                    return
                yield start, end, b"".join(pieces)
                start = end
    except zlib.error:
        return
    except OSError as error:
        raise ArchiveError(f"{path} can't be read: {error.strerror or error}") from error


def _record_at(root: Path, ref: Ref) -> _Record:
    member = next(_members(root / ref.file, ref.offset), None)
    record = _parse(member[2]) if member else None
    if record is None:
        raise ArchiveError(f"{root / ref.file} is damaged at byte {ref.offset}: restore it from a backup")
    return record


def _parse(data: bytes) -> _Record | None:
    head, _, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    fields = _fields(lines)
    length = fields.get("content-length", "")
    if not version.startswith("WARC/") or not length.isdecimal() or len(rest) < int(length):
        return None
    return _Record(fields, rest[: int(length)])


def _fields(lines: list[str]) -> Fields:
    pairs = (line.partition(":") for line in reversed(lines))  # of a repeated field the first counts
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _capture(root: Path, record: _Record, ref: Ref) -> Capture | None:
    if record.kind == "metadata" and record.get("content-type") == FAILURE:
        return _failed(record, ref)
    at = moment(record.get("warc-date"))
    if record.kind == "resource" and at is not None:
        return _resource(record, at, ref)
    if record.kind not in ("response", "revisit") or not HTTP.match(record.block) or at is None:
        return None
    head, payload = split(record.block)
    if record.kind == "revisit":
        place = record.get("warc-refers-to-filename"), record.get("warc-refers-to-file-offset")
        if not place[1].isdecimal():
            return None
        payload = split(_record_at(root, Ref(file=place[0], offset=int(place[1]))).block)[1]
    url = record.get("warc-target-uri").strip("<>")
    status, headers = read_head(head)
    answer = Capture(
        url=record.get("dibao-visit-uri") or url,
        final_url=record.get("dibao-final-uri") or url,
        captured_at=at,
        status=status,
        headers=headers,
        ref=ref,
        brought=_brought(record),
    )
    try:
        return replace(answer, body=body_of(answer, payload))
    except BROKEN as error:
        return replace(answer, failure=Failure(trouble=Trouble.ENCODING, detail=str(error)))


def _resource(record: _Record, at: datetime, ref: Ref) -> Capture:
    """Return what a file that a person brought holds: the page in it, whatever it was packed in."""
    target, file = record.get("warc-target-uri").strip("<>"), unfold(record.block)
    url = record.get("dibao-final-uri") or target
    return Capture(
        url=record.get("dibao-visit-uri") or url,
        final_url=url,
        captured_at=at,
        headers=(("Content-Type", file.page_type),),
        body=file.page,
        ref=ref,
        brought=_brought(record),
    )


def _brought(record: _Record) -> Brought | None:
    """Return the mark of a record that a person brought; None for our own."""
    said = record.get("dibao-brought")
    return Brought(said) if said in list(Brought) else None


def _failed(record: _Record, ref: Ref) -> Capture:
    said = json.loads(record.block)
    return Capture(
        url=said["url"],
        final_url=said["final_url"],
        captured_at=datetime.fromisoformat(said["at"]),
        status=said["status"],
        headers=tuple((name, value) for name, value in said["headers"]),
        failure=Failure(trouble=Trouble(said["failure"]["trouble"]), detail=said["failure"]["detail"]),
        ref=ref,
    )


def moment(date: str) -> datetime | None:
    """Return the time that a WARC-Date stands for, or None."""
    try:
        return datetime.fromisoformat(date).astimezone(UTC)
    except ValueError:
        return None
