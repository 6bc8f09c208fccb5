"""Readers in processes of their own: small feeds are sent together, and a bad one costs no other."""

import multiprocessing
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from dibao.archive.rulefiles import Places
from dibao.model import Capture, Kind, Source, Visit
from dibao.workers import TOGETHER, Workers

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)


class Bomb(bytes):
    """Bytes that end the process which reads them."""

    def __getitem__(self, key: object) -> NoReturn:
        os._exit(1)


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(1)
    yield workers
    workers.close()


def answer(number: int, body: bytes | None = None) -> tuple[Visit, Capture]:
    url = f"http://paper{number}.test/feed"
    item = f"<item><title>第{number}則</title><link>{url}/1</link></item>"
    feed = f'<rss version="2.0"><channel><title>P</title>{item}</channel></rss>'.encode()
    visit = Visit(id=number, url=url, kind=Kind.FEED, source=Source(id=number, name="P", url=url))
    capture = Capture(
        url=url, final_url=url, captured_at=NOW, status=200, body=feed if body is None else body
    )
    return visit, capture


def test_every_answer_is_told_with_what_it_says_itself(workers: Workers) -> None:
    asked = [answer(number) for number in range(5 * TOGETHER)]
    told = [each for batch in workers.read(iter(asked)) for each in batch]
    assert sorted(visit.id for visit, _, _ in told) == [visit.id for visit, _ in asked]
    for visit, capture, reading in told:
        assert capture.url == visit.url
        assert reading.feed is not None
        assert [entry.title for entry in reading.feed.entries] == [f"第{visit.id}則"]


def test_a_rule_that_comes_while_they_work_counts_for_the_next_page(tmp_path: Path) -> None:
    lines = "".join(f"<p>The council heard {n} people on the new quay of the harbour.</p>" for n in range(9))
    offer = "<p class=offer>Four weeks of the paper for the price of one, and delivered before breakfast.</p>"
    body = f"<title>Quay</title><article>{lines}{offer}{lines}</article>".encode()
    url = "http://paper.test/1"
    visit = Visit(url=url, kind=Kind.ARTICLE, source=Source(name="P", url="http://paper.test/feed"))
    page = Capture(url=url, final_url=url, captured_at=NOW, status=200, body=body)
    workers = Workers(1, rules=Places(archive=str(tmp_path)))
    try:
        texts = []
        for rule in (None, "[[rule]]\nstrip = ['.offer']\n"):
            if rule:
                (tmp_path / "rules").mkdir()
                (tmp_path / "rules" / "paper.test.toml").write_text(rule, encoding="utf-8")
            ((_, _, reading),) = [each for batch in workers.read(iter([(visit, page)])) for each in batch]
            assert reading.article is not None
            texts.append(reading.article.text)
    finally:
        workers.close()
    assert ["Four weeks" in text for text in texts] == [True, False]


def test_readers_that_somebody_ends_while_they_are_idle_are_replaced() -> None:
    others = set(multiprocessing.active_children())
    workers = Workers(2)
    try:
        for number in range(3):
            ((told,),) = workers.read(iter([answer(number)]))
            assert told[2].feed is not None
            for process in set(multiprocessing.active_children()) - others:
                process.kill()
                process.join()
    finally:
        workers.close()


def test_a_feed_that_ends_its_reader_costs_none_of_those_it_was_sent_with(workers: Workers) -> None:
    asked = [answer(number, Bomb(b"<rss/>") if number in (9, 14) else None) for number in range(30)]
    told = {visit.id: reading for batch in workers.read(iter(asked)) for visit, _, reading in batch}
    assert sorted(told) == list(range(30))
    lost = [number for number, reading in told.items() if reading.feed is None]
    assert sorted(lost) == [9, 14]
    assert all("its bytes are kept" in (told[number].error or "") for number in lost)
