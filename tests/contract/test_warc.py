"""What the WARC files promise: exact bytes, readable by others, sound after any cut."""

import gzip
import os
import resource
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from dibao.archive.warc import WarcWriter, captures, cut, read_capture, sound_end, stood_at
from dibao.errors import ArchiveError
from dibao.model import Capture, Exchange, Failure, Ref, Trouble

AT = datetime(2026, 11, 22, 23, 59, 59, 123456, tzinfo=UTC)
PAGE = "<p>港口晚報：渡輪停航</p>".encode() * 20
GET = b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-Note: r\xc3\xa9sum\xc3\xa9\r\nContent-Length: %d\r\n\r\n"
)


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def exchange(url: str, response: bytes, at: datetime = AT) -> Exchange:
    return Exchange(url=url, at=at, request=GET, response=response, address="127.0.0.1")


def page(url: str = "http://a.test/", body: bytes = PAGE, at: datetime = AT) -> Capture:
    packed = zipped(body)
    head = HEAD % len(packed)
    headers = (("Content-Encoding", "gzip"), ("X-Note", "résumé"), ("Content-Length", str(len(packed))))
    return Capture(
        url=url,
        final_url=url,
        captured_at=at,
        status=200,
        headers=headers,
        body=body,
        exchanges=(exchange(url, head + packed, at),),
    )


