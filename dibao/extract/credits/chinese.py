"""Datelines and bylines of Chinese wires and newsrooms, at the head of a line that was folded."""

import re

from dibao.extract.credits.names import is_chinese, people
from dibao.extract.credits.parts import Found, Parts, joined, within
from dibao.extract.credits.roles import roles
from dibao.extract.credits.words import (
    AGENCIES,
    AGENCIES_EAST,
    DESK,
    HAN,
    NAMED_OUTLET,
    OUTLET,
    PLACES_HAN,
    either,
)

_KNOWN = either(AGENCIES["han"])
_SENT = (
    r"(?:綜合|综合|即時|即时|連線|连线|整理|採訪|采访|外電|外电|專題|专题|獨家|独家|特派|專案|"
    r"路透|法新|美聯|美联|彭博|共同|德新|韓聯|韩联)*"
    r"(?:專電|专电|專訊|专讯|急電|急电|電|电|訊|讯|報導|报导|報道|报道|特稿|專訪|专访|特寫|"
    r"特写)(?![說说了的指稱称都也中過过內内話话視视])"
)
_KIND = 16  # characters of 綜合外電報導 and the like
_END = re.compile(rf"\s*(?P<kind>{_SENT})\s*$")
_FROM_WIRE = re.compile("路透|法新|美聯|美联|彭博|共同|德新|韓聯|韩联")
_TOWN = re.compile(rf"[{HAN}]{{2,6}}$")
_WIRED = re.compile(r"[電电訊讯稿訪访寫写]$")
_DAY = r"(?:\d{4}年)?\s?(?:\d{1,2}月)?\s?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
_DATE = re.compile(rf"\s*{_DAY}$")
_REPORTER = (
    rf"(?P<role>(?:文字|特約|特约|實習|实习|見習|见习|駐地|驻地)?(?:記者|记者|編譯|编译|編輯|编辑|撰述)|"
    rf"[駐驻]?[{HAN}]{{0,6}}特派[員员])"
)
_INSIDE = re.compile(
    rf"[据據]?(?P<agency>{OUTLET}(?:[·・]{OUTLET})?)?\s*[/|"
    rf"]?\s*(?:{_REPORTER})?\s*(?P<rest>[^()\[\]]{{0,50}})$"
)
_PLAIN = re.compile(
    rf"(?:据|據)?(?P<agency>{_KNOWN}|本[報报網网刊]|{NAMED_OUTLET}|"
    rf"[{HAN}]{{1,3}}[社報报網网])\s?(?P<place>[{HAN}]{{0,9}}?)\s?"
    rf"(?:\d{{4}}年)?(?P<month>\d{{1,2}}月)?(?P<day>\d{{1,2}})日\s?(?:综合)?(?:電|电|訊|讯|消息)(?![話话視视影腦脑])"
)
_UNDATED = re.compile(
    rf"(?:[据據](?P<after>{_KNOWN})[電电讯訊]|(?P<known>{_KNOWN})(?:消息|快[讯訊])|"
    rf"(?![据據])(?P<agency>{NAMED_OUTLET}|[{HAN}]{{2,6}}[報报網网])[電电訊讯])(?=[\s:(,]|$)(?:\s?:)?"
)
_BYLINE = re.compile(
    rf"(?:(?P<agency>{OUTLET})\s?/?\s?)?{_REPORTER}\s?(?P<who>[{HAN}A-Za-z·・、,\s]{{2,30}}?)\s?"
    rf"(?:/\s?(?P<place>[{HAN}、-]{{0,12}}?))?\s?{_SENT}"
)
_SLASHED = re.compile(
    rf"(?:(?P<agency>{OUTLET})\|)?"
    rf"(?P<left>[{HAN}]{{2,4}}(?:[、 ][{HAN}]{{2,4}}){{1,4}}|[{HAN}]{{2,8}})/\s?"
    rf"(?P<role>記者|记者)?(?P<right>[{HAN}、 -]{{0,20}}?){_SENT}"
)
_TOPIC = re.compile(
    rf"\s?(?:题|題)\s?:[^\n]{{0,60}}?(?:\s(?:{OUTLET})?(?:記者|记者)\s?(?P<who>[{HAN}、\s]{{2,30}}))?$"
)
_REPORTED = re.compile(rf"[\s:]*(?:記者|记者)\s?(?P<who>[{HAN}·、\s]{{2,30}}?)(?:報導|报道|報道|报导)")
_OFFICES = {"編譯": "translators", "编译": "translators", "編輯": "editors", "编辑": "editors"}
_FOREIGN = re.compile(r"(?:綜合|综合)(?:外電|外电)(?:報導|報道|报道|报导)(?=\s|$)")
_ALONE = AGENCIES_EAST - {"AP", "AFP", "CNN"}  # (AP) may mean anything where no dash follows
_NAMED = re.compile(rf"{NAMED_OUTLET}$")
_NUMBERS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")}


