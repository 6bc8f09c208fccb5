"""Datelines and bylines of European wires: TAIPEI, Feb. 4 (Reuters) —, Berlin (dpa) -, By Jane Roe."""

import re

from dibao.extract.credits.names import is_latin
from dibao.extract.credits.parts import Found, Parts
from dibao.extract.credits.words import AGENCY, CITIES, STATES, month

_LETTERS = r"[^\W\d_]"
# (Reuters), (dpa/lby), /TASS/, (WABC)
_MARK = re.compile(
    rf"\((?P<agency>{AGENCY})(?:/[a-z]{{2,3}})?\)|/(?P<tass>TASS)/|\((?P<station>[KW][A-Z]{{2,3}}(?:-TV)?)\)"
)
_DASH = re.compile(r"\s*(?:\.\s?-|[-–—_]{1,2})\s*|\s*[:.]?\s*$")
_SOFT = re.compile(r"\s*[:.]?\s*")
_FAR = 70  # characters before an agency's bracket
_SMALL = r"(?:de|da|do|dos|das|del|della|di|du|la|le|of|am|an der|auf|bei|el|the|en|les|sur|van|den)"
_PLACE = re.compile(
    rf"(?:{_LETTERS}[\w.'’]*|\([^()]{{2,15}}\)|\[[^\[\]]{{2,20}}\])(?:(?:\s?[/,-]\s?|"
    rf"\s)(?:{_SMALL}\s)?(?:{_LETTERS}[\w.'’]*|\([^()]{{2,15}}\)|\[[^\[\]]{{2,20}}\])){{0,6}}$"
)
_DATE = re.compile(
    rf"(?:^|[,.]|\s)\s*(?:(?P<month>{_LETTERS}{{3,10}})\.?\s(?P<day>\d{{1,2}})|"
    rf"(?P<day2>\d{{1,2}})\.?\s(?:de\s)?(?P<month2>{_LETTERS}{{3,10}})\.?)"
    r"(?:,?\s(?:de\s)?\d{4})?[.,]?$",
)
_CAPITALS = re.compile(
    rf"(?P<place>(?:{CITIES})|[A-Z][A-Z.'’ -]{{1,30}}[A-Z],\s(?:{STATES}))\s(?:[—–]|"
    rf"--?)\s?(?:(?P<agency>{AGENCY})\s(?:[—–]|--)\s?)?"
)
_COLON = re.compile(rf"(?P<place>{CITIES}):(?=\s[\"“‘']?[A-Z][a-z\s]|$)(?P<agency>)")
_UNLISTED = re.compile(
    rf"(?P<said>{_LETTERS}[^()—–:]{{2,50}}?)\s?\((?P<agency>[A-ZÀ-Þ][\w.&-]{{1,20}}(?:\s[A-Z][\w.&-]{{1,20}})?)\)\s?[—–-]{{1,2}}(?:\s|$)"
)
_UNBRACKETED = re.compile(
    r"(?P<agency>AGI|ANSA|EFE|AFP|dpa|Reuters|REUTERS|Xinhua|Adnkronos|LaPresse|Lusa|Belga|UPI)\s?(?:\.\s?-|"
    r"[—–-]{1,2})(?:\s|$)"
)
_DATED = re.compile(rf"(?P<said>[A-ZÀ-Þ][^()—–:]{{4,40}}?),\s(?P<agency>{AGENCY})\s[—–-]{{1,2}}(?:\s|$)")
_ANSA = re.compile(rf"\s?-\s?(?P<said>{_LETTERS}[^()—–]{{2,30}}?)\s?-(?:\s|$)")
_ALONE = frozenset("CNN KNA CNA PTI epd dpa sda awp sid".split())  # whose mark no dash follows


