"""Datelines and bylines of Japanese and Korean wires, at the head of a line that was folded."""

import re

from dibao.extract.credits.names import RANKS, is_japanese, is_korean
from dibao.extract.credits.parts import Found, Parts, within
from dibao.extract.credits.words import AGENCIES, HAN, PLACES_KANA, either

_KANA_AGENCY = either(AGENCIES["kana"])
_WORD = rf"[{HAN}\u30a0-\u30ffー・々]"
# 東京共同, ワシントン=山田波郎, ワシントン共同=山田波郎, ワシントン 4日 ロイター, 2月4日 AFP
_JAPANESE = re.compile(
    rf"(?:(?P<place>{PLACES_KANA})\s?|(?P<other>{_WORD}{{2,12}}?)(?==)|(?P<date>\d{{1,2}}月\d{{1,2}}日\s))"
    rf"(?:(?:\d{{1,2}}月)?(?P<day>\d{{1,2}})日\s?)?(?P<agency>{_KANA_AGENCY})?"
    rf"(?:(?P<mark>[=・])(?P<who>[^=]{{2,40}}))?$"
)
_DASH = re.compile(r"\s*[-–—]\s*")
_HANGUL = "\uac00-\ud7a3"
_KNOWN = either(AGENCIES["hangul"])
_KOREAN_AGENCY = rf"{_KNOWN}|[{_HANGUL}A-Za-z]{{1,8}}(?:일보|신문|뉴스|타임스|경제|방송|투데이|미디어)"
_REPORTER = r"(?:(?:인턴|수습|선임|전문|객원)?\s?기자|특파원|통신원|논설위원)"
_WHO = rf"(?P<who>[{_HANGUL}]{{2,4}}(?:[\s·,]{{1,2}}[{_HANGUL}]{{2,4}}){{0,5}})\s?{_REPORTER}"
_MAIL = r"[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,4}"
_KOREAN_WIRE = re.compile(rf"(?P<place>[{_HANGUL}·, ]{{2,20}})=\s?(?P<agency>{_KOREAN_AGENCY})$")
_KOREAN_DESK = re.compile(rf"(?P<agency>{_KOREAN_AGENCY})\s?[=|/]?\s?{_WHO}$")
_KOREAN_AFTER = re.compile(rf"\s?{_WHO}\s?=\s?|\s?{_WHO.replace('who', 'alone')}$")
_KOREAN_FROM = re.compile(rf"[(\[]?(?P<place>[{_HANGUL}]{{2,6}})=\s?{_WHO}(?:[)\]]?\s?(?:=\s|$)|[)\]]\s)")
_KOREAN_LINE = re.compile(
    rf"[/=\[(\s▶]*(?:(?:(?P<both>글·사진|사진·글)|글|"
    rf"취재)\s)?(?:(?P<agency>{_KOREAN_AGENCY})\s)?{_WHO}[\s=/\[(]*(?:{_MAIL})?[\])\s]*$"
)


def japanese(line: str) -> Found | None:
    """Return what a folded line that begins with a Japanese dateline says there, or None."""
    inside = within(line)
    parts = in_brackets(inside[0], points=True) if inside else None
    if not inside or not parts:
        return None
    dash = _DASH.match(line, inside[1])
    return Found(0, dash.end() if dash else inside[1], parts)


def in_brackets(said: str, *, points: bool = False) -> Parts | None:
    """Return what the inside of a Japanese dateline's brackets says, or None.

    ``points``: a name may follow 北京・, which elsewhere is how a district does.
    """
    if said.count("=") > 1:
        return _several(said)
    found = _JAPANESE.match(said)
    if not found or not (found["agency"] or found["who"]) or (found["mark"] == "・" and not points):
        return None
    who = tuple(re.split(r"[、,]\s?", found["who"])) if found["who"] else ()
    if not all(map(is_japanese, who)) or (
        found["mark"] == "・" and not all(len(name) in (4, 5) for name in who)
    ):
        return None
    place = found["place"] or found["other"]
    day = found["day"] or (re.findall(r"\d+", found["date"])[-1] if found["date"] else "")
    parts = {"agency": (found["agency"],), "place": (place,), "day": (day,), "reporters": who}
    return {name: value for name, value in parts.items() if any(value)}


def _several(said: str) -> Parts | None:
    """Read ニューヨーク=山田波郎、ワシントン=海野月子."""
    pairs = [part.partition("=") for part in said.split("、")]
    who = tuple(name for _, _, name in pairs)
    places = all(re.fullmatch(PLACES_KANA, place) for place, _, _ in pairs)
    return {"reporters": who} if places and all(map(is_japanese, who)) else None


def korean(line: str) -> Found | None:
    """Return what a folded line that begins with a Korean dateline or is a byline says, or None."""
    sent = _KOREAN_FROM.match(line)
    found = _korean(0, sent.end(), None, sent["who"]) if sent else None
    if sent and found and not _KOREAN_DESK.match(line[: sent.end()].strip("()[]= ")):
        return Found(0, sent.end(), {**found.parts, "place": (sent["place"],)})
    inside = within(line)
    if not inside:
        return korean_line(line)
    desk = _KOREAN_DESK.match(inside[0])
    if desk:
        return _korean(0, inside[1], desk["agency"], desk["who"])
    wire = _KOREAN_WIRE.match(inside[0])
    if not wire:
        return korean_line(line)
    after = _KOREAN_AFTER.match(line, inside[1])
    who = (after["who"] or after["alone"]) if after else ""
    found = _korean(0, after.end() if after else inside[1], wire["agency"], who)
    return Found(0, found.end, {**found.parts, "place": (wire["place"].strip(),)}) if found else None


def korean_line(line: str) -> Found | None:
    """Return who signs, where a folded line is a Korean byline and nothing else, or None."""
    found = _KOREAN_LINE.match(line) if len(line) <= 120 else None
    signed = _korean(0, len(line), found["agency"], found["who"]) if found else None
    if found and signed and found["both"]:
        return Found(0, len(line), {**signed.parts, "photographers": signed.parts["reporters"]})
    return signed


def _korean(start: int, end: int, agency: str | None, who: str) -> Found | None:
    names = tuple(name for name in re.split(r"[\s·,]+", who) if name not in RANKS) if who else ()
    if not all(map(is_korean, names)):
        return None
    parts = {"agency": (agency,) if agency else (), "reporters": names}
    return Found(start, end, {name: value for name, value in parts.items() if value})
