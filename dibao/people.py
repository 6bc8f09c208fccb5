"""Bylines -> names of people: never the outlet, an agency, or "Staff"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from dibao.text import squeeze

_BY = re.compile(
    r"^(?:written |reported |posted |story |words |text )?"
    r"(?:by|von|par|por|di|da|door|av|af|(?:autor(?:in)?|author|auteur)(?=\s*[:：])|出典|"
    r"文|图|作者|撰文|记者|記者|特派员|特派員|編輯|编辑|責任編輯|责任编辑|實習記者|综合|即時新聞|文字)\s*[:：/／|｜]?\s*(?=[^\s])",
    re.I,
)
_BY_GLUED = re.compile(r"^(?:by|von|par|por|di|da|door|av|af)(?=[A-Z])")
_LATIN_BY = re.compile(r"^(?:by|von|par|por|di|da|door|av|af)$", re.I)
_APART = re.compile(
    r"\s*(?:[;；、|｜•·](?!\w)|[;；、|｜•]|，|,(?!\s*(?:Jr|Sr|MD|PhD|M\.D|Ph\.D|III?)\b)|\s&\s|\s(?:and|und|et|y|e|og|och|en)\s(?=[A-ZÀ-Þ]))\s*"
)
_HAN_NAMES = re.compile(r"^[\u3400-\u9fff]{2,4}(?:[\s/／∕]+[\u3400-\u9fff]{2,4})+$")
_AFTER = re.compile(
    r"\s*(?:[（(〔\[<].*|[／/∕].*(?:報導|报导|報道|报道|電|訊)|(?:綜合|综合)?(?:報導|报导|報道|报道)|\s[-–—|]\s.*|\s@\w+.*|\bfor\s+[A-Z].*|,?\s*(?:updated|published)\b.*)$",
    re.I,
)
_NOT_PEOPLE = re.compile(
    r"\b(?:staff|newsroom|news|editors?|editorial|desk|team|reporters?|correspondents?|press|agenc(?:y|ies)|wires?|admin|administrator|"
    r"webmaster|guest|anonymous|contributors?|reuters|afp|ap|dpa|apa|upi|tass|xinhua|bloomberg|cnn|bbc|associated|magazine|"
    r"redaktion|redaktionen|redacci[oó]n|r[eé]daction|redazione|redactie|toimitus|online|media|inc|ltd|llc|gmbh|company|"
    r"times|post|journal|tribune|herald|network|channel|radio|tv|official|unknown|null|undefined|none)\b"
    r"|^author$|[.](?:com|net|org|de|fr|tw|cn|co|tv)\b|https?:|@|\d{3}",
    re.I,
)
_NOT_PEOPLE_HAN = re.compile(
    r"編輯部|编辑部|編輯室|中心|新聞網|新闻网|新聞|新闻|網站|网站|電子報|時報|时报|日報|日报|晚報|早報|週刊|周刊|通訊社|通讯社|[中新法美路韓韩德]\w?社$|電視|电视|"
    r"頻道|频道|小組|小组|團隊|团队|本報|本报|本刊|本站|綜合|综合|整理|管理員|管理员|官方|公司|記者|记者|報導|报道|網$|网$|雜誌|杂志|聯合報|來源|来源"
)
_FALLEN = re.compile(r"^[\W\d_]*$")
_MOST = 12


def people(bylines: Iterable[str], outlets: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return the people named in bylines, each once, in order.

    ``outlets`` are names that are not people: the outlet, the site, the publisher.
    """
    return tuple(filter(is_person, named(bylines, outlets)[0]))[:_MOST]


def named(
    bylines: Iterable[str], outlets: Iterable[str | None] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names in bylines, and apart from them those of outlets, desks and "Staff"."""
    known = {_same(outlet) for outlet in outlets if outlet}
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for byline in bylines:
        for name in _parts(byline):
            same = _same(name)
            found[same in known or is_outlet(name)].setdefault(same, name)
    return tuple(found[0].values()), tuple(found[1].values())


def is_person(name: str) -> bool:
    """Say whether a name is as long as a person's and holds no word of an organisation's."""
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or _FALLEN.match(name):
        return False
    return not is_outlet(name)


def is_outlet(name: str) -> bool:
    """Say whether a name holds a word of an organisation's, or no name at all."""
    return bool(_NOT_PEOPLE.search(name) or _NOT_PEOPLE_HAN.search(name))


def _parts(byline: str) -> Iterator[str]:
    line = squeeze(byline)[:300]
    for part in _APART.split(line):
        name = _bare(part)
        if _HAN_NAMES.match(name):
            yield from re.split(r"[\s/／∕]+", name)
        elif name:
            yield name


def _bare(part: str) -> str:
    name, before = part.strip(" \t,.:：-–—|"), ""
    while name != before:
        before, name = name, _BY_GLUED.sub("", _unsaid(name)).strip()
    return _AFTER.sub("", name).strip(" ,.:：")


def _unsaid(name: str) -> str:
    """Return the name without "by" before it; a word of that spelling inside a name stays."""
    found = _BY.match(name)
    if not found:
        return name
    said = found[0].strip()
    apart = found[0] != said or not _LATIN_BY.match(said)
    return (
        name[found.end() :]
        if apart and len(name) - found.end() >= 2 and not _is_surname(name, said)
        else name
    )


def _is_surname(name: str, said: str) -> bool:
    """Say whether 文 begins a name, as in 文在寅, and "Di Maio" or "Da Silva" is one."""
    return said == "文" or (said in ("Di", "Da", "Von", "Av", "Af") and len(name.split()) == 2)


def _same(name: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", name).casefold())
