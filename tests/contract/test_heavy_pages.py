"""Pages that take a parser minutes, or all memory, end as what was read of them or as a recorded error."""

import os
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from dibao.extract.clean import to_text, write
from dibao.extract.tree import Tree
from dibao.hazards import objection
from dibao.model import Capture, Kind, Reading, Source, Visit
from dibao.workers import MEMORY, Workers
from tests.flow.loopback import hostile_server

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HEAVY: dict[str, Callable[[], str]] = {
    "five megabytes on one line": lambda: "word " * 1_000_000,
    "one word of five megabytes": lambda: "a" * 5_000_000,
    "Chinese on one line": lambda: "報導內容，" * 500_000,
    "empty paragraphs": lambda: "<p></p>" * 100_000,
    "empty elements": lambda: "<span></span>" * 149_000,
    "attributes": lambda: "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x",
    "attributes on many": lambda: ("<p " + " ".join(f"a{n}=1" for n in range(255)) + ">x</p>") * 400,
    "ampersands": lambda: "&" * 1_000_000,
    "ampersands apart": lambda: ("& " * 100 + "word ") * 5_000,
    "inline elements in each other": lambda: "<b>" * 30_000 + "x",
    "inline elements under the limit": lambda: ("<b>" * 500 + "x" + "</b>" * 500) * 30,
    "inline elements left open": lambda: "<i>" * 400 + "<p>x" * 30_000,
    "blocks in each other": lambda: "<div>" * 100_000,
    "blocks under the limit": lambda: "<div>" * 500 + "<p>Words to read, and more of them.</p>" * 1_000,
    "quotations under the limit": lambda: "<blockquote>" * 500 + "text " * 200_000,
    "cells": lambda: "<table><tr>" + "<td>x" * 100_000 + "</table>",
    "empty cells": lambda: "<table><tr><td>a" + "<td>" * 100_000 + "</table>",
    "rows": lambda: "<table>" + "<tr><td>x<td>y" * 50_000 + "</table>",
    "links": lambda: "<a href=/x>y</a>" * 300_000,
    "links under the limit": lambda: "".join(f"<a href=/{n}>y</a> " for n in range(140_000)),
    "items": lambda: "<ul>" + "<li>x" * 140_000 + "</ul>",
    "lists without items": lambda: "<ul><li>a" + "<ul>b</ul>" * 70_000,
    "line breaks": lambda: "x<br>" * 140_000,
    "headings": lambda: "<h2>x</h2>" * 100_000,
    "quotation marks": lambda: "<q>" * 500 + "x" + "</q>" * 500,
    "spaces": lambda: f"<p>a{' &nbsp;' * 9_000}b</p>" * 20,
}


def page(inside: str) -> bytes:
    return f"<html><title>P</title><body><article><p>Words.</p>{inside}</article></body></html>".encode()


def answer(number: int, body: bytes) -> tuple[Visit, Capture]:
    url = f"http://heavy.test/{number}"
    visit = Visit(
        id=number, url=url, kind=Kind.ARTICLE, source=Source(id=1, name="H", url="http://heavy.test/")
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return visit, Capture(url=url, final_url=url, captured_at=NOW, status=200, headers=headers, body=body)


def told(workers: Workers, bodies: list[bytes]) -> dict[int, Reading]:
    asked = (answer(number, body) for number, body in enumerate(bodies))
    return {visit.id or 0: reading for batch in workers.read(asked) for visit, _, reading in batch}


@pytest.fixture
def readers() -> Iterator[Workers]:
    made = Workers(2)
    yield made
    made.close()


def test_every_heavy_page_ends_as_an_article_or_an_error(readers: Workers) -> None:
    readings = told(readers, [page(heavy()) for heavy in HEAVY.values()])
    assert sorted(readings) == list(range(len(HEAVY)))
    silent = [name for n, name in enumerate(HEAVY) if not (readings[n].article or readings[n].error)]
    assert not silent
    assert not [name for n, name in enumerate(HEAVY) if "RecursionError" in str(readings[n].error)]


@pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
def test_every_hostile_page_ends_as_an_article_or_an_error(readers: Workers) -> None:
    with hostile_server(Path(os.environ["DIBAO_TEST_DATA"]) / "hostile/tools") as server:
        cases = server["cases"]
        assert isinstance(cases, list)
        urls = [case["url"] for case in cases if case["kind"] == "page"]
        bodies = []
        for url in urls:
            with urllib.request.urlopen(url, timeout=60) as response:
                bodies.append(response.read())
    readings = told(readers, bodies)
    assert len(urls) > 20
    silent = [url for n, url in enumerate(urls) if not (readings[n].article or readings[n].error)]
    assert not silent


class Greedy(bytes):
    """Bytes whose reader wants more memory than it may have."""

    def startswith(self, *what: object) -> NoReturn:
        raise AssertionError(len(bytearray(MEMORY)))


def test_a_page_that_wants_all_memory_is_an_error_and_costs_no_other(readers: Workers) -> None:
    ordinary = page("<p>The harbour ferries run again, said the company on Monday.</p>" * 5)
    readings = told(readers, [ordinary, Greedy(ordinary), ordinary])
    assert "512 MiB of memory" in str(readings[1].error)
    assert readings[0].article
    assert readings[2].article


@pytest.mark.parametrize("name", HEAVY)
def test_what_may_be_parsed_is_written_within_its_size(name: str) -> None:
    body = page(HEAVY[name]()).decode()
    if objection(body):
        return
    tree = Tree(body)
    written = write([tree.body] if tree.body else [], "https://heavy.test/")
    assert written.startswith("<p>Words.</p>")
    assert len(written) < 6 * len(body) + 1_000_000
    assert to_text(written).startswith("Words.")
