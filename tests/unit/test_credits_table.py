"""The table of credit lines, each with its parts, and a thousand ordinary paragraphs without any."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dibao.extract.credits import credits, photo_credit
from dibao.model import Credits

DATA = Path(__file__).parents[1] / "data"
BODY = {
    "zh": "港口的橋今天清晨重新開放，兩旁的住戶都到場觀看。工程從去年春天開始，花了十四個月。",
    "ja": "港の橋はきのう開通し、近くの人たちが見物に集まった。工事は去年の春に始まった。",
    "ko": "항구의 다리가 오늘 아침 다시 열렸고 주민들이 모여 구경했다. 공사는 지난해 봄에 시작됐다.",
    "en": "The bridge over the harbour was opened again this morning, and neighbours came to watch.",
}
PLAIN = {
    "zh": [
        BODY["zh"],
        "市長說，下一座橋要等三年。「我們沒有足夠的錢，」他說。",
        "江边的住户说，夜里听得到火车的声音。有人开始收集签名。",
        "圖書館二樓的展覽到六月底為止，學生免費。",
        "专家认为，水位今年不会再上升；明年的情况还要看雨量。",
    ],
    "ja": [
        BODY["ja"],
        "市は来年度の予算で二つ目の橋を計画している。",
        "住民の一人は「静かになった」と話した。",
    ],
    "ko": [
        BODY["ko"],
        "시는 내년 예산으로 두 번째 다리를 계획하고 있다.",
        "주민 한 사람은 조용해졌다고 말했다.",
    ],
    "en": [
        BODY["en"],
        "The council wants to build a second one within three years, if the money can be found.",
        "„Wir haben gewartet“, sagt ein Fischer, der seit 1980 am Hafen wohnt.",
        "Le maire a promis une réponse avant la fin du mois ; les voisins n'y croient guère.",
        "Los vecinos dicen que por la noche se oye el tren, y piden una pared.",
        "Il Comune spera di finire i lavori entro giugno, ma il fiume ha altri piani.",
        "Os moradores pedem um muro há anos, e a câmara promete estudar o caso.",
        "“Nobody asked us,” said a woman who has lived by the water since 1971.",
    ],
}


def rows() -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
    """Yield where each line of the table stands, the line, and its parts."""
    for row in (DATA / "credits.tsv").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            where, line, said = row.split("\t")
            parts = [part.split("=", 1) for part in said.split("; ")] if said != "-" else []
            yield where, line, {(name, value) for name, values in parts for value in values.split(" + ")}


def script(line: str) -> str:
    for name, letters in (("ja", "[\u3040-\u30ff]"), ("ko", "[\uac00-\ud7a3]"), ("zh", "[\u4e00-\u9fff]")):
        if re.search(letters, line):
            return name
    return "en"


def parts_of(made: Credits | None) -> set[tuple[str, str]]:
    if made is None:
        return set()
    once = [(name, getattr(made, name)) for name in ("agency", "place", "day", "text_date")]
    lists = [
        (name, value)
        for name in ("reporters", "editors", "translators", "photographers")
        for value in getattr(made, name)
    ]
    notes = [("note", note.kind) for note in made.notes]
    return {(name, str(value)) for name, value in (*once, *lists, *notes) if value is not None}


def texts(where: str, line: str) -> Iterator[str]:
    """Yield texts with the line as a paragraph of its own, and where it is usual in one with other words."""
    body = BODY[script(line)]
    rest = "\n\n".join([body] * 4)
    space = " " if line[-1].isascii() or line[-1] in "电電訊讯道" else ""
    if where == "start":
        yield f"{line}\n\n{rest}"
        spaced = line[-1] in "導道" and " " in line  # such a line is never followed by other words
        if (
            line[-1] in ")）】〕］]—–-:：.=電电訊讯導道"
            and not line.startswith(("By ", "Von ", "Par ", "Por "))
            and not spaced
        ):
            yield f"{line}{space}{body}\n\n{rest}"
    else:
        yield f"{rest}\n\n{line}"
        if line[0] in "（([【〔" and (line.rstrip(".。")[-1] in ")）]】〕" or line[-7:].isdigit()):
            yield rest + line


def read(where: str, line: str) -> list[set[tuple[str, str]]]:
    if where != "caption":
        return [parts_of(credits(text)) for text in texts(where, line)]
    credit, is_file = photo_credit(line)
    said = [("credit", credit) if credit else None, ("file", "yes") if is_file else None]
    return [{part for part in said if part}]


def test_the_table_holds_every_form() -> None:
    assert len(list(rows())) >= 600
    assert {where for where, _, _ in rows()} == {"start", "end", "caption"}
    assert {script(line) for _, line, _ in rows()} == {"zh", "ja", "ko", "en"}


@pytest.mark.parametrize(("where", "line", "wanted"), list(rows()))
def test_a_credit_line_says_its_parts(where: str, line: str, wanted: set[tuple[str, str]]) -> None:
    assert read(where, line) == [wanted] * len(read(where, line))


def ordinary() -> list[str]:
    """Return a thousand paragraphs: what looks like credits and is none, alone and among other sentences."""
    said = (DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    tricky = [line for line in said if line and not line.startswith("# ")]
    made = dict.fromkeys(tricky)
    for number, line in enumerate(tricky):
        plain = PLAIN[script(line)]
        space = "" if script(line) in ("zh", "ja") else " "
        made[space.join((line, plain[number % len(plain)]))] = None
        made[space.join((plain[(number + 1) % len(plain)], line))] = None
        made[space.join((line, plain[(number + 2) % len(plain)], plain[number % len(plain)]))] = None
    return list(made)


def test_none_is_found_in_a_thousand_ordinary_paragraphs() -> None:
    paragraphs = ordinary()
    assert len(paragraphs) >= 1000
    assert {paragraph: parts_of(made) for paragraph in paragraphs if (made := credits(paragraph))} == {}