def dateline(line: str) -> Found | None:
    """Return what a folded line that begins with a dateline says there, or None."""
    mark = _MARK.search(line, 0, _FAR + 40)
    if mark and mark.start() <= _FAR:
        return _marked(line, mark)
    capitals = _CAPITALS.match(line) or _COLON.match(line)
    if not capitals:
        return _unknown(line) or _bare(line)
    agency = {"agency": (named(capitals["agency"]),)} if capitals["agency"] else {}
    return Found(0, capitals.end(), {"place": (capitals["place"],), **agency})


def _unknown(line: str) -> Found | None:
    """Read an agency that no list names, after a city or a day: TEHRAN (Tasnim) –."""
    found = _UNLISTED.match(line)
    said = place_and_day(found["said"]) if found else None
    if not found or not said or not ("day" in said or re.fullmatch(CITIES, found["said"])):
        return None
    return Found(0, found.end(), {"agency": (found["agency"],), **said})


def _bare(line: str) -> Found | None:
    """Read AGI - and EFE.- and TOKYO, Feb. 4, Kyodo - where no bracket stands around the agency."""
    found = _UNBRACKETED.match(line)
    if found:
        return Found(0, found.end(), {"agency": (found["agency"],)})
    dated = _DATED.match(line)
    said = place_and_day(dated["said"]) if dated else None
    if not dated or not said or "day" not in said:
        return None
    return Found(0, dated.end(), {"agency": (named(dated["agency"]),), **said})


def _marked(line: str, mark: re.Match[str]) -> Found | None:
    agency = mark["agency"] or mark["tass"] or mark["station"]
    before = line[: mark.start()].strip(" .")
    dash = _DASH.match(line, mark.end())
    if not before:
        return _first(line, mark, agency, dash)
    said = place_and_day(line[: mark.start()].strip())
    if said is None or not (dash or "day" in said or before.isupper() or agency in _ALONE):
        return None
    soft = dash or _SOFT.match(line, mark.end())
    return Found(0, soft.end() if soft else mark.end(), {"agency": (named(agency),), **said})


def _first(line: str, mark: re.Match[str], agency: str, dash: re.Match[str] | None) -> Found | None:
    """Read (ANSA) - ROMA, 04 FEB - and (CNN)."""
    ansa = _ANSA.match(line, mark.end())
    said = place_and_day(ansa["said"]) if ansa else None
    if ansa and said and "day" in said:
        return Found(0, ansa.end(), {"agency": (named(agency),), **said})
    if not dash and agency not in _ALONE:
        return None
    return Found(0, dash.end() if dash else mark.end(), {"agency": (named(agency),)})


def named(agency: str) -> str:
    """Return agencies without their article, joined by a slash."""
    apart = re.split(r"\s?[/,&+]\s?|\s(?:and|und|et|y|e|en|og|och)\s", agency)
    return "/".join(
        re.sub("^The (?=Associated)|^dpa-infocom$", lambda found: "dpa" if found[0][0] == "d" else "", each)
        for each in apart
    )


def place_and_day(said: str) -> Parts | None:
    """Return the place and the day of "TAIPEI, Feb. 4" or "Madrid, 4 feb"; None where it is neither."""
    if _BY.match(said):
        return None
    date = _DATE.search(said)
    day = int(date["day"] or date["day2"]) if date and month(date["month"] or date["month2"]) else 0
    place = said[: date.start()].rstrip(" ,.") if date and day else said.rstrip(" ,")
    if day > 31 or (place and not is_place(place)) or not (place or day):
        return None
    return {**({"place": (place,)} if place else {}), **({"day": (str(day),)} if day else {})}


def is_place(said: str) -> bool:
    """Say whether a folded text is written as a place is: capitalised, short, nothing but words."""
    if len(said) > 50 or not _PLACE.match(said):
        return False
    words = [word for word in re.split(r"[\s/,()\[\]-]+", said) if word and not re.fullmatch(_SMALL, word)]
    return all(word[0].isupper() for word in words)


# --- bylines ----------------------------------------------------------------------------------------

