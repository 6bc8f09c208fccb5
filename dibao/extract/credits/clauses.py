"""Closing credits in European languages: Reporting by …; Editing by …, Redaktion: …, Traduit par …."""

import re
from collections.abc import Iterator

from dibao.extract.credits.european import named
from dibao.extract.credits.names import is_latin
from dibao.extract.credits.parts import Parts
from dibao.extract.credits.words import AGENCY
from dibao.people import is_outlet

_LONGEST = 400
_FROM = (
    r"(?:from|of|de|del|do|da|dos|aus|dem|der|du|l['’]|the|dall['’]|dal|des|d['’]|le|la)?\s?"
    r"(?:the |dem |l['’])?(?:original )?[^\W\d_]{2,14}"
)
_LABELS = {
    "reporters": (
        r"(?:(?:additional )?(?:reporting|writing|reported|written|research)|story|words|text|"
        r"compiled)(?: and (?:editing|writing|reporting))? by|"
        r"(?:with (?:assistance|additional reporting|reporting|contributions?|files|inputs?)) (?:from|by)|"
        r"text|texte|texto|testo|tekst|reportage(?: de| par)?|reportagem(?: adicional)?(?: de| por)?|"
        r"reporte(?: adicional)?(?: de| por)?|"
        r"rédigé par|rédaction|redacción|escrito por|autor(?:in|a|es)?|auteure?s?|authors?|reporters?|"
        r"contributing|tekst door"
    ),
    "editors": (
        r"(?:(?:this (?:article|story|piece) was )?edited|editing) by|editors?|redaktion|"
        r"redaktionelle bearbeitung|redigiert von|edité par|édité par|"
        r"édition|edición(?: de| por)?|editado por|edição(?: de| por)?|a cura di|redactie|eindredactie|"
        r"relecture"
    ),
    "translators": (
        rf"(?:this (?:article|story|piece) (?:was|has been) )?translat(?:ed|ion)(?: {_FROM})? by|"
        rf"translation|translators?|übersetzung|übersetzt(?: aus dem [^\W\d_]{{4,16}})? von|"
        rf"aus dem [^\W\d_]{{4,16}}(?: übersetzt)? von|adaption|bearbeitung|deutsch von|"
        rf"traduit(?:e)?(?: de (?:l['’])?[^\W\d_]{{3,14}}| du [^\W\d_]{{3,14}})? par|traduction(?: de|"
        rf" par)?|version française|adaptation(?: française)?(?: de| par)?|"
        rf"traducción(?: de)?|traducido(?: del [^\W\d_]{{3,14}})? por|tradução(?: de)?|"
        rf"traduzido(?: do [^\W\d_]{{3,14}})? por|"
        rf"traduzione(?: di)?|tradotto(?: dall['’][^\W\d_]{{3,14}}| dal [^\W\d_]{{3,14}})? da|vertaling|"
        rf"vertaald door"
    ),
    "photographers": (
        r"(?:photos?|photographs?|photography|pictures|images) by|photos?|photographies?|"
        r"fotos?(?: von| de| di)?|bilder|fotografie"
    ),
    "agency": (
        r"(?:mit )?material (?:von|der)|\(?mit material (?:von|der)|avec|mit|con información de|con datos de|"
        r"com informações d[aeo]|com|con|with(?: (?:agency )?inputs? from)?|additional reporting by|"
        r"quelle|source|fuente|fonte|bron|text|agencia|agence"
    ),
}
_LABEL = "|".join(f"(?P<{kind}>{said})" for kind, said in _LABELS.items() if kind != "agency")
_PLAIN_LABEL = "|".join(said for kind, said in _LABELS.items() if kind != "agency")
_CLAUSE = re.compile(rf"(?:{_LABEL})(?P<mark>\s?:\s?|\s)(?P<who>[^:;]{{3,200}})$", re.I)
_APART = re.compile(rf"\s*[;|]\s*|\.\s+(?=[A-ZÀ-Þ])|(?<=[a-z])\.\s+|,\s+(?=(?:{_PLAIN_LABEL})[\s:])", re.I)
_BEGINS = re.compile(rf"(?:{_PLAIN_LABEL})[\s:]", re.I)
_NAMES = re.compile(r"\s*[,&/]\s*(?:and\s)?|\s(?:and|und|et|y|e|en|og|och|with)\s")
_WHERE = re.compile(r"\s(?:in|aus|à|en|em|from|a)\s(?P<place>[A-ZÀ-Þ][^\s,]*(?:\s[A-ZÀ-Þ][^\s,]*){0,3})$")
_RESTED = re.compile(
    r"(?P<who>[^.!?]{4,220}?)\s(?:also\s)?(?:contributed|assisted)(?:\s(?:reporting|to this (?:report|story|"
    r"article|piece)|research))+"
    r"(?:\sfrom\s(?P<place>[A-ZÀ-Þ][^.,]{2,40}))?\.?$"
)
_DESK = re.compile(
    r"\b(?:newsroom|bureau|staff|desk|team|images|ministry|library|redaktion|rédaction|redacción)\b", re.I
)
_WRITE_TO = re.compile(r"Write to (?P<who>[^@]{4,160}?) at \S{1,60}@\S{1,60}(?: and \S{1,60}@\S{1,60})*$")
_SIGNED = re.compile(rf"(?P<who>[^()]{{4,60}}),\s(?P<agency>{AGENCY})$")
_LISTED = re.compile(r"(?:Quelle|Quellen|Source|Sources|Fuente|Fonte)\s?:\s(?P<who>[^:;]{3,80})$")
_TWO = re.compile(r"(?P<main>[^()]{6,200})\s\((?P<more>[^()]{3,80})\)$")
_OFFICES = re.compile(
    rf"^(?:(?P<agency>{AGENCY})['’]?s?\s)?(?:[A-Z][a-z]+\s)?(?:staff\s|special\s)?"
    r"(?:writers?|reporters?|correspondents?|editors?|journalists?|videojournalists?|photographers?)\s",
    re.I,
)
_AGENCY_LINE = re.compile(
    rf"(?:[—–-]{{1,2}}\s?)?(?:©\s?)?(?:(?:{_LABELS['agency']})\s?:?\s)?(?P<agency>{AGENCY})(?:/[a-z]{{2,4}})?\.?$",
    re.I,
)
_INFOCOM = re.compile(r"©\s?dpa-infocom, dpa:[\d-]+/\d+$")
_SIGN_ALONE = frozenset("EFE AFP AP dpa Reuters ANSA Lusa APA sda epd KNA".split())  # on a line of their own
_KNOWN = re.compile(rf"{AGENCY}$")


