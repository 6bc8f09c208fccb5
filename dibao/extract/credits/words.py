"""The words by which credits are told: agencies, places, surnames, offices in a newsroom, months."""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

HAN = "\u3400-\u9fff"

_WRITTEN = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))


def _words(said: str) -> list[str]:
    """Return the words of a list; commas part them, or spaces where there are none."""
    return re.split(r",\s+" if "," in said else r"\s+", re.sub(r"\s+", " ", said.strip()))


def either(words: Iterable[str]) -> str:
    """Return a pattern that matches one of the words, the longest first."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


# --- agencies -------------------------------------------------------------------------------------

AGENCIES = {letters: tuple(_words(said)) for letters, said in _WRITTEN["agencies"].items()}
AGENCIES_EAST = frozenset((*AGENCIES["han"], *AGENCIES["kana"], *AGENCIES["hangul"]))

_KINDS = (
    r"日報|日报|晚報|晚报|早報|早报|時報|时报|商報|商报|青年報|青年报|週刊|周刊|電視台|电视台|新聞網|新闻网"
)
_OWN = rf"{either(AGENCIES['han'])}|本[報报網网台刊社]"
_NO_OFFICE = r"(?![記记]者|特派|編[輯譯]|编[辑译])"
# An outlet by its kind: 本報, 港口日報, 江边网.
OUTLET = (
    rf"(?:{_OWN}|{_NO_OFFICE}[{HAN}]{{1,5}}?(?:{_KINDS}|電台|电台|新聞|新闻|財經|财经|快報|快报|傳媒|传媒|"
    rf"媒體|媒体|客户端|[社報报網网])(?:客户端|客戶端)?)"
)
NAMED_OUTLET = rf"(?:{_OWN}|[{HAN}]{{1,4}}(?:{_KINDS})(?:客户端|客戶端)?)"
_ONE = rf"(?:{either(AGENCIES['latin'])})"
AGENCY = rf"{_ONE}(?:\s?[/,&+]\s?{_ONE}|\s(?:and|und|et|y|e|en|og|och)\s{_ONE})*"

# --- places ---------------------------------------------------------------------------------------

PLACES_HAN = tuple(_words(_WRITTEN["places"]["han"]))
PLACES_KANA = either(_words(_WRITTEN["places"]["kana"]))
CITIES = either(_words(_WRITTEN["places"]["cities"]))
STATES = either(_words(_WRITTEN["places"]["states"]))
# The beginnings of the months' names, where datelines and captions have a day.
_BEGINNINGS = (
    *("jan ene gen", "feb fév fev", "mar mär maa", "apr avr abr", "may mai mag maj mei", "jun juin giu"),
    *("jul juil lug", "aug aoû aou ago", "sep set", "oct okt ott out", "nov", "dec déc dez dic"),
)
MONTHS = {name: number for number, names in enumerate(_BEGINNINGS, start=1) for name in names.split()}


def month(name: str) -> int | None:
    """Return the number of a month by its name in a European language, or None."""
    said = name.lower()
    return MONTHS.get(said[:4]) or MONTHS.get(said[:3])


# --- names ----------------------------------------------------------------------------------------

SURNAMES_HAN = frozenset("".join(_words(_WRITTEN["surnames"]["han"])))
SURNAMES_TWO = frozenset(_words(_WRITTEN["surnames"]["han_of_two"]))
SURNAMES_HANGUL = frozenset("".join(_words(_WRITTEN["surnames"]["hangul"])))

# --- offices in a newsroom ------------------------------------------------------------------------

ROLE_OF = {word: part for part, words in _WRITTEN["offices"].items() for word in _words(words)}
JAPANESE_OFFICES = frozenset(_words(_WRITTEN["japanese"]["offices"]))
_DESK_KINDS = "中心|頻道|频道|新聞組|新闻组|組|组|編輯部|编辑部|編輯室|新聞室|新聞|新闻"
DESK = re.compile(rf"^[{HAN}]{{2,8}}(?:{_DESK_KINDS})$")
