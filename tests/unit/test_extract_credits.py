"""Datelines, bylines and names of Chinese wire news, and what a text is written in."""

import pytest

from dibao.extract.credits import bilingual, credits, without_credits
from dibao.extract.language import language, normal
from dibao.model import Credits


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("（海風社台北4日電）今天", Credits(agency="海風社", place="台北", day=4)),
        (
            "（海風社記者王小明台北4日電）今天",
            Credits(agency="海風社", place="台北", day=4, reporters=("王小明",)),
        ),
        (
            "（海風社記者王小明、李華舊金山14日專電）今天",
            Credits(agency="海風社", place="舊金山", day=14, reporters=("王小明", "李華")),
        ),
        (
            "（海風社記者王小明南方澳4日電）今天",
            Credits(agency="海風社", place="南方澳", day=4, reporters=("王小明",)),
        ),
        ("（海風社東京4日綜合外電報導）今天", Credits(agency="海風社", place="東京", day=4)),
        (
            "新华社北京2月4日电（记者王明、李红）今天",
            Credits(agency="新华社", place="北京", day=4, reporters=("王明", "李红")),
        ),
        ("中新社上海12月31日电 今天", Credits(agency="中新社", place="上海", day=31)),
        ("記者王小明／台北報導\n\n今天", Credits(place="台北", reporters=("王小明",))),
        ("〔記者王小明／台北報導〕今天", Credits(place="台北", reporters=("王小明",))),
        ("今天。（編輯：甲一/乙二）1120204", Credits(editors=("甲一", "乙二"), text_date="2023-02-04")),
        (
            "今天。（譯者：甲一/核稿：乙二）1130229",
            Credits(translators=("甲一",), editors=("乙二",), text_date="2024-02-29"),
        ),
        ("今天。（责任编辑：甲一）", Credits(editors=("甲一",))),
        ("今天。（編輯：甲一）1121304", Credits(editors=("甲一",))),
        ("（海風社台北99日電）今天", Credits(agency="海風社", place="台北")),
    ],
)
def test_a_wire_story_says_who_made_it(text: str, wanted: Credits) -> None:
    assert credits(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "今天天氣很好。", "他說（中央公園）很美。", "今天（見圖）。", "The end (see below)."]
)
def test_a_text_that_says_nothing_of_its_making_has_no_credits(text: str) -> None:
    assert credits(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("並與外長范德維（Jan van der Vee）會談", (("范德維", "Jan van der Vee"),)),
        ("「港口日報」（HPN）報導", (("港口日報", "HPN"),)),
        ("船長安娜·貝克 (Anna Beck) 說", (("安娜·貝克", "Anna Beck"),)),
        ("范德維（Jan Vee）說，范德維（Jan Vee）又說", (("范德維", "Jan Vee"),)),
        ("美國港口工程師協會的詩人安娜·貝克（Anna Beck）說", (("安娜·貝克", "Anna Beck"),)),
        ("某一個地方的歷史學家安娜·貝克（Anna Beck）說", (("安娜·貝克", "Anna Beck"),)),
        ("某一個地方來的網球好手貝克斯曼（Anna Beckmann）說", (("貝克斯曼", "Anna Beckmann"),)),
        ("某一個地方的港口管理工程協會（HPN）說", ()),
        ("這是一個沒有任何標點也沒有職稱在前面很長很長句子（Nobody Knows）", ()),
        ("他說（yes）", ()),
    ],
)
def test_names_in_two_scripts_are_paired(text: str, wanted: tuple[tuple[str, str], ...]) -> None:
    assert bilingual(text) == wanted


@pytest.mark.parametrize(
    ("declared", "text", "wanted"),
    [
        ("en", "這個國家的議會今天討論了新的法案，會後記者說明", "zh-Hant"),
        ("zh-TW", "这个国家的议会今天讨论了新的法案，会后记者说明", "zh-Hans"),
        ("zh-CN", "今天天大好", "zh-Hans"),
        ("zh-HK", "今天天大好", "zh-Hant"),
        (None, "今天天大好", "zh"),
        (None, "これは日本語の文章です。今日は天気がいい。", "ja"),
        (None, "오늘은 날씨가 좋습니다", "ko"),
        ("en_us", "The city is on the river.", "en-US"),
        (
            None,
            "The bridge will be closed to traffic for two nights and the ferry is to "
            "run in the day as on all the other days of the week.",
            "en",
        ),
        (None, "Der Hafen bleibt zwei Nächte lang gesperrt.", None),
        ("zh", "The bridge is closed.", None),
        ("not a tag", "", None),
    ],
)
def test_a_language_is_told_by_its_characters_first(
    declared: str | None, text: str, wanted: str | None
) -> None:
    assert language(declared, text) == wanted


@pytest.mark.parametrize(
    ("tag", "wanted"), [("ZH-hant-tw", "zh-Hant-TW"), ("pt_br", "pt-BR"), ("", None), ("x", None)]
)
def test_a_tag_is_written_in_its_usual_form(tag: str, wanted: str | None) -> None:
    assert normal(tag) == wanted


@pytest.mark.parametrize("line", ["【本報訊】", "本报讯", "（本報綜合報道）", "本刊讯", "本網訊"])
def test_our_paper_is_no_agency(line: str) -> None:
    story = "港務局今日宣布，往返離島的渡輪全部停航，預計明天上午恢復行駛，旅客可免費改票。"
    assert credits(f"{line}{story}\n\n{story}") is None
    assert story in without_credits(f"<p>{line}{story}</p><p>{story}</p>")


def test_our_papers_reporter_is_a_reporter_of_no_agency() -> None:
    made = credits("本报北京2月4日电（记者王明）港务局今日宣布，往返离岛的渡轮全部停航，明日恢复行驶。")
    assert made is not None
    assert (made.agency, made.place, made.day, made.reporters) == (None, "北京", 4, ("王明",))