def clauses(said: str) -> Parts | None:
    """Return who did what where a folded line says nothing else, or None."""
    line = re.sub(r"^[—–*•-]+\s*", "", said.strip()).rstrip(". ")
    if not 3 <= len(line) <= _LONGEST:
        return None
    agency = agency_line(said) or agency_line(line)
    if agency and _KNOWN.match(line) and line not in _SIGN_ALONE:
        return None
    return agency or _contributed(line) or _sequence(line) or _others(line)


def _others(line: str) -> Parts | None:
    """Read Max Muster, dpa; Quelle: mmu/dpa; Redaktion: Max Muster (mit Material von dpa); Write to …."""
    two = _TWO.match(line) if line[-1] == ")" else None
    listed, signed = _LISTED.match(line), _SIGNED.match(line) if len(line) <= 80 else None
    if two:
        main, more = clauses(two["main"]), clauses(two["more"])
        return {**more, **main} if main and more else None
    if listed:
        agencies = [part for part in re.split(r"[,/]\s?", listed["who"]) if _KNOWN.match(part)]
        return {"agency": (named("/".join(agencies)),)} if agencies else None
    if signed and (read := _people(signed["who"])):
        return {"reporters": read[0], "agency": (named(signed["agency"]),)}
    written = _WRITE_TO.match(line)
    read = _people(written["who"]) if written else None
    return {"reporters": read[0]} if read else None


def agency_line(said: str) -> Parts | None:
    """Return the agency where a folded line names one and nothing else: (AFP), — Reuters, Quelle: dpa."""
    if len(said) > 80:
        return None
    if _INFOCOM.match(said):
        return {"agency": ("dpa",)}
    found = _AGENCY_LINE.match(said)
    return {"agency": (named(found["agency"]),)} if found and _KNOWN.match(found["agency"]) else None


def _sequence(line: str) -> Parts | None:
    if not _BEGINS.match(line):
        return None
    found: dict[str, tuple[str, ...]] = {}
    places: list[str] = []
    for clause in filter(None, _APART.split(line)):
        read = _clause(clause.strip(" -–—."))
        if read is None:
            return None
        kind, names, where = read
        places += where
        if names:
            found[kind] = tuple(dict.fromkeys((*found.get(kind, ()), *names)))
    return {**found, **({"place": tuple(places)} if len(set(places)) == 1 else {})} if found else None


def _clause(clause: str) -> tuple[str, tuple[str, ...], list[str]] | None:
    found = _CLAUSE.match(clause)
    if not found:
        return None
    kind = next(kind for kind in _LABELS if kind != "agency" and found[kind])
    who = found["who"].partition("/")[0] if kind == "photographers" else found["who"]
    read = _people(who)
    return (kind, *read) if read else None


def _people(who: str) -> tuple[tuple[str, ...], list[str]] | None:
    """Return names and the places said with them; None where one is no name."""
    names, places = [], []
    for part in _named_parts(who):
        if _is_nobody(part):
            continue
        where = _WHERE.search(part)
        names.append(part[: where.start()] if where else part)
        places += [where["place"]] if where else []
    return (tuple(names), places) if all(map(is_latin, names)) else None


def _is_nobody(part: str) -> bool:
    """Say whether an office or an outlet stands in a person's place: the Washington newsroom."""
    outlet = _DESK.search(part) or _KNOWN.match(part) or (is_latin(part) and is_outlet(part))
    return len(part) <= 40 and bool(outlet)


def _named_parts(who: str) -> Iterator[str]:
    for part in _NAMES.split(who.strip(" .")):
        yield _OFFICES.sub("", part.strip(" ."))


def _contributed(line: str) -> Parts | None:
    """Read "Jane Roe and Mary Poe contributed to this report"."""
    found = _RESTED.match(line)
    if not found:
        return None
    agency = _OFFICES.match(found["who"])
    said = {"agency": (named(agency["agency"]),)} if agency and agency["agency"] else {}
    if _KNOWN.match(found["who"]):
        return {"agency": (named(found["who"]),)}
    read = _people(_without_lands(found["who"]))
    if read is None:
        return None
    names, places = read
    places += [found["place"]] if found["place"] else []
    return {
        **said,
        "reporters": names,
        **({"place": (places[0],)} if len(places) == 1 and len(names) == 1 else {}),
    }


def _without_lands(who: str) -> str:
    """Return a list of people without the land after a town: "in Cape Canaveral, Florida, and …"."""
    return re.sub(
        r"(\sin\s[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2}),\s[A-Z][\w.]*(?:\s[A-Z][\w.]*)?(?=,|\sand|$)", r"\1", who
    )
