"""Answers that come in: few bytes stay in memory, many stand in a file without a name."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dibao.fetch.decode import Decoder, Trip
from dibao.fetch.limits import IN_MEMORY, LARGE, Limits
from dibao.fetch.spool import Parcel, Spool
from dibao.fetch.wire import Tape
from dibao.model import Capture, Exchange, Trouble

AT = datetime(2026, 3, 4, 8, tzinfo=UTC)
TEXT = bytes(range(256)) * (LARGE // 128)  # two MiB


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def filled(folder: Path, size: int, step: int) -> Spool:
    spool = Spool(folder)
    for start in range(0, size, step):
        spool.write(TEXT[start : min(start + step, size)])
    return spool


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, len(TEXT)])
@pytest.mark.parametrize("step", [1000, IN_MEMORY, len(TEXT)])
def test_what_was_taken_is_read_back(tmp_path: Path, size: int, step: int) -> None:
    spool = filled(tmp_path, size, step)
    assert len(spool) == size
    assert spool.read() == TEXT[:size]
    assert spool.read(300, 1000) == TEXT[:size][300:1300]
    assert bytes(spool.start) == TEXT[: min(size, IN_MEMORY)]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [10, IN_MEMORY, len(TEXT)])
@pytest.mark.parametrize("end", [0, 5, IN_MEMORY - 1, IN_MEMORY + 1])
def test_what_is_cut_off_is_gone_and_what_follows_stands_in_its_place(
    tmp_path: Path, size: int, end: int
) -> None:
    spool = filled(tmp_path, size, 50_000)
    spool.cut(end)
    spool.write(b"and on")
    assert spool.read() == TEXT[: min(size, end)] + b"and on"
    assert bytes(spool.start) == spool.read(0, IN_MEMORY)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_a_file_is_gone_with_the_last_who_holds_it(tmp_path: Path) -> None:
    before = open_files()
    spools = [filled(tmp_path, len(TEXT), LARGE) for _ in range(3)]
    assert open_files() == before + 3
    del spools
    assert open_files() == before


@pytest.mark.parametrize("size", [10, len(TEXT)])
def test_a_parcel_holds_what_was_put_in(tmp_path: Path, size: int) -> None:
    said = Exchange(
        url="http://a.test/", at=AT, request=b"GET", response=b"HTTP/1.1 200 OK", address="1.2.3.4"
    )
    capture = Capture(
        url="http://a.test/", final_url="http://a.test/", captured_at=AT, body=TEXT[:size], exchanges=(said,)
    )
    parcel = Parcel(capture, tmp_path)
    assert parcel.weight == 1 + size // LARGE
    assert parcel.take() == capture


def test_a_large_capture_stays_in_memory_where_the_disk_has_no_room(tmp_path: Path) -> None:
    capture = Capture(url="http://a.test/", final_url="http://a.test/", captured_at=AT, body=TEXT)
    assert Parcel(capture, tmp_path / "nowhere").take() is capture


def test_an_answer_that_the_disk_has_no_room_for_is_not_taken(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    decoder = Decoder("", Limits(), nowhere)
    with pytest.raises(Trip) as trip:
        decoder.feed(TEXT)
    assert trip.value.failure.trouble is Trouble.SIZE
    assert os.strerror(errno.ENOENT) in trip.value.failure.detail
    tape = Tape(Limits(), nowhere)
    tape.take(b"HTTP/1.1 200 OK\r\n\r\n" + TEXT)
    assert tape.trip
    assert tape.trip.failure.trouble is Trouble.SIZE
