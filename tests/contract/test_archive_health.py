"""What an archive remembers of how well its sources do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dibao import pipeline
from dibao.archive.library import AT_ONCE, Standing
from dibao.model import Got, Harvest, Kind, Pulse, Source, Verdict
from tests.contract.test_archive import FEED, NOW, Shelf, captured, page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.archive.close()


def poll(shelf: Shelf, now: datetime, body: str, *, until: datetime | None = None) -> None:
    """Settle an answer to the one source's poll."""
    visit = shelf.library.polls()[1]
    capture = replace(captured(visit.url, body, at=now), certified_until=until)
    kept = shelf.archive.keep(visit, capture)
    shelf.archive.settle([(visit, kept, pipeline.read(visit, kept))], pipeline.judge, now)


def standing(shelf: Shelf, source: Source) -> Standing:
    """Return how one source stands."""
    (found,) = shelf.library.standings([source])
    return found


def test_what_polls_and_pages_brought_is_kept_with_the_answers(shelf: Shelf) -> None:
    source = shelf.subscribe()
    assert standing(shelf, source)[3:] == (Pulse(), Harvest())
    poll(shelf, NOW, FEED.format("摘要"), until=NOW + 9 * DAY)
    good, bad = (visit for visit in shelf.due() if visit.kind is Kind.ARTICLE)
    shelf.answer(good, page("內文"))
    shelf.answer(bad, "no", status=403)
    *_, last_ok, pulse, harvest = standing(shelf, source)
    assert last_ok == NOW
    assert (pulse.fresh_at, pulse.certified_until) == (NOW, NOW + 9 * DAY)
    assert [look.got for look in harvest.looks] == [Got.WHOLE, Got.UNANSWERED]
    assert harvest.looks[0].letters > 100


def test_a_poll_of_the_same_day_that_brings_nothing_writes_nothing(shelf: Shelf) -> None:
    shelf.subscribe()
    poll(shelf, NOW, FEED.format("摘要"))
    shelf.database.run("CREATE TRIGGER no BEFORE UPDATE ON health BEGIN SELECT raise(ABORT, 'written'); END")
    for hours in (1, 2, 3):
        poll(shelf, NOW + hours * HOUR, FEED.format("摘要"))
    with pytest.raises(Exception, match="written"):
        poll(shelf, NOW + DAY, FEED.format("摘要"))


def test_a_second_look_at_an_article_is_not_counted_again(shelf: Shelf) -> None:
    source = shelf.subscribe()
    poll(shelf, NOW, FEED.format("摘要"))
    for visit in shelf.due():
        shelf.answer(visit, "no", status=500)
    for visit in shelf.due(NOW + 2 * HOUR):
        if visit.kind is Kind.ARTICLE:
            outcome = shelf.answer(visit, page(f"內文{visit.id}"), now=NOW + 2 * HOUR)
            assert [each.verdict for each in outcome.revisions] == [Verdict.COMPLETED]
    assert [look.got for look in standing(shelf, source).harvest.looks] == [Got.UNANSWERED] * 2


def test_sources_stand_in_the_order_asked_for_also_those_that_nobody_polls(shelf: Shelf) -> None:
    source = shelf.subscribe()
    poll(shelf, NOW, FEED.format("摘要"))
    kept = Source(id=99, name="Kept", url="dibao:kept", kind="kept")
    many = [kept, source] * AT_ONCE
    found = list(shelf.library.standings(many))
    assert [each.source for each in found] == many
    assert [each.poll is None for each in found] == [True, False] * AT_ONCE


def test_a_standing_holds_all_of_a_visit_but_the_keys_of_the_last_window(shelf: Shelf) -> None:
    source = shelf.subscribe()
    poll(shelf, NOW, FEED.format("摘要"))
    whole = shelf.library.polls()[source.id]
    assert whole.rhythm is not None
    assert whole.rhythm.window
    assert standing(shelf, source).poll == replace(whole, rhythm=replace(whole.rhythm, window=(), kept=()))


def test_of_a_feed_that_is_empty_now_a_standing_tells_that_it_was_not_always(shelf: Shelf) -> None:
    source = shelf.subscribe()
    poll(shelf, NOW, FEED.format("摘要"))
    poll(shelf, NOW + HOUR, "<rss version='2.0'><channel><title>x</title></channel></rss>")
    visit = standing(shelf, source).poll
    assert visit is not None
    assert visit.rhythm is not None
    assert (visit.rhythm.size, bool(visit.rhythm.window)) == (0, True)
