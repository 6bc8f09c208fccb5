"""Corrections and updates that an article says of itself."""

import re

from dibao.extract.credits.parts import at_end, within
from dibao.model import Note

_LONGEST = 600
_EDITORS = (
    r"editor['’]?s['’]?\snote|anmerkung der redaktion|hinweis(?: der redaktion)?|note de la rédaction|"
    r"nota (?:del editor|da redação|di redazione|de la redacción)|編按|編者按|编者按|编者注|編註"
)
_STORY = r"(?:story|article|version|post|piece|report|page|list|headline)"
_MONTH_DAY = r"\(?[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,?\s\d{4})?\)?"
_CLOCK = r"\d{1,2}\s?[:.h]\s?\d\d(?:\s?[ap]\.?m\.?)?"
_OF_A_DAY = r"(?:\s(?:vom|du|del|dal|de|van)\s[^:]{3,24})?"
_CORRECTIONS = (
    r"(?:更正|勘誤|勘误|訂正|订正)(?:啟事|启事|聲明|声明|說明|说明)?\s?(?=[:\]]|與|与)",
    r"\[(?:更正|勘誤|勘误|訂正|订正)[^\]]{0,6}\]",
    r"\[?정정\s?[:\]]",
    rf"corrections?(?:\s(?:added|appended))?(?:,?\s{_MONTH_DAY})?\s?:",
    r"corrections?\s&\sclarifications?|clarification\s?:",
    r"corrects\s(?:[^.]{0,80}\s)?(?:paragraphs?|headline|byline|dateline|spelling|name|typo|date|day|figure|"
    r"quote)\b",
    rf"this\s{_STORY}\s(?:has been|was|is)\s(?:corrected|amended)",
    r"this version corrects\s(?:the|an?|that|paragraph|style|name|spelling|day|date)\b",
    rf"an?\s(?:earlier|previous|original)\sversion of (?:this|the) {_STORY}",
    rf"(?:berichtigung|korrektur(?:hinweis)?|richtigstellung){_OF_A_DAY}\s?:",
    r"in einer (?:früheren|vorherigen|ersten) (?:version|fassung) (?:dieses|des) (?:artikels|textes|"
    r"beitrags)",
    rf"(?:rectificatif|erratum|errata|correctif){_OF_A_DAY}\s?:|une (?:première|"
    rf"précédente) version de cet article",
    r"(?:rectificación|corrección|fe de erratas|fe de errores)\s?:",
    r"(?:correção|erramos)\s?:|(?:rettifica|errata corrige|correzione)\s?:|rectificatie\s?:",
)
_UPDATES = (
    r"(?:最[新後后])?更新(?:於|于)?\s?(?:時間|时间|日期)?\s?(?::|\(?\d{1,4}[年月/-])|\[更新[^\]]{0,20}\]",
    r"(?:本文|本則新聞|此文|本報導)(?:已|最後|最后)?(?:於|于)[^。]{0,24}更新",
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日[^。]{0,10}更新\)?$",
    r"追記\s?:|(?:업데이트|수정)\s?:",
    rf"updated?,?(?:\s(?:on\s|at\s)?(?:{_CLOCK}|{_MONTH_DAY}|"
    rf"\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)[^:.]{{0,30}})?\s?:\s?\S",
    r"update\s(?:vom|um|von)\s\d[^:]{0,40}:",
    rf"(?:last )?updated:?\s(?:on\s)?(?:{_MONTH_DAY}|"
    rf"\d{{1,2}}\s[A-Z][a-z]{{2,8}}\s\d{{4}})(?:,?\s(?:at\s)?\d[^.]{{0,24}})?$",
    rf"this\s{_STORY}\s(?:has been|was|will be|is being)\s(?:last\s)?updated",
    r"aktualisiert\s(?:am|um)\s\d|dieser (?:artikel|text|beitrag) w(?:ird|urde) (?:laufend |"
    r"zuletzt )?aktualisiert",
    r"(?:article )?mise? à jour\s(?:le|à)\s\d|cet article a été mis à jour|mise à jour\s?:",
    r"(?:actualización|actualizad[oa]|atualização)\s?(?::|(?:el|em|a las|às)\s\d)",
    r"esta (?:nota|noticia|información|matéria|reportagem|notícia) (?:ha sido|fue|foi) (?:actualizada|"
    r"atualizada)",
    r"atualizad[ao]\s(?:em|às|há)\s\d|aggiornamento\s?:|(?:articolo\s)?aggiornato\s(?:il|alle)\s\d|"
    r"bijgewerkt\s(?:op|om)\s\d",
)
# In brackets only: what a wire says at the head of a story that it sends again.
_AGAIN = re.compile(r"\((?:updates|adds|recasts|refiles|rewrites|releads)\s[^()]{3,200}\)$", re.I)
_PREFIX = rf"[※*◎●■\s(—–-]{{0,4}}(?:(?:{_EDITORS})\s?:\s?)?"
_CORRECTS = re.compile(rf"{_PREFIX}(?:{'|'.join(_CORRECTIONS)})", re.I)
# Stands after a sentence: looked for only where its words are, since it begins with anything.
_OWNS_UP = re.compile(rf"{_PREFIX}[^。]{{0,60}}(?:。[^。]{{0,40}})?訂正して、?(?:おわび|お詫び)", re.I)
_BRINGS_UP = re.compile(rf"{_PREFIX}(?:{'|'.join(_UPDATES)})", re.I)
_BY_EDITORS = re.compile(rf"[(\[]?(?:{_EDITORS})\s?:", re.I)
_CORRECTED = re.compile(
    r"\b(?:corrected|misstated|misspelled|misidentified|incorrectly|korrigiert|berichtigt|falsch\w*|corrigé|"
    r"erron\w+|corregid\w+|corrigid\w+|corrett\w+)\b|更正|勘誤|誤植|有误|有誤",
    re.I,
)
_UPDATED = re.compile(
    r"\b(?:updated|aktualisiert|mis à jour|actualizad\w+|atualizad\w+|aggiornat\w+)\b|更新", re.I
)


def note(line: str, folded: str) -> tuple[int, int, Note] | None:
    """Return what a line says of the article's own correction or update, and where; or None.

    It is the whole line, the bracket that the line begins with, or the one it ends with.
    """
    for start, end in _places(folded):
        kind = _kind(folded[start:end]) if end - start <= _LONGEST else None
        if kind:
            return start, end, Note(kind=kind, text=line[start:end])
    return None


def _places(folded: str) -> list[tuple[int, int]]:
    """Return where a note can stand; [更正] heads what follows it, (更新：…) says it all."""
    last, first = at_end(folded.rstrip(" 。.")), within(folded, _LONGEST)
    opened = [(0, first[1])] if first and first[1] < len(folded) and folded.startswith("(") else []
    closed = [(last[1], len(folded))] if last and last[1] else []
    return [*opened, (0, len(folded)), *closed]


def _kind(said: str) -> str | None:
    if _CORRECTS.match(said) or ("訂正して" in said and _OWNS_UP.match(said)):
        return "correction"
    if _BRINGS_UP.match(said) or _AGAIN.match(said):
        return "update"
    if _BY_EDITORS.match(said):
        return "correction" if _CORRECTED.search(said) else "update" if _UPDATED.search(said) else None
    return None
