"""Which picture to ask for next, and what an answer to its address means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dibao.decide import judge
from dibao.model import (
    Article,
    Capture,
    Failure,
    Kind,
    Media,
    Outcome,
    Picture,
    Reading,
    Ref,
    Revision,
    Source,
    Trouble,
    Verdict,
    Visit,
)
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
SOURCE = Source(id=1, name="青楓社", url="http://wire.test/feed")
LARGE, MIDDLE, SMALL = (f"http://wire.test/{name}.jpg" for name in ("l", "m", "s"))
REF = Ref(file="warc/a.warc.gz", offset=7)
SOUND = Reading(media_type="image/jpeg", size=(800, 600))


def known(*kept: str, media: Media | None = None) -> Known:
    """Return what is known of an article that shows one picture, offered at three addresses."""
    shown = media or Media(url=LARGE, candidates=(LARGE, MIDDLE, SMALL))
    revision = Revision(
        key="k",
        number=1,
        seen_at=NOW,
        verdict=Verdict.NEW,
        digest="",
        article=Article(title="渡輪", html="", text="", media=(shown,)),
        entry=None,
        source=SOURCE,
        made_by="",
    )
    return Known(
        source=SOURCE,
        identities={},
        visits={},
        revisions={"k": revision},
        headlines={},
        pictures={url: Picture(url=url, digest="d", type="image/jpeg", ref=REF) for url in kept},
    )


def answer(
    url: str,
    knows: Known,
    *,
    status: int | None = 404,
    trouble: Trouble | None = None,
    reading: Reading | None = None,
    failures: int = 0,
) -> Outcome:
    """Return the outcome of asking one address."""
    visit = Visit(id=1, url=url, kind=Kind.MEDIA, source=SOURCE, key="k", due=NOW, failures=failures)
    failure = Failure(trouble=trouble, detail="so it is") if trouble else None
    capture = Capture(
        url=url, final_url=url, captured_at=NOW, status=status, failure=failure, body=b"123", ref=REF
    )
    return judge(visit, capture, reading or Reading(), knows, NOW)


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (404, None),
        (410, None),
        (403, None),
        (200, None),
        (None, Trouble.URL),
        (None, Trouble.BLOCKED),
        (None, Trouble.ROBOTS),
        (301, Trouble.REDIRECT),
        (200, Trouble.SIZE),
        (200, Trouble.ENCODING),
    ],
)
def test_where_waiting_won_t_help_the_next_is_asked_at_once_and_this_one_no_more(
    status: int | None, trouble: Trouble | None
) -> None:
    outcome = answer(LARGE, known(), status=status, trouble=trouble)
    assert [(visit.url, visit.key, visit.due) for visit in outcome.found] == [(MIDDLE, "k", NOW)]
    assert outcome.visit.due is None
    assert outcome.error


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (500, None),
        (503, None),
        (429, None),
        (None, Trouble.DNS),
        (None, Trouble.CONNECT),
        (None, Trouble.TIMEOUT),
        (200, Trouble.BROKEN),
        (403, Trouble.CHALLENGE),
    ],
)
def test_where_waiting_may_help_the_next_is_asked_after_the_second_failure(
    status: int | None, trouble: Trouble | None
) -> None:
    asked = [len(answer(LARGE, known(), status=status, trouble=trouble, failures=n).found) for n in range(4)]
    assert asked == [0, 1, 0, 0]
    assert answer(LARGE, known(), status=status, trouble=trouble).visit.due is not None


def test_the_last_candidate_is_tried_as_often_as_a_picture_that_stands_alone() -> None:
    for url, knows in ((SMALL, known()), (LARGE, known(media=Media(url=LARGE)))):
        dues = [answer(url, knows, failures=n).visit.due for n in range(6)]
        assert [due is None for due in dues] == [False] * 5 + [True]
        assert answer(url, knows).found == ()


def test_a_candidate_that_comes_is_kept_at_its_address_and_at_the_one_that_is_shown() -> None:
    outcome = answer(MIDDLE, known(), status=200, reading=SOUND)
    assert [(each.url, each.width, each.height, each.length) for each in outcome.pictures] == [
        (MIDDLE, 800, 600, 3),
        (LARGE, 800, 600, 3),
    ]


def test_a_smaller_candidate_that_came_before_the_larger_was_asked_gives_way_to_it() -> None:
    outcome = answer(LARGE, known(LARGE, MIDDLE), status=200, reading=SOUND)
    assert [each.url for each in outcome.pictures] == [LARGE]


def test_a_picture_that_is_kept_is_never_replaced_by_another_candidate() -> None:
    outcome = answer(MIDDLE, known(LARGE), status=200, reading=SOUND)
    assert [each.url for each in outcome.pictures] == [MIDDLE]
    late = answer(LARGE, known(LARGE, MIDDLE), status=200, reading=SOUND, failures=2)
    assert (late.pictures, late.visit.due) == ((), None)
    assert answer(LARGE, known(LARGE, MIDDLE), status=503).visit.due is None


def test_a_candidate_that_is_kept_already_stands_in_without_being_asked() -> None:
    outcome = answer(LARGE, known(MIDDLE))
    assert [(each.url, each.digest) for each in outcome.pictures] == [(LARGE, "d")]
    assert outcome.found == ()
    assert outcome.visit.due is None


def test_four_candidates_are_asked_at_most() -> None:
    urls = tuple(f"http://wire.test/{n}.jpg" for n in range(9))
    knows = known(media=Media(url=urls[0], candidates=urls))
    assert [len(answer(url, knows).found) for url in urls] == [1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_an_address_that_can_t_be_asked_is_no_candidate() -> None:
    knows = known(media=Media(url=LARGE, candidates=(LARGE, "ftp://wire.test/a.jpg", SMALL)))
    assert [visit.url for visit in answer(LARGE, knows).found] == [SMALL]


def test_sound_has_no_candidates() -> None:
    knows = known(media=replace(Media(url=LARGE, candidates=(LARGE, SMALL)), kind="audio"))
    assert answer(LARGE, knows).found == ()
