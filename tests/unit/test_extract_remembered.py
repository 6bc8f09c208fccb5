"""What is remembered from page to page takes no more room than a few short names do."""

import gc

import pytest

from dibao.extract import read_page
from dibao.extract.remembered import LONGEST, Remembered


def test_an_answer_is_asked_for_once() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    known = Remembered(length, 9)
    assert [known["pier"], known["pier"], known["keeper"]] == [4, 4, 6]
    assert asked == ["pier", "keeper"]


def test_a_long_text_is_answered_and_not_remembered() -> None:
    known = Remembered(len, 9)
    assert known["x" * (LONGEST + 1)] == LONGEST + 1
    assert not known
    assert known["x" * LONGEST] == LONGEST
    assert len(known) == 1


def test_no_more_are_remembered_than_are_allowed() -> None:
    known = Remembered(len, 9)
    assert [known[str(number)] for number in range(95)] == [len(str(number)) for number in range(95)]
    assert 0 < len(known) <= 9


@pytest.mark.parametrize(
    "written",
    [
        "<p class='{}'>",
        "<p id='{}'>",
        "<a href=/a itemprop='{}' rel='{}'>",
        "<div class='related {}'><a href=/b>",
        "<h1>{}</h1>",
    ],
)
def test_pages_with_very_long_names_leave_nothing_behind(written: str) -> None:
    """A worker reads hundreds of thousands of pages before it ends."""
    text = "<p>The lighthouse on Gull Point will be run by volunteers from May, the port authority said.</p>"
    for number in range(3):
        name = f"mark{number} {'longname ' * 50_000}"
        body = f"<title>{name[:99]}</title><article>{text}{written.replace('{}', name)}Pier</article>"
        read_page(body.encode(), url="https://harbour.example/a/1")
    gc.collect()
    caches = [each for each in gc.get_objects() if isinstance(each, Remembered)]
    assert len(caches) >= 7
    assert max(len(key) for cache in caches for key in cache) <= LONGEST
