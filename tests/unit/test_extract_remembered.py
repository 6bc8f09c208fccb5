"""What short texts say is worked out once, within bounds."""

from dibao.extract.remembered import Remembered


def test_an_answer_is_worked_out_once() -> None:
    asked: list[str] = []
    known = Remembered(lambda text: asked.append(text) or len(text), 10)

    assert [known["byline"], known["byline"], known["date"]] == [6, 6, 4]
    assert asked == ["byline", "date"]


def test_all_answers_are_forgotten_where_there_are_too_many() -> None:
    known = Remembered(len, 3)

    assert [known[name] for name in ("a", "bb", "ccc", "dddd")] == [1, 2, 3, 4]
    assert dict(known) == {"dddd": 4}


def test_the_answer_about_a_long_text_is_not_kept() -> None:
    known = Remembered(len, 3)

    assert known["x" * 5000] == 5000
    assert dict(known) == {}
