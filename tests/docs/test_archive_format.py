"""The archive can be read with what its documentation says, and nothing else."""

import gzip
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dibao import demo, model
from dibao.archive.database import Database, migrations
from dibao.archive.records import resource
from dibao.archive.warc import WarcWriter, read_capture
from dibao.model import Brought, Capture, Exchange, Failure, Trouble

PAGE = (Path(__file__).parents[2] / "docs" / "archive-format.md").read_text(encoding="utf-8")
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
TEXT = b"<p>A page that was kept.</p>"


def script() -> str:
    """Return the one Python script of the page."""
    (found,) = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.M | re.S)
    return str(found)


def read(tmp_path: Path, *arguments: str) -> bytes:
    """Return what the script prints, run without any package but the standard library."""
    (tmp_path / "read.py").write_text(script(), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(tmp_path / "read.py"), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def page_of_the_script() -> Callable[..., bytes]:
    """Return the script's function that finds a captured page."""
    names: dict[str, Any] = {"__name__": "read"}
    exec(script(), names)
    found: Callable[..., bytes] = names["page"]
    return found


def test_every_column_is_documented(tmp_path: Path) -> None:
    Database(tmp_path / "archive.db").close()
    database = sqlite3.connect(tmp_path / "archive.db")
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    columns = f"SELECT t.name, c.name FROM ({tables}) t, pragma_table_info(t.name) c"
    found = database.execute(columns).fetchall()
    database.close()
    assert len(found) > 60
    for table, column in found:
        rest = PAGE.partition(f"### {table}")[2] or PAGE.partition("### changes, consumers")[2]
        section = rest.partition("\n### ")[0]
        assert f"`{column}`" in section, f"{table}.{column}"
    assert f"number of the schema, now {len(migrations())}" in PAGE


@pytest.mark.parametrize(
    "noun",
    [
        model.Article,
        model.Credits,
        model.Note,
        model.Link,
        model.Media,
        model.Entry,
        model.Enclosure,
        model.Headline,
    ],
)
def test_every_json_field_is_documented(noun: type) -> None:
    values = PAGE.partition("### The JSON values")[2].partition("### Digests")[0]
    for field in fields(noun):
        assert f"`{field.name}`" in values, field.name


def test_every_trouble_and_verdict_is_documented() -> None:
    said = {*model.Trouble, *model.State, *model.Verdict} - {model.Verdict.SAME}
    assert not {word for word in said if f"`{word}`" not in PAGE}


@pytest.mark.slow
def test_a_demo_archive_is_read_without_dibao(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    list(demo.run(folder))
    database = sqlite3.connect(folder / "archive.db")
    keys = [key for (key,) in database.execute("SELECT key FROM articles ORDER BY at, key")]
    versions = database.execute("SELECT key, number, verdict FROM revisions").fetchall()
    title, key = database.execute(
        "SELECT article_json ->> 'title', key FROM revisions WHERE number = 2"
    ).fetchone()
    database.close()

    lines = read(tmp_path, str(folder)).decode().splitlines()
    assert [line.split()[0] for line in lines if line[0] != " "] == keys
    listed = [line.split()[2] for line in lines if line[0] == " "]
    assert sorted(listed) == sorted(verdict for _, _, verdict in versions)
    assert {"new", "changed", "gone"} <= set(listed)
    assert any(title in line for line in lines)

    page = read(tmp_path, str(folder), key)
    assert page.lstrip().lower().startswith(b"<!doctype html")
    assert title.encode() in page


def kept(folder: Path, *captures: Capture) -> list[Capture]:
    """Write captures down, each after the first as the same bytes as the first, if they are."""
    writer = WarcWriter(folder)
    done: list[Capture] = []
    for capture in captures:
        done.append(writer.write(capture, same_as=done[0].ref if done else None))
    writer.close()
    return done


def answered(response: bytes) -> Capture:
    """Return a capture of these bytes."""
    url = "http://example.test/1"
    exchange = Exchange(url=url, at=NOW, request=b"GET /1 HTTP/1.1\r\n\r\n", response=response)
    return Capture(url=url, final_url=url, captured_at=NOW, status=200, exchanges=(exchange,))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(TEXT), TEXT)


def test_a_page_in_chunks_and_one_kept_before_are_read(tmp_path: Path) -> None:
    first, again = kept(tmp_path, answered(CHUNKED), answered(CHUNKED))
    assert again.ref is not None
    with gzip.open(tmp_path / again.ref.file) as warc:
        assert warc.read().count(b"WARC-Type: revisit") == 1
    for capture in (first, again):
        assert capture.ref is not None
        assert page_of_the_script()(tmp_path, capture.ref.file, capture.ref.offset) == TEXT
        assert read_capture(tmp_path, capture.ref).body == TEXT


def test_a_failure_says_why(tmp_path: Path) -> None:
    failure = Failure(trouble=Trouble.DNS, detail="no such name")
    url = "http://example.test/1"
    (capture,) = kept(tmp_path, Capture(url=url, final_url=url, captured_at=NOW, failure=failure))
    assert capture.ref is not None
    assert b'"no such name"' in page_of_the_script()(tmp_path, capture.ref.file, capture.ref.offset)


def test_a_page_that_a_person_saved_is_read(tmp_path: Path) -> None:
    url = "http://example.test/1"
    capture = Capture(url=url, final_url=url, captured_at=NOW, body=TEXT, brought=Brought.SAVED)
    writer = WarcWriter(tmp_path)
    kept = writer.bring(capture, [resource(capture, TEXT, "text/html")], NOW)
    writer.close()
    assert kept.ref is not None
    assert page_of_the_script()(tmp_path, kept.ref.file, kept.ref.offset) == TEXT
    assert read_capture(tmp_path, kept.ref).brought is Brought.SAVED