def opening(line: str) -> Found | None:
    """Return what a folded line that begins with a dateline or byline says there, or None."""
    inside = within(line)
    if inside:
        return _bracketed(line, *inside)
    return _plain(line) or _undated(line) or _byline(line) or _slashed(line) or _foreign(line)


def _bracketed(line: str, said: str, end: int) -> Found | None:
    parts = wire(said) or roles(said) or ({"agency": (said,)} if said in _ALONE else None)
    if not parts:
        return None
    after = within(line[end:])
    more = wire(after[0]) or roles(after[0], sure=True) if after else None
    if after and more:
        return Found(0, end + after[1], joined(parts, more))
    reported = _REPORTED.match(line, end) if "reporters" not in parts else None
    who = people(reported["who"], sure=False) if reported else None
    return Found(0, reported.end(), {**parts, "reporters": who}) if reported and who else Found(0, end, parts)


def wire(said: str) -> Parts | None:
    """Return what the inside of a dateline's brackets says: 中央社記者王小明台北4日電."""
    end = None if said.isascii() else _END.search(said, max(0, len(said) - _KIND))
    if not end:
        return None
    date = _DATE.search(said[: end.start()])
    if desk := _desk(said[: end.start()]):
        return desk
    found = _INSIDE.match(said[: date.start() if date else end.start()])
    if not found:
        return None
    sent = bool(_WIRED.search(end["kind"]))
    parts = _who_and_where(found["rest"].strip(), found["role"], bool(found["agency"]))
    head = said[: date.start() if date else end.start()]
    if parts is None:
        return _unsigned(said, head, end["kind"], date)
    certain = found["role"] or "reporters" in parts or bool(found["agency"] and (date or sent))
    if certain or _is_named(found["agency"], parts):
        return _said(found["agency"], parts, date["day"] if date else None)
    return _unsigned(said, head, end["kind"], date)


def _is_named(agency: str | None, parts: Parts) -> bool:
    """Say whether an outlet stands alone that names itself or is known by its kind: 本報綜合報道."""
    return bool(agency and not parts and (agency.startswith("本") or _NAMED.match(agency)))


def _unsigned(said: str, town: str, kind: str, date: re.Match[str] | None) -> Parts | None:
    """Read what names no outlet: 吉隆坡4日讯, 华盛顿路透电, 綜合外電報導."""
    if said == kind and "外" in said[:4]:
        return {"agency": (said[:4],)}
    wire = _FROM_WIRE.search(kind)
    sent = bool(_WIRED.search(kind)) and (date or wire or "綜" in kind or "综" in kind)
    if not sent or not _TOWN.match(town) or not (date or town in PLACES_HAN):
        return None
    return _said(wire[0] if wire else None, {"place": (town,)}, date["day"] if date else None)


def _desk(head: str) -> Parts | None:
    """Read 體育中心／綜合, 民港新聞／王小明 台北."""
    left, slash, right = (part.strip() for part in head.partition("/"))
    return _signed(left, right) if slash and DESK.match(left) else None


def _said(agency: str | None, parts: dict[str, tuple[str, ...]], day: str | None) -> Parts:
    said = dict(parts)
    if agency:
        said["agency"] = (agency,)
    if day and 1 <= (number := _number(day)) <= 31:
        said["day"] = (str(number),)
    return said


def _number(day: str) -> int:
    """Return a day that may be written 十五."""
    if day.isdecimal():
        return int(day)
    tens, _, units = day.rpartition("十")
    return (_NUMBERS.get(tens, 1) if "十" in day else 0) * 10 + _NUMBERS.get(units, 0)


def _who_and_where(rest: str, role: str | None, wired: bool) -> dict[str, tuple[str, ...]] | None:
    """Part 王小明／台北, 王小明台北, 體育中心 or 台北; None where it is neither."""
    left, slash, right = (part.strip() for part in rest.partition("/"))
    if slash and not role:
        return _signed(left, right)
    if slash:
        return _named(role or "", left, right)
    if role:
        who, place = name_and_place(rest)
        return _named(role, who, place)
    if not rest:
        return {}
    return _place(rest) if wired and re.fullmatch(rf"[{HAN}·、-]{{1,10}}", rest) else None


