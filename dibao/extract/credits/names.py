"""What can be a person's name, and lists of them, in Chinese, European, Japanese and Korean letters."""

import re

from dibao.extract.credits.words import DESK, HAN, SURNAMES_HAN, SURNAMES_HANGUL, SURNAMES_TWO

_APART = re.compile(
    rf"\s*[、/,;|&]\s*|\s+(?:and|與|和|及)\s+|(?<=[{HAN}])\s+(?=[{HAN}])|(?<=[{HAN}])[與与](?=[{HAN}])"
)
_SPACED = re.compile(rf"(?<![{HAN}])([{HAN}])\s+([{HAN}])(?![{HAN}])")  # 王 明
_HAN_NAME = re.compile(
    rf"[{HAN}]{{2,4}}$|[{HAN}A-Z.]{{1,8}}(?:[·・‧•][{HAN}]{{1,8}}){{1,3}}$|(?:[A-Z]\.){{1,3}}[{HAN}]{{1,5}}$"
)
_KANJI_NAME = re.compile(
    rf"[{HAN}々]{{2,6}}$|[{HAN}々]{{1,3}} [{HAN}々]{{1,3}}$|[{HAN}々]{{1,3}} ?(?:[\u3041-\u3096]{{2,4}}|"
    rf"[\u30a1-\u30faー]{{2,8}})$"
)
_HANGUL_NAME = re.compile(r"[\uac00-\ud7a3]{2,4}$")
_UPPER = "A-ZÀ-ÖØ-Þ\u0100-\u024f\u0386-\u03ab\u0400-\u042f\u1e00-\u1eff"
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ\u0100-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1eff"
_WORD = rf"(?:[{_UPPER}]['’])?[{_UPPER}][{_LETTER}]*(?:[-'’.][{_LETTER}]*)*"
_SMALL = r"(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|zu|zum|bin|bint|ibn|al|el|af|av)"
_LATIN_NAME = re.compile(
    rf"(?!(?:The|This|That|An?|Our|My)\s){_WORD}(?:\s(?:{_SMALL}\s){{0,2}}{_WORD}){{1,4}}$"
)
_HANDLE = re.compile(rf"^[A-Za-z][\w.-]{{1,19}}$|^[{HAN}]{{2,4}}$")
# Words that stand where a name would, and aren't one.
_NO_NAME = re.compile(
    r"今[天日年晚早]|昨[天日晚]|明[天日年]|現場|现场|綜合|综合|表示|指出|報[導道告]|报[导道告]|了解|獲悉|"
    r"获悉|從|从|問|问|會|会$|們|们|"
    r"提供|翻[攝拍]|截[圖图]|資料|资料|網路|网络|取自|來源|来源|待續|待续|未完|動画|写真|佚名|匿名|未知|"
    r"轉載|转载|完結|完结|節錄|节选|部門|部门|時間|时间"
)
_OFFICE = re.compile(
    rf"^[{HAN}]{{0,8}}?(?:記者|记者|特派員|特派员|編輯|编辑|攝影|摄影|評論員|评论员|專欄作者|专栏作者|"
    rf"撰稿人|主筆|主笔|研究員|研究员)\s?(?=..)"
)
RANKS = frozenset(["인턴", "수습", "선임", "전문", "객원"])
_ASIDE = re.compile(r"\([^()]{1,8}\)|_[A-Z]{1,3}\d{2,8}$")  # (实习生), _NB12345
_DONE = re.compile(r"\s(?:整合|整理|文[/、]?[圖图]|攝影報導|摄影报道|[綜综]合報導|综合报道|報導|报道)$")
_TITLES = re.compile(
    r"(?:主任|副|資深|资深|高級|高级)?(?:記者|记者|編輯|编辑|特派員|特派员|通訊員|通讯员|攝影|摄影|[攝摄]|"
    r"報導|报道|報道|报导)$"
)


def listed(said: str) -> list[str]:
    """Return the names of a list, as it parts them."""
    said = _ASIDE.sub("", said.strip(" .。,、:;/[]|-"))
    bare = _OFFICE.sub("", _DONE.sub("", said.strip(" ()")))
    line = _SPACED.sub(r"\1\2", bare)
    return [name for part in _APART.split(line) if (name := part.strip(" .。()[]"))]


def people(said: str, *, sure: bool, japanese: bool = False) -> tuple[str, ...] | None:
    """Return the names of a list where each can be one, else None.

    ``sure``: the place where they stand leaves no doubt that names stand there, as after 編輯：.
    """
    bare = (_OFFICE.sub("", name) for name in listed(said))
    found = tuple(_TITLES.sub("", name) if len(name) > 4 else name for name in bare)
    fine = is_plain_name if not sure else _is_name_there if japanese else is_name
    return tuple(dict.fromkeys(found)) if found and len(found) <= 12 and all(map(fine, found)) else None


def _is_name_there(name: str) -> bool:
    return is_name(name) or is_japanese(name)


def is_name(name: str) -> bool:
    """Say whether this can be a name where one is to be expected."""
    if _NO_NAME.search(name):
        return False
    shapes = (_HAN_NAME, _LATIN_NAME, _HANDLE, _HANGUL_NAME)
    return bool(DESK.match(name)) or any(shape.match(name) for shape in shapes)


def is_plain_name(name: str) -> bool:
    """Say whether this is a name beyond doubt: with a Chinese surname, or of two Latin words."""
    if _NO_NAME.search(name):
        return False
    return is_chinese(name) or bool(_LATIN_NAME.match(name))


def is_chinese(name: str) -> bool:
    """Say whether a name begins with a Chinese surname and is as long as one, or has a point in it."""
    if not _HAN_NAME.match(name):
        return False
    return "·" in name or name[:2] in SURNAMES_TWO or (len(name) <= 4 and name[0] in SURNAMES_HAN)


def is_latin(name: str) -> bool:
    """Say whether this is two to five capitalised words."""
    return len(name) <= 50 and bool(_LATIN_NAME.match(name))


def is_korean(name: str) -> bool:
    """Say whether this is a Korean surname and one to three syllables."""
    return bool(_HANGUL_NAME.match(name)) and name[0] in SURNAMES_HANGUL and name not in RANKS


def is_japanese(name: str) -> bool:
    """Say whether this can be a Japanese name: two to six characters, or characters and then kana."""
    return bool(_KANJI_NAME.match(name)) and not _NO_NAME.search(name)