def moved(url: str = "http://a.test/old") -> Capture:
    """A capture with robots.txt and a redirect before its page."""
    robots = exchange("http://a.test/robots.txt", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    hop = exchange(url, b"HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n")
    there = page("http://a.test/new")
    return replace(there, url=url, exchanges=(robots, hop, *there.exchanges))


def failed(*exchanges: Exchange) -> Capture:
    failure = Failure(trouble=Trouble.BROKEN, detail="the answer stops short — 斷")
    url = "http://a.test/a b"
    headers = (("Retry-After", "5"),)
    return Capture(
        url=url,
        final_url=url,
        captured_at=AT,
        status=503,
        headers=headers,
        failure=failure,
        exchanges=exchanges,
    )


def write(root: Path, *captured: Capture, **settings: int) -> list[Capture]:
    writer = WarcWriter(root, **settings)
    try:
        return [writer.write(capture) for capture in captured]
    finally:
        writer.close()


def records(root: Path) -> list[tuple[str, str, bytes]]:
    """Return (type, address, whole block) of every record, as warcio reads them."""
    found = []
    for path in sorted(root.rglob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                target = record.rec_headers.get_header("WARC-Target-URI")
                found.append((record.rec_type, target, record.raw_stream.read()))
    return found


def warcio_check(root: Path) -> str:
    files = sorted(map(str, root.rglob("*.warc.gz")))
    command = Path(sys.executable).with_name("warcio")
    ran = subprocess.run([command, "check", "-v", *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


# --- what is written --------------------------------------------------------------------------------


def test_every_hop_is_kept_byte_for_byte_and_the_page_stands_last(tmp_path: Path) -> None:
    capture = moved()
    write(tmp_path, capture)
    info, *rest = records(tmp_path)
    assert info[0] == "warcinfo"
    expected = [
        row
        for hop in capture.exchanges
        for row in (("request", hop.url, hop.request), ("response", hop.url, hop.response))
    ]
    assert rest == expected


def test_other_tools_find_every_digest_right(tmp_path: Path) -> None:
    odd = exchange("http://a.test/%E5%A0%B1?報", b"\x00\xff no http at all\r\n\r\n")
    cut_short = exchange("http://a.test/", b"HTTP/1.1 200 OK\r\nContent-Le")
    bare_lines = exchange("http://a.test/", b"HTTP/1.0 200 OK\nA: b\n\nbody")
    silent = exchange("http://a.test/", b"")
    odd_page = replace(page(), exchanges=(bare_lines,))
    first, *_ = write(
        tmp_path, page(), moved(), failed(), failed(odd), failed(cut_short), failed(silent), odd_page
    )
    writer = WarcWriter(tmp_path)
    writer.write(page(at=AT + timedelta(milliseconds=1)), same_as=first.ref)
    writer.close()
    said = warcio_check(tmp_path)
    assert said.count("digest pass") == 1 + 2 + 6 + 1 + 3 + 3 + 2 + 2 + 1
    assert "not checked (revisit)" in said


def test_files_stand_by_day_and_grow_to_a_size(tmp_path: Path) -> None:
    days = [page(at=AT + timedelta(seconds=n)) for n in (0, 0, 0, 1)]
    refs = [capture.ref.file for capture in write(tmp_path, *days, max_bytes=1500) if capture.ref]
    assert refs == [
        "warc/2026/11/dibao-20261122-0001.warc.gz",
        "warc/2026/11/dibao-20261122-0001.warc.gz",
        "warc/2026/11/dibao-20261122-0002.warc.gz",
        "warc/2026/11/dibao-20261123-0001.warc.gz",
    ]
    (again,) = write(tmp_path, page(), max_bytes=10_000)
    assert again.ref
    assert again.ref.file == refs[2]
    assert len(list(captures(tmp_path, refs[2]))) == 2
    warcio_check(tmp_path)


def test_days_of_other_years_find_their_place(tmp_path: Path) -> None:
    many = [page(at=datetime(2000 + n, 2, 1, tzinfo=UTC)) for n in range(12)] * 2
    written = write(tmp_path, *many)
    assert len(list((tmp_path / "warc").rglob("*.warc.gz"))) == 12
    assert [read_capture(tmp_path, c.ref).captured_at for c in written if c.ref] == [
        c.captured_at for c in many
    ]


def test_what_brings_nothing_new_is_not_written(tmp_path: Path) -> None:
    unchanged = replace(page(), status=304, body=b"")
    left_alone = Capture(url="http://a.test/", final_url="http://a.test/", captured_at=AT, status=429)
    assert write(tmp_path, unchanged, left_alone) == [unchanged, left_alone]
    assert not (tmp_path / "warc").exists()


def test_a_position_is_where_the_next_capture_begins(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path)
    begin = writer.position(AT)
    writer.write(moved())
    end = writer.position(AT)
    sizes = writer.sync()
    writer.close()
    assert sizes == {end.file: end.offset}
    assert (tmp_path / end.file).stat().st_size == end.offset
    assert [c.url for c in captures(tmp_path, begin.file, begin.offset)] == [moved().url]


def test_sync_speaks_of_files_that_were_ended_too(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, max_bytes=1)
    for _ in range(3):
        writer.write(page())
    sizes = writer.sync()
    assert sizes == {str(p.relative_to(tmp_path)): p.stat().st_size for p in tmp_path.rglob("*.gz")}
    assert len(sizes) == 3
    writer.close()


# --- what is read -----------------------------------------------------------------------------------


def test_a_capture_is_read_as_it_was_written(tmp_path: Path) -> None:
    given = [
        page(),
        moved(),
        failed(exchange("http://a.test/", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")),
        page("http://a.test/#!/part"),
        page("http://a.test/報?x=%20"),
        page(body=b""),
    ]
    written = write(tmp_path, *given)
    assert [read_capture(tmp_path, c.ref) for c in written if c.ref] == [
        replace(c, exchanges=()) for c in written
    ]
    (file,) = {c.ref.file for c in written if c.ref}
    assert list(captures(tmp_path, file)) == [replace(c, exchanges=()) for c in written]


def test_a_page_that_is_kept_already_is_only_referred_to(tmp_path: Path) -> None:
    (first,) = write(tmp_path, page())
    writer = WarcWriter(tmp_path)
    second = writer.write(page(at=AT + timedelta(hours=1)), same_as=first.ref)
    third = writer.write(page(at=AT + timedelta(hours=2)), same_as=second.ref)
    writer.close()
    assert [kind for kind, _, _ in records(tmp_path)].count("revisit") == 2
    assert [kind for kind, _, _ in records(tmp_path)].count("response") == 1
    for again in (second, third):
        assert again.ref
        assert read_capture(tmp_path, again.ref) == replace(again, exchanges=())
        (found,) = (c for c in captures(tmp_path, again.ref.file) if c.ref == again.ref)
        assert found == replace(again, exchanges=())
    heads = [block for kind, _, block in records(tmp_path) if kind == "revisit"]
    assert all(b"Content-Encoding: gzip" in head and head.endswith(b"\r\n\r\n") for head in heads)


def test_where_an_answer_came_from_is_told_by_its_head_alone(tmp_path: Path) -> None:
    given = [page(), moved(), page("http://a.test/報#!/part"), page("http://a.test/" + "a" * 8000)]
    written = write(tmp_path, *given, page("http://b.test/", os.urandom(10**6)))
    (again,) = write(tmp_path, page("http://c.test/"))
    writer = WarcWriter(tmp_path)
    referring = writer.write(replace(page("http://c.test/"), final_url="http://d.test/"), same_as=again.ref)
    writer.close()
    for capture in [*written, again, referring]:
        assert capture.ref
        assert stood_at(tmp_path, capture.ref) == read_capture(tmp_path, capture.ref).final_url
    assert stood_at(tmp_path, Ref(file=again.ref.file, offset=7)) is None  # type: ignore[union-attr]
    assert stood_at(tmp_path, Ref(file="warc/none.warc.gz", offset=0)) is None


def test_other_bytes_of_the_same_page_are_kept_in_full(tmp_path: Path) -> None:
    (first,) = write(tmp_path, page())
    packed = zstandard.compress(PAGE)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n"
    other = replace(
        page(),
        headers=(("Content-Encoding", "zstd"),),
        exchanges=(exchange("http://a.test/", head + packed),),
    )
    writer = WarcWriter(tmp_path)
    second = writer.write(other, same_as=first.ref)
    third = writer.write(page(), same_as=Ref(file="warc/lost.warc.gz", offset=7))
    writer.close()
    assert [kind for kind, _, _ in records(tmp_path)].count("response") == 3
    assert second.ref
    assert third.ref
    assert read_capture(tmp_path, second.ref).body == read_capture(tmp_path, third.ref).body == PAGE


def test_warcio_reads_the_page_through_its_encodings(tmp_path: Path) -> None:
    write(tmp_path, page())
    (path,) = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as file:
        bodies = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert bodies == [PAGE]


@pytest.mark.parametrize("order", ["request first", "response first"])
def test_a_file_made_elsewhere_is_read(tmp_path: Path, order: str) -> None:
    # Left in by tools that keep the body unpacked.
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + PAGE
    members = []
    for n in range(3):
        pair = [
            _foreign("request", n, f"<q{n}>", f"<r{n}>", GET),
            _foreign("response", n, f"<r{n}>", "", block),
        ]
        if order == "request first":  # as wget: the response names the request
            pair = [
                _foreign("request", n, f"<q{n}>", "", GET),
                _foreign("response", n, f"<r{n}>", f"<q{n}>", block),
            ]
        members += pair if order == "request first" else pair[::-1]
    (tmp_path / "x.warc.gz").write_bytes(b"".join(map(zipped, members)))
    found = list(captures(tmp_path, "x.warc.gz"))
    assert [c.url for c in found] == [f"http://b.test/{n}" for n in range(3)]
    assert {c.body for c in found} == {PAGE}


def _foreign(kind: str, n: int, id: str, beside: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <http://b.test/{n}>\r\nWARC-Record-ID: {id}\r\n"
    )
    head += f"WARC-Concurrent-To: {beside}\r\n" if beside else ""
    head += f"WARC-Date: 2020-01-02T03:04:05Z\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize("offset", [3, 10**9])
def test_a_place_that_holds_no_record_is_an_archive_error(tmp_path: Path, offset: int) -> None:
    (written,) = write(tmp_path, page())
    assert written.ref
    with pytest.raises(ArchiveError, match="backup"):
        read_capture(tmp_path, Ref(file=written.ref.file, offset=offset))
    with pytest.raises(ArchiveError, match="no answer"):
        read_capture(tmp_path, Ref(file=written.ref.file, offset=0))
    with pytest.raises(ArchiveError, match="can't be read"):
        read_capture(tmp_path, Ref(file="warc/none.warc.gz", offset=0))


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    (written,) = write(tmp_path, page())
    assert written.ref
    path = tmp_path / written.ref.file
    data = bytearray(path.read_bytes())
    data[written.ref.offset + 100] ^= 4
    path.write_bytes(data)
    with pytest.raises(ArchiveError):
        read_capture(tmp_path, written.ref)


# --- what survives ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_file_cut_anywhere_is_sound_up_to_its_last_whole_record(tmp_path: Path) -> None:
    written = write(tmp_path, page(), moved(), failed())
    path = tmp_path / written[0].ref.file  # type: ignore[union-attr]
    whole = path.read_bytes()
    ends, rest = [0], whole
    while rest:
        stream = zlib.decompressobj(31)
        stream.decompress(rest)
        rest = stream.unused_data
        ends.append(len(whole) - len(rest))
    refs = [capture.ref.offset for capture in written if capture.ref]
    torn = tmp_path / "torn.warc.gz"
    for length in range(len(whole) + 1):
        torn.write_bytes(whole[:length])
        end = sound_end(torn)
        assert end == max(e for e in ends if e <= length)
        kept = [c.ref.offset for c in captures(tmp_path, "torn.warc.gz") if c.ref]
        assert kept == [offset for offset in refs if any(offset < e <= end for e in ends)]


@pytest.mark.parametrize("junk", [b"\0" * 99, b"\x1f\x8b\x08", b"\xff" * 99, zipped(b"x")[:-1], b"WARC/1.1"])
def test_junk_at_the_end_is_no_error(tmp_path: Path, junk: bytes) -> None:
    (written,) = write(tmp_path, page())
    assert written.ref
    path = tmp_path / written.ref.file
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(junk)
    assert sound_end(path, written.ref.offset) == size
    assert len(list(captures(tmp_path, written.ref.file))) == 1
    cut(path, size)
    assert path.stat().st_size == size
    (again,) = write(tmp_path, page())
    assert again.ref == Ref(file=written.ref.file, offset=again.ref.offset if again.ref else 0)
    warcio_check(tmp_path)


def test_a_whole_member_that_is_no_record_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(zipped(b"hello") + zipped(b"WARC/1.1\r\nContent-Length: 99\r\n\r\nshort"))
    assert sound_end(path) == path.stat().st_size
    assert list(captures(tmp_path, "x.warc.gz")) == []


def test_a_file_that_lost_what_was_kept_is_an_archive_error(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"abc")
    with pytest.raises(ArchiveError, match="shorter"):
        cut(path, 4)
    assert path.read_bytes() == b"abc"


def test_a_full_disk_says_what_to_do_and_leaves_whole_records(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.contract.test_warc import AT, page
from dibao.archive.warc import WarcWriter
from dibao.errors import ArchiveError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
writer = WarcWriter(Path(sys.argv[1]))
try:
    for n in range(99):
        writer.write(page())
except ArchiveError as error:
    print(n, writer.position(AT).offset, error)
"""
    here = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(here)], capture_output=True, text=True, check=True
    )
    count, size, said = ran.stdout.split(" ", 2)
    assert "free some space" in said
    (path,) = tmp_path.rglob("*.warc.gz")
    assert path.stat().st_size == int(size) == sound_end(path)
    file = path.relative_to(tmp_path).as_posix()
    assert len(list(captures(tmp_path, file))) == int(count) > 2


def test_a_folder_that_is_not_ours_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("in the way")
    with pytest.raises(ArchiveError, match="permissions"):
        write(tmp_path, page())


def test_open_files_stay_few(tmp_path: Path) -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    writer = WarcWriter(tmp_path)
    for n in range(40):
        writer.write(page(at=AT + timedelta(days=n)))
    if before:
        assert len(os.listdir("/proc/self/fd")) - before <= 8 < soft
    writer.close()


def test_a_brotli_body_passes_warcio_check_in_this_very_environment(tmp_path: Path) -> None:
    import brotlicffi

    body = brotlicffi.compress(b"<p>the page</p>")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    url, at = "http://wire.test/br", datetime(2026, 3, 4, tzinfo=UTC)
    exchange = Exchange(
        url=url, at=at, request=b"GET /br HTTP/1.1\r\nHost: wire.test\r\n\r\n", response=head + body
    )
    writer = WarcWriter(tmp_path)
    kept = writer.write(
        Capture(
            url=url, final_url=url, captured_at=at, status=200, body=b"<p>the page</p>", exchanges=(exchange,)
        )
    )
    writer.close()
    assert kept.ref is not None
    command: list[str | Path] = [Path(sys.executable).with_name("warcio"), "check", tmp_path / kept.ref.file]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
