"""Corrections and updates that an article says of itself."""

import re

from dibao.extract.credits.parts import at_end, within
from dibao.model import Note

_LONGEST = 600
_CORRECTION = (
    r"(?:更正|勘誤|勘误|訂正|订正)(?:啟事|启事|聲明|声明|說明|说明)?\s?(?=[:\]]|與|与)|\[(?:更正|勘誤|勘误|"
    r"訂正|订正)[^\]]{0,6}\]|정정\s?:|\[정정\]|"
    r"corrections?(?:\s(?:added|appended))?(?:,?\s\(?[A-Za-z]{3,9}\.?\s\d{1,2}(?:,\s\d{4})?\)?)?\s?:|"
    r"corrections?\s&\sclarifications?|clarification\s?:|"
    r"\(?corrects\s(?:[^.]{0,80}\s)?(?:paragraphs?|headline|byline|dateline|spelling|name|typo|date|day|"
    r"figure|quote|title)\b|"
    r"\(?this\s(?:story|article|version|post|piece|report)\s(?:has been|was|is)\s(?:corrected|amended)|"
    r"\(?this version corrects\s(?:the|an?|that|paragraph|style|name|spelling|day|date)\b|"
    r"\(?an?\s(?:earlier|previous|original)\sversion of (?:this|the) (?:story|article|post|piece|report|"
    r"headline)|"
    r"(?:berichtigung|korrektur(?:hinweis)?|richtigstellung)\s?:|in einer (?:früheren|vorherigen|"
    r"ersten) (?:version|fassung) (?:dieses|des) (?:artikels|textes|beitrags)|"
    r"(?:rectificatif|erratum|correction|errata|errat[ao])\s?:|une (?:première|"
    r"précédente) version de cet article|"
    r"(?:rectificación|corrección|fe de erratas|fe de errores)\s?:|(?:correção|errata|erramos)\s?:|"
    r"(?:rettifica|errata corrige|correzione)\s?:|rectificatie\s?:"
)
_UPDATE = (
    r"\(?(?:更新|最新)(?:於|于)?\s?(?:時間|时间|日期)?\s?(?::|\(?\d{1,4}[年月/-])|\[更新[^\]]{0,20}\]|"
    r"[※*◎]?\s?(?:本文|本則新聞|此文|本報導)(?:已|最後|最后)?(?:於|于)[^。]{0,24}更新|"
    r"\(?(?:\d{4}年)?\d{1,2}月\d{1,2}日[^。]{0,10}更新\)?$|\[?\(?(?:업데이트|수정)\s?:|"
    r"updated?(?:\s(?:on\s)?(?:\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?|"
    r"\(?[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,?\s\d{4})?\)?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)[^:.]{0,30})?\s?:\s?\S|"
    r"\(?this\s(?:story|article|post|piece|report)\s(?:has been|was|will be)\s(?:last\s)?updated|"
    r"(?:last )?updated:?\s(?:on\s)?(?:[A-Z][a-z]{2,8}\.?\s\d{1,2},?\s\d{4}|"
    r"\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4})(?:,?\s(?:at\s)?\d[^.]{0,24})?$|"
    r"aktualisiert\s(?:am|um)\s\d|\(?dieser (?:artikel|text|beitrag) w(?:ird|urde) (?:laufend |"
    r"zuletzt )?aktualisiert|"
    r"mise? à jour\s(?:le|à)\s\d|\(?cet article a été mis à jour|mise à jour\s?:|"
    r"(?:actualización|actualizado|atualização)\s?(?::|(?:el|em|a las|às)\s\d)|esta (?:nota|noticia|"
    r"información) (?:ha sido|fue) actualizada|"
    r"atualizad[ao]\s(?:em|às|há)\s\d|esta (?:matéria|reportagem) foi atualizada|"
    r"aggiornamento\s?:|(?:articolo\s)?aggiornato\s(?:il|alle)\s\d|bijgewerkt\s(?:op|om)\s\d|"
    r"(?:【)?\(?(?:\d{1,2}月)?\d{1,2}日(?:午前|午後)?[^。]{0,10}更新\)?$|追記\s?:"
)
_PREFIX = (
    r"[※*◎●■(—–-]{0,3}\s?(?:(?:editor['’]?s['’]?\snote|anmerkung der redaktion|note de la rédaction|"
    r"nota (?:del editor|da redação|di redazione|de la redacción)|"
    r"編按|編者按|编者按|编者注|編註)\s?:\s?)?"
)
_EDITORIAL = (
    r"(?:editor['’]?s['’]?\snote|anmerkung der redaktion|note de la rédaction|nota (?:del editor|da redação|"
    r"di redazione|de la redacción)|"
    r"編按|編者按|编者按|编者注|編註)\s?:"
)
_CORRECTS = re.compile(rf"{_PREFIX}(?:{_CORRECTION})", re.I)
_UPDATES = re.compile(rf"{_PREFIX}(?:{_UPDATE})", re.I)
_BY_EDITORS = re.compile(rf"[(\[]?{_EDITORIAL}", re.I)
_CORRECTED = re.compile(
    r"\b(?:corrected|misstated|misspelled|misidentified|incorrectly|korrigiert|berichtigt|falsch\w*|corrigé|"
    r"erron\w+|corregid\w+|corrigid\w+|corrett\w+)\b|"
    r"更正|勘誤|誤植|有误|有誤",
    re.I,
)
_ENCLOSED = re.compile(r"\(")  # [更正] heads what follows it, (更新：…) says it all
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
    last, first = at_end(folded.rstrip(" 。.")), within(folded, _LONGEST)
    opened = [(0, first[1])] if first and first[1] < len(folded) and _ENCLOSED.match(folded) else []
    closed = [(last[1], len(folded))] if last and last[1] else []
    return [*opened, (0, len(folded)), *closed]


def _kind(said: str) -> str | None:
    if _CORRECTS.match(said):
        return "correction"
    if _UPDATES.match(said):
        return "update"
    if _BY_EDITORS.match(said):
        return "correction" if _CORRECTED.search(said) else "update" if _UPDATED.search(said) else None
    return None