_BY = re.compile(
    r"(?:(?:Written|Reported|Story|Words|Text|Report|Compiled|Posted)\s)?[Bb]y:?\s|BY\s|"
    r"(?:(?:Publié|Rédigé|Recueilli|Écrit|Propos recueillis|Texte)\s)par\s?:?\s|(?:Par|Por)\s?:\s|"
    r"(?:Von|Par|Por|Di|di|Door|Af|Av|Texte? de|Texto de|Testo di)\s(?:unsere[mrn]\s\w{4,24}\s|"
    r"notre\s\w{4,24}\s)?"
)
_BREAK = re.compile(
    r"\s*[,|•;·]\s*|\s+[-–—]\s+|"
    r"\s\(?(?:and|AND|und|et|y|e|en|og|och|&|with|mit|avec|con|com|for)\s"
)
_OFFICE = re.compile(
    r"(?:\b(?:staff|writer|correspondent|reporter|editor|columnist|contributor|bureau|desk|special|"
    r"korrespondent(?:in)?|"
    r"redakteur(?:in)?|redaktion|journaliste|correspondant(?:e)?|envoyée?|corresponsal|redactor(?:a)?|"
    r"repórter|inviato|photos?)\b)",
    re.I,
)
_INITIALS = re.compile(r"(?:[A-Z](?:\.|$)\s?-?){1,4}$")
_IN = re.compile(
    rf"\s(?:in|aus|à|en|from|em)\s(?P<place>(?:{_LETTERS}[\w.'’-]*)(?:,?\s{_LETTERS}[\w.'’-]*){{0,3}})$"
)
_WITH_AGENCY = re.compile(
    rf"(?P<rest>.*?)(?:^|\s|,\s|\()(?:(?:avec|mit|con|com|with)\s)?"
    rf"(?P<agency>{AGENCY})(?:\s(?:[Ss]taff|[Ww]riters?|[Rr]eporters?|[Cc]orrespondents?|[Jj]ournalists?|"
    rf"news agency))*$"
)
_PHOTOS = re.compile(
    r"[;,|]\s*(?:photos?|photographs|pictures|fotos?|bilder)(?:\sby|:)?\s(?P<who>[^;|]{4,80})$", re.I
)
_LONGEST = 140
_ARTICLES = frozenset("The Le La Les L'".split())


def byline(line: str) -> Found | None:
    """Return who signs, where a folded line is a byline and nothing else, or None."""
    by = _BY.match(line)
    if not by or len(line) > _LONGEST or line[-1] in ".!?:…":
        return None
    said = line[by.end() :].strip()
    photos = _PHOTOS.search(said)
    parts = signed(said[: photos.start()] if photos else said)
    if photos and parts and is_latin(photos["who"]):
        parts = {**parts, "photographers": (photos["who"],)}
    return Found(0, len(line), parts) if parts else None


def signed(said: str) -> Parts | None:
    """Return people, agency and place of a byline without its "By"; None where it names neither."""
    found: dict[str, tuple[str, ...]] = {}
    for number, part in enumerate(filter(None, _BREAK.split(said))):
        read = _signer(part.strip(" .()"), first=not found)
        if read is None and number == 0:
            return None
        for name, value in (read or {}).items():
            found[name] = (*found.get(name, ()), *value) if name == "reporters" else found.get(name, value)
    return found if "reporters" in found or "agency" in found else None


def _signer(part: str, *, first: bool) -> Parts | None:
    agency = _WITH_AGENCY.match(part)
    if agency:
        rest = agency["rest"].strip()
        return {"agency": (named(agency["agency"]),), **({"reporters": (rest,)} if is_latin(rest) else {})}
    within = _IN.search(part)
    name = part[: within.start()] if within else part
    place = {"place": (within["place"],)} if within else {}
    if _INITIALS.match(name):
        return {}
    if _OFFICE.search(name):
        return place or ({} if not first else None)
    if is_latin(name) and name.split()[0] not in _ARTICLES:
        return {"reporters": (name,), **place}
    if name.split(" ")[0] in _ARTICLES:
        return {}
    return {"place": (name,)} if not first and re.fullmatch(CITIES, name, re.I) else None
