"""Offices and who held them, in East Asian letters: 編輯：甲／乙, 责任编辑 甲 审核 乙, 文／甲　圖／乙."""

import re
from collections.abc import Iterator

from dibao.extract.credits.names import people
from dibao.extract.credits.parts import Parts, is_east_asian
from dibao.extract.credits.words import AGENCIES_EAST, HAN, JAPANESE_OFFICES, OUTLET, ROLE_OF, either

_MOST = 140  # characters of a line of credits
_MARK = r"\s?[:/|=·・‧•]\s?"
_OFFICE = rf"(?P<outlet>{OUTLET}(?:[·・]{OUTLET})?\s?[|·]?\s?)?(?P<role>{either(ROLE_OF)})"
_FIRST = re.compile(rf"{_OFFICE}(?:(?P<mark>{_MARK})|\s+|(?<=[者员員輯辑譯译])(?=[{HAN}]))")
_OF_PICTURES = frozenset("圖 图 圖片 图片 照片".split())  # what they show may follow as well
_SAID = re.sub(r"\?P<\w+>", "?:", _OFFICE)
_NEXT = re.compile(rf"(?<=[\s/;|,、)\]]){_SAID}(?:{_MARK}|\s+)|(?<=\s){_SAID}(?<=[者员員輯辑])(?=[{HAN}])")
_OUTLET = re.compile(rf"{OUTLET}(?:[·・]{OUTLET})?$")
_SPREAD = re.compile(rf"[{HAN}] [{HAN}]\s?[:/]")  # 审 读：
_HELP = re.compile(
    rf"(?:实习生|實習生|記者|记者)?(?P<who>[{HAN}、·]{{2,30}}?)[对對][此本]文(?:亦|也|均)?有(?:贡献|貢獻)$"
)
_LEAD = re.compile(r"^[\s/|·※◎●■▍*—–-]+(?:原[載载]《[^》]{1,24}》[,;]\s?)?|^原[載载]《[^》]{1,24}》[,;]\s?")
_SENT_FROM = re.compile(rf"\s?(?:发自|發自)(?P<place>[{HAN}]{{2,6}})$")
_REPORTS = re.compile(r"\s(?:綜合|综合)?(?:報導|报导|報道|报道)$")


def roles(said: str, *, sure: bool = False) -> Parts | None:
    """Return who held which office where a folded line says nothing else, or None.

    ``sure``: it stands where nothing but credits does, as in brackets after a dateline.
    """
    if not is_east_asian(said):
        return None
    lead = _LEAD.match(said)
    line = said[lead.end() :] if lead else said
    line = _REPORTS.sub("", line[0] + line[2:] if _SPREAD.match(line) else line)
    if len(line) > _MOST:
        return None
    helped = _helped(line)
    if helped or not _FIRST.match(line):
        return helped
    where = _SENT_FROM.search(line)
    found: dict[str, tuple[str, ...]] = {"place": (where["place"],)} if where else {}
    outlets: list[str] = []
    for outlet, role, who, marked in _offices(line[: where.start()] if where else line):
        parts = _office(role, who, sure or marked)
        if parts is None:
            return None
        outlets += [outlet] if outlet else []
        for name, value in parts.items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *value)))
    if outlets and found:
        found.setdefault("agency", (outlets[0],))
    return found or None


def _helped(line: str) -> Parts | None:
    """Read 王小明對本文亦有貢獻."""
    found = _HELP.match(line)
    who = people(found["who"], sure=True) if found else None
    return {"reporters": who} if who else None


def _offices(line: str) -> Iterator[tuple[str, str, str, bool]]:
    first = _FIRST.match(line)
    while first:
        after = _NEXT.search(line, first.end())
        end = after.start() if after else len(line)
        outlet, who = (first["outlet"] or "").strip(" |·"), line[first.end() : end]
        yield outlet, first["role"], who, bool(first["mark"])
        first = _FIRST.match(line, end) if after else None


def _office(role: str, who: str, sure: bool) -> Parts | None:
    """Return who held one office; None where no names follow."""
    kind = ROLE_OF[role]
    if kind == "others":
        return {}
    said = who.strip(" ,、;/|。.")
    if _is_agency(said):
        return {"agency": (said,)} if kind in ("reporters", "agency") else {}
    loose = sure and role not in _OF_PICTURES
    names = people(said, sure=loose, japanese=role in JAPANESE_OFFICES) if sure or len(role) > 1 else None
    if not names or kind == "agency":
        return None
    kinds = ("reporters", "photographers") if kind == "both" else (kind,)
    return dict.fromkeys(kinds, names)


def _is_agency(said: str) -> bool:
    return said in AGENCIES_EAST or bool(len(said) <= 12 and _OUTLET.match(said))