def _signed(left: str, right: str) -> dict[str, tuple[str, ...]] | None:
    """Part what no office is named in: 王小明／台北, 體育中心, 生活中心／王小明."""
    if DESK.match(left):
        name, place = name_and_place(re.sub("^(?:記者|记者)", "", right))
        who = people(name, sure=False) if right not in PLACES_HAN else None
        if who:
            return {"reporters": who, **_place(place)}
        if len(right) > 4 and right not in PLACES_HAN:
            return None
        return {"reporters": (left,), **({"place": (right,)} if right else {})}
    who = people(left, sure=False)
    return {"reporters": who, **_place(right)} if who else None


def _named(role: str, who: str, place: str) -> dict[str, tuple[str, ...]] | None:
    names = people(who, sure=bool(place))
    office = next((part for end, part in _OFFICES.items() if role.endswith(end)), "reporters")
    return {office: names, **_place(place)} if names else None


def _place(place: str) -> dict[str, tuple[str, ...]]:
    place = re.sub("(?:綜合|综合|即時|連線|北京时间|北京時間)$", "", place.strip())
    return {"place": (place,)} if place else {}


def name_and_place(who: str) -> tuple[str, str]:
    """Part 王小明台北 into name and place; an unknown place is what follows three characters."""
    head, comma, last = who.rpartition("、")
    last = last.strip()
    known = next((place for place in PLACES_HAN if last.endswith(place) and len(last) - len(place) >= 2), "")
    place = known or ("" if len(last) <= 4 or " " in last or "·" in last else last[_length(last) :])
    return head + comma + (last[: -len(place)] if place else last), place


def _length(last: str) -> int:
    """Return how many characters of 王小明南方澳 are the name."""
    return 3 if is_chinese(last[:3]) or not is_chinese(last[:2]) else 2


# --- without brackets -----------------------------------------------------------------------------


def _plain(line: str) -> Found | None:
    """Read 新华社北京2月4日电（记者王明）."""
    found = _PLAIN.match(line)
    if not found or not (found["month"] or found["agency"] in AGENCIES_EAST):
        return None
    parts = _said(found["agency"], _place(found["place"]), found["day"])
    return _with_reporters(line, found.end(), parts)


def _undated(line: str) -> Found | None:
    """Read 本报讯（记者王明）, 据新华社电, 央视网消息：."""
    found = _UNDATED.match(line)
    if not found:
        return None
    return _with_reporters(
        line, found.end(), {"agency": (found["agency"] or found["after"] or found["known"],)}
    )


def _with_reporters(line: str, end: int, parts: Parts) -> Found:
    space = len(line[end:]) - len(line[end:].lstrip())
    inside = within(line[end + space :])
    if inside:
        more = roles(inside[0], sure=True) or _bare_names(inside[0])
        if more:
            stop = end + space + inside[1]
            return Found(0, stop + (line[stop : stop + 1] == ":"), joined(parts, more))
        return Found(0, end, parts)
    found = _TOPIC.match(line, end) or _REPORTED.match(line, end)
    who = people(found["who"], sure=False) if found and found["who"] else None
    return Found(0, found.end() if found and who else end, {**parts, **({"reporters": who} if who else {})})


def _foreign(line: str) -> Found | None:
    """Read 綜合外電報導 on a line of its own."""
    found = _FOREIGN.match(line)
    return Found(0, found.end(), {"agency": (found[0][:4],)}) if found else None


def _bare_names(said: str) -> Parts | None:
    who = people(said, sure=False)
    return {"reporters": who} if who else None


def _byline(line: str) -> Found | None:
    """Read 記者王小明／台北報導 and 記者王小明報導."""
    found = _BYLINE.match(line)
    if not found:
        return None
    place = found["place"]
    parts = _named(found["role"], found["who"], place or "") if place is not None else _unparted(found)
    return Found(0, found.end(), _said(found["agency"], parts, None)) if parts else None


def _unparted(found: re.Match[str]) -> dict[str, tuple[str, ...]] | None:
    """Part 王小明台北 where no slash does; names must be beyond doubt."""
    who, place = name_and_place(found["who"].strip())
    names = people(who, sure=False)
    if not names or (place and place not in PLACES_HAN):
        return None
    return _named(found["role"], who, place)


def _slashed(line: str) -> Found | None:
    """Read 生活中心／王小明報導, 國際中心／綜合報導, 王小明／台北報導."""
    found = _SLASHED.match(line)
    if not found:
        return None
    parts = _signed(found["left"], found["right"])
    return Found(0, found.end(), _said(found["agency"], parts, None)) if parts else None
