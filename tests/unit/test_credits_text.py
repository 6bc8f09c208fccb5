"""Credits in whole texts: photographs, notes, texts and HTML without credits, and hostile strings."""

import subprocess
import sys

import pytest

from dibao.extract.credits import credits, photo_credit, taken, without_credits
from dibao.model import Credits, Note

BODY = "橋今天重新開放。\n\n住戶都到場觀看。\n\n工程花了十四個月。"
STORY = f"（中央社記者王小明台北4日電）{BODY}（編輯：甲一／乙二）1150204"


def test_the_head_and_the_end_of_a_story_make_one() -> None:
    assert credits(STORY) == Credits(
        agency="中央社",
        place="台北",
        day=4,
        reporters=("王小明",),
        editors=("甲一", "乙二"),
        text_date="2026-02-04",
    )


def test_a_reporter_named_twice_is_one() -> None:
    made = credits(f"記者王小明／台北報導\n\n{BODY}\n\n（記者王小明）")
    assert made is not None
    assert made.reporters == ("王小明",)


def test_a_dateline_in_the_middle_is_a_quotation() -> None:
    middle = "\n\n".join([*["第一段。"] * 6, "（法新社巴黎4日電）他引述說。", *["最後一段。"] * 6])
    assert credits(middle) is None


def test_a_day_that_no_month_has_is_left_out() -> None:
    made = credits("TAIPEI, Feb. 45 (Reuters) — The bridge is open.")
    assert made is None or made.day is None


def test_a_note_keeps_its_words() -> None:
    said = "Correction: The bridge is 40 metres long (not 400)."
    made = credits(f"The bridge is open.\n\n{said}")
    assert made is not None
    assert made.notes == (Note(kind="correction", text=said),)


def test_a_note_in_brackets_before_the_text_is_only_the_brackets() -> None:
    made = credits(f"（更新：增加細節）{BODY}")
    assert made is not None
    assert made.notes == (Note(kind="update", text="（更新：增加細節）"),)


@pytest.mark.parametrize(
    ("caption", "wanted"),
    [
        ("港口的橋。圖為2020年3月舊橋。（中新社）", "2020-03"),
        ("圖為2020年3月4日的舊橋。", "2020-03-04"),
        ("FILE PHOTO: The old bridge, March 3, 2020. REUTERS/Jane Roe/File Photo", "2020-03-03"),
        ("Die alte Brücke am 4. März 2020 (Archivbild)", "2020-03-04"),
        ("El viejo puente, 4 de marzo de 2020 (foto de archivo)", "2020-03-04"),
        ("古い橋＝２０２０年３月（共同）", "2020-03"),
        ("The bridge on March 3, 2020. REUTERS/Jane Roe", None),
        ("圖為2020年13月舊橋。", None),
        ("", None),
    ],
)
def test_a_file_photo_says_when_it_was_taken(caption: str, wanted: str | None) -> None:
    assert taken(caption) == wanted


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "The old bridge.",
        "A map of the bridge (see page 4).",
        "The Getty museum in the rain.",
        "The photo shows the bridge: it is old.",
        "港口的橋今天重新開放。",
        "市長（左）與工程師（右）。",
        "圖為2026年2月4日的橋。",
        "攝影展今天開幕。",
        "Foto de familia del grupo de la ciudad",
        "La ministra tras la foto de familia de la reunión.",
        "Photo of the bridge by night.",
        "Source of the river: a spring.",
        "The credit: nobody knows whose it is and when it was taken.",
    ],
)
def test_a_caption_without_a_credit_has_none(caption: str) -> None:
    assert photo_credit(caption) == (None, False)


def test_a_text_without_its_credits_is_the_story() -> None:
    assert without_credits(STORY) == BODY


def test_a_line_of_credits_leaves_no_gap() -> None:
    text = f"記者王小明／台北報導\n\n{BODY}\n\n責任編輯：甲一"
    assert without_credits(text) == BODY


def test_html_without_its_credits_keeps_its_tags() -> None:
    html = (
        "<p><strong>BERLIN (AP) —</strong> The <em>bridge</em> &amp; the road are open.</p>"
        "<figure>x</figure><p>The end.</p>"
        "<p>(Reporting by Jane Roe; Editing by <a href='https://x.example/'>John Doe</a>)</p>"
    )
    left = "<p>The <em>bridge</em> &amp; the road are open.</p><figure>x</figure><p>The end.</p>"
    assert without_credits(html) == left


def test_notes_of_corrections_stay_in_the_text() -> None:
    text = "The bridge is open.\n\nCorrection: It is 40 metres long."
    assert without_credits(text) == text


def test_a_text_without_credits_stays_as_it_is() -> None:
    assert without_credits(BODY) == BODY
    assert without_credits(f"<p>{BODY}</p>") == f"<p>{BODY}</p>"


PIECES = (
    *(
        "(",
        "（",
        "[",
        "【",
        ")",
        "（記者",
        "（中央社",
        "王",
        "王小明、",
        "記者王小明／",
        "編輯：",
        "編輯：王 ",
    ),
    *(
        "編輯：",
        "編輯：王 ",
        "A ",
        "Ab",
        "Jane Roe, ",
        "By Jane Roe and ",
        "Reporting by Jane Roe; ",
        "BERLIN (AP) - ",
        "(AP) ",
    ),
    *("Berlin/", "Feb. 4 ", " ", "\u3000", "\n", "\n\n", "\t", "中央社記者", "新华社北京2月", "홍길수 "),
    *("홍길수 기자 ", "a@b.", "【東京＝", "資料照", "圖／", "Foto: ", "© ", "/AFP", "Update ", "Correction"),
    *("更新於", "・", "·", "－", "<p>", "<", "&amp;", "1120204"),
)
WORK = f"""
from dibao.extract.credits import bilingual, credits, photo_credit, taken, without_credits

for piece in {PIECES!r}:
    long = piece * (100_000 // len(piece))
    twice, short = long + "\\n\\n" + long, "x\\n\\n" + long[:390] + ")"
    for text in (long, "（" + long, long + "）", "By " + long, twice, short):
        credits(text), bilingual(text), photo_credit(text), taken(text)
        without_credits(text), without_credits("<p>" + text + "</p>")
print("done")
"""


@pytest.mark.slow
def test_no_string_of_a_hundred_thousand_letters_takes_long() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout == "done\n"
