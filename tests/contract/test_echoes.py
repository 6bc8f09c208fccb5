"""What an entry says again is passed over, and that changes nothing of what is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from dibao import pipeline
from dibao.model import Outcome, Visit
from tests.contract.test_archive import FEED, NOW, Shelf, captured

HOUR = timedelta(hours=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.archive.close()


def item(guid: str, link: str, title: str, text: str, date: datetime) -> str:
    return (
        f"<item><guid>{guid}</guid><link>{link}</link><title>{title}</title><description>{text}</description>"
        f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
    )


def feeds(chance: Random, polls: int) -> Iterator[str]:
    """Yield a feed poll after poll: entries come, change and go, and some share a link or a guid."""
    items: list[list[str]] = []
    for poll in range(polls):
        for n in range(chance.randint(0, 4)):
            name = f"{poll}-{n}"
            link = "http://wire.test/same" if chance.random() < 0.08 else f"http://wire.test/a/{name}"
            guid = "0" if chance.random() < 0.08 else f"g{name}"
            items.insert(0, [guid, link, f"第{name}則", f"內容{name}"])
        for each in items:
            if chance.random() < 0.1:
                each[3] += "改"
            if chance.random() < 0.03:
                each[1] += "?p=2"
        if chance.random() < 0.2:
            chance.shuffle(items)
        items = items[: chance.choice((6, 8, 8, 8))]
        dated = (
            item(guid, link, title, text, date=NOW - HOUR * len(text)) for guid, link, title, text in items
        )
        yield f'<rss version="2.0"><channel><title>社</title>{"".join(dated)}</channel></rss>'


def poll(shelf: Shelf, body: str, now: datetime, *, hears_echoes: bool) -> tuple[Visit, Outcome]:
    """Poll a source and return the visit with what it changed."""
    (visit,) = (each for each in shelf.due(now) if each.kind == "feed")
    if visit.rhythm and not hears_echoes:
        visit = replace(visit, rhythm=replace(visit.rhythm, kept=()))
    kept = shelf.archive.keep(visit, captured(visit.url, body, 200, now))
    (outcome,) = shelf.archive.settle([(visit, kept, pipeline.read(visit, kept))], pipeline.judge, now)
    return visit, outcome


@pytest.mark.parametrize("feed_only", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_kept_is_the_same_with_echoes_and_without(seed: int, feed_only: bool, tmp_path: Path) -> None:
    shelves = []
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
        shelves.append(Shelf(tmp_path / name))
        shelves[-1].subscribe(feed_only=feed_only, every=3600, steady=True)
    heard = 0
    for number, body in enumerate(feeds(Random(f"echo {seed}"), 14)):
        now = NOW + number * (HOUR + timedelta(minutes=3))
        told = []
        for shelf, hears in zip(shelves, (True, False), strict=True):
            visit, outcome = poll(shelf, body, now, hears_echoes=hears)
            heard += hears and bool(visit.rhythm and visit.rhythm.kept)
            rhythm = outcome.visit.rhythm
            assert rhythm is not None
            told.append(
                (
                    sorted((each.key or "", each.url, each.announced) for each in outcome.found),
                    sorted((each.key, each.number, each.verdict, each.digest) for each in outcome.revisions),
                    sorted(outcome.identities),
                    outcome.gap,
                    outcome.error,
                    replace(rhythm, kept=()),
                    outcome.visit.due,
                )
            )
        assert told[0] == told[1]
    assert heard > 6
    for shelf in shelves:
        shelf.archive.close()


def test_an_echo_asks_nothing_of_the_archive(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    (visit,) = (each for each in shelf.due(NOW + 3 * HOUR) if each.kind == "feed")
    same = pipeline.read(visit, captured(visit.url, FEED.format("初稿")))
    assert (same.names, [bool(keys) for keys in same.echoes]) == ((), [True, True])
    edited = pipeline.read(visit, captured(visit.url, FEED.format("改稿")))
    assert [bool(keys) for keys in edited.echoes] == [False, True]
    assert edited.feed is not None
    assert [entry.summary or entry.content for entry in edited.feed.entries] == ["改稿", None]


def test_where_all_is_to_be_told_anew_there_are_no_echoes(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    (visit,) = (each for each in shelf.due(NOW + 3 * HOUR) if each.kind == "feed")
    anew = pipeline.read(replace(visit, digest=None), captured(visit.url, FEED.format("初稿")))
    assert anew.echoes == ()
    assert len(anew.names) > 2


def test_an_article_of_a_source_that_is_asked_no_more_is_taken_over_though_its_entry_is_the_same(
    shelf: Shelf,
) -> None:
    first = shelf.subscribe()
    second = shelf.subscribe(name="第二社", url="http://wire.test/second")
    for visit in shelf.due():
        shelf.answer(visit, FEED.format("初稿"))
    shelf.sources.change(first, NOW, state="removed")
    later = NOW + 3 * HOUR
    (visit,) = (each for each in shelf.due(later) if each.kind == "feed")
    assert visit.source.id == second.id
    outcome = shelf.answer(visit, FEED.format("初稿"), now=later)
    assert {found.source.id for found in outcome.found} == {second.id}


def test_a_source_whose_pages_are_wanted_from_now_on_has_no_echoes(shelf: Shelf) -> None:
    source = shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    shelf.sources.change(source, NOW, feed_only=False)
    later = NOW + 3 * HOUR
    (visit,) = (each for each in shelf.due(later) if each.kind == "feed")
    outcome = shelf.answer(visit, FEED.format("改稿"), now=later)
    assert sorted(found.url for found in outcome.found) == ["http://wire.test/a/1", "http://wire.test/a/2"]
