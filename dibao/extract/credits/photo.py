"""Whose a picture is by its caption, whether it was taken on another occasion, and when."""

import re
from functools import lru_cache

from dibao.extract.credits.parts import EAST, at_end, fold
from dibao.extract.credits.words import AGENCIES, AGENCIES_EAST, AGENCY, HAN, NAMED_OUTLET, either, month

_WHOLE = 1200  # characters of a caption that are read; of a longer one, its edges
_EDGE = 500
_LONGEST = 90  # characters of a credit
_FILE_HAN = (
    r"(?:檔案|档案|資料|资料)(?:照片|圖片|图片|畫面|画面|圖像|图像|相片|照|圖|图|片)|"
    r"資料写真|자료\s?(?:사진|화면)|아카이브"
)
_FILE_LATIN = (
    r"file\s(?:photo|picture|image|footage)(?:graph)?|(?:from\s)?archive\s(?:photo|picture|image)|"
    r"archiv(?:bild|foto|aufnahme)|(?:photos?|images?)\sd['’]archives?|(?:foto|imagen)\sde\sarchivo|foto\sd['’]archivio|(?:foto|imagem)\sde\sarquivo|"
    r"archieffoto|arkiv(?:foto|bild)"
)
_FILE = re.compile(rf"(?:{_FILE_HAN}|\b(?:{_FILE_LATIN})\b)", re.I)
_FILED = tuple("file archi arkiv arquivo 檔案 档案 資料 资料 자료 아카이브".split())  # one is in any of these
_FILE_EDGE = re.compile(
    r"^FILE\s?[-–—:]|[,/]\s?(?:File|FILE|Archivo|ARCHIVO|Arquivo|Archiv|Archives|Archivio)\s?(?:Photo)?\)?$|"
    r"[\[(]File(?:\s[Pp]hoto)?:"
)
_WORDS_OF_FILE = re.compile(
    rf"\s?[,;/、]?\s?(?:{_FILE_HAN}|(?i:{_FILE_LATIN})|(?<=[,/])\s?(?:File|FILE|Archivo|ARCHIVO|Arquivo|"
    rf"Archiv|Archives|Archivio)(?=\)?$))\s?[,;、]?\s?"
)
_TAKEN_THEN = re.compile(
    r"(?:[圖图]為|[圖图]为|=|攝於|摄于|撮影)[、,\s]?"
    r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
)
_TAKEN_ON = re.compile(
    r"\b(?:(?P<month>[A-Z][a-z]{2,8})\.?\s(?:(?P<day>\d{1,2}),?\s)?|"
    r"(?P<day2>\d{1,2})\.?\s(?:de\s)?(?P<month2>[^\W\d_]{3,10})\.?\s(?:de\s)?)(?P<year>(?:19|20)\d\d)\b"
)
_LABEL = (
    r"(?:file\s)?photos?\s?credits?|(?:file\s|archiv)?(?:photo|foto)s?|photograph(?:er|s|ie|y)?|pictures?|"
    r"images?(?:\ssource)?|credits?|fotos?|"
    r"bild(?:er|quelle)?|crédit(?:\sphoto)?s?|crédito|"
    r"imagen|foto-?credits?|source|quelle|圖片來源|图片来源|圖片提供|圖像來源|图像来源|圖源|图源|題圖來自|"
    r"题图来自|來源|来源|圖片|图片|照片|攝影|摄影|供圖|供图|攝|摄|圖|图|사진|写真|撮影"
)
_LABELLED = re.compile(
    rf"(?:^|[\s.。!?)\]}}(,;|]|(?<=[{HAN}]))(?:{_LABEL})\s?(?:\sby\s|[:/|=]\s?)"
    rf"(?P<who>[^:=|。()]{{2,{_LONGEST}}})$",
    re.I,
)
_BY = re.compile(
    rf"(?:^|[\s.。(])(?:photograph|photo|picture|image|foto|photographie)s?\s"
    rf"(?:by|von|de|di|par)\s(?P<who>[^:.。()]{{3,{_LONGEST}}})$",
    re.I,
)
_RIGHTS = re.compile(rf"(?:©|\(c\)|copyright)\s?(?P<who>[^©()]{{2,{_LONGEST}}})$", re.I)
_TAKEN_BY = re.compile(
    rf"(?:^|[\s.。,、;()/=])(?:{NAMED_OUTLET}|[{HAN}]{{2,4}}[報报社網网])?(?:[·・][{HAN}]{{2,6}})?"
    rf"(?:特約|特约|實習|实习|攝影|摄影)?(?:記者|记者|通訊員|通讯员)?\s?"
    rf"(?P<who>[{HAN}][{HAN}·・\s、]{{1,16}}?)\s?/?\s?"
    rf"(?:攝影|摄影|撮影|翻攝|翻拍|[攝摄])$"
)
_GIVEN = re.compile(
    rf"(?:^|[\s.。,、;()/])(?:(?:[圖图]\s?/\s?)?(?:[圖图]?(?:取自|來自|来自|源自|截自|擷取自|"
    rf"翻攝自|翻拍自))\s?)?(?P<who>[{HAN}A-Za-z0-9 ·\uac00-\ud7a3]{{2,24}}?)\s?"
    rf"(?:提供|供圖|供图|發|发布?|제공|配信)$"
)
_DRAWN = re.compile(
    r"[圖图](?:片)?\s?/?\s?(?:取自|來自|来自|源自|截自|擷取自|擷自|翻攝自|翻拍自)\s?(?P<who>[^,。()]{2,30})$"
)
_NAME = r"[A-ZÀ-Þ][^\s/().,:]{0,40}"
_WIRE = (
    rf"(?:{AGENCY}(?:\sPhoto)?|Getty(?:\sImages)?|EPA(?:-EFE)?|Shutterstock|Alamy|Imago|IMAGO|iStock|"
    rf"Keystone|"
    r"picture alliance|NurPhoto|SIPA|Sipa|MAXPPP|VCG|ZUMA(?:\sPress)?)"
)
_WIRED = re.compile(
    rf"(?:^|[\s.。)(,])(?P<who>{_WIRE}\s?/\s?[^/()。.]{{2,40}}(?:/[^/()。.]{{2,40}})?|"
    rf"{_NAME}(?:\s{_NAME}){{0,3}}\s?/\s?{_WIRE}(?:\s(?:via|for|von|/)\s[^()]{{2,40}})?)$"
)
_BY_OUTLET = re.compile(
    rf"(?:^|"
    rf"[.!?)\]]\s)(?P<who>{_NAME}(?:\s{_NAME}){{1,3}}\s?/\s?(?:The\s)?[A-ZÀ-Þ][^()/:.]{{2,30}}?(?:\svia\s{_WIRE})?)$"
)
_COURTESY = re.compile(rf"\bcourtesy(?:\sof|:)\s(?P<who>[^:.()]{{3,{_LONGEST}}})$", re.I)
_CAPITALS = re.compile(r"(?:^|[.!?)]\s)PHOTO\s(?P<who>[A-ZÀ-Þ][A-ZÀ-Þ'’ ,-]{4,60})$")
_LAST = re.compile(rf"[.!?)\]]\s(?P<who>{_WIRE}(?:\s?/\s?{_WIRE})?)$")
_KOREAN = re.compile(
    rf"[.!?)\]]\s?(?:/\s?(?P<who>{either(AGENCIES['hangul'])})|(?P<person>[\uac00-\ud7a3]{{2,4}})\s?기자)$"
)
# A date behind the name: 115年2月4日, 2026.2.4
_DATED = re.compile(r"[\s,、]{0,2}\d{2,4}(?:年\d{1,2}月(?:\d{1,2}日)?|[./-]\d{1,2}[./-]\d{1,2})(?=\)?$)")
_HEADED = re.compile(r"file(?:\s(?:photo|picture|image))?\s?[:–—-]", re.I)
_ALONE = re.compile(rf"(?:{_WIRE}(?:\svia\s{_WIRE}|\s?/\s?{_WIRE})?)$")
_EAST = re.compile(rf"(?:^|[。.!?」』)\s])\s?(?P<who>{either(AGENCIES_EAST)})$")
_EAST_INSIDE = re.compile(
    rf"[{HAN}]{{2,10}}(?:社|報|报|網|网|新聞|新闻|電視台|电视台)(?:\s?/\s?[^()]{{2,20}})?$"
)
_OFFICE = re.compile(rf"^(?:{NAMED_OUTLET}\s?)?(?:(?:本報|本报|特約|特约)?(?:記者|记者)|기자)\s?|\s?기자$")
_NO_ONE = re.compile(
    r"^(?:網路|网络|資料照|資料|示意圖|示意图|illustration|photo|file|reproduction|screenshot)$|\d{4}年", re.I
)


def photo_credit(caption: str) -> tuple[str | None, bool]:
    """Return whose picture it is by its caption, or None, and whether that calls it a file photo."""
    return _read(caption if len(caption) <= _WHOLE else caption[:_EDGE] + caption[-_EDGE:])


@lru_cache(maxsize=16)  # whoever looks for a caption asks before whoever writes it down
def _read(caption: str) -> tuple[str | None, bool]:
    folded = fold(caption).strip()
    bare = folded.rstrip(" .。")
    low = folded.lower()
    may_be_file = any(map(low.__contains__, _FILED))
    is_file = may_be_file and bool(_FILE.search(folded) or _FILE_EDGE.search(bare))
    bare = _DATED.sub("", bare)
    said = _WORDS_OF_FILE.sub(_left, bare) if may_be_file else bare
    return _credit(said.rstrip(" .。")) or _labelled(bare), is_file or _another_day(folded)


def _labelled(caption: str) -> str | None:
    """Return whose picture it is where its label is that of a file photo: Archivfoto: Max Muster."""
    if _HEADED.match(caption):
        return None
    said = caption.rstrip(")]")
    found = (_SAID_BY.search(said) and _LABELLED.search(said)) or _BY.search(said)
    return _named(found["who"]) if found and not found["who"][0].islower() else None


def _left(found: re.Match[str]) -> str:
    """Return what takes the place of the words of a file photo: what it parted stays apart."""
    return "" if found.string[found.end() : found.end() + 1] in (")", "]", "") else " "


def taken(caption: str) -> str | None:
    """Return when a file photo was taken, as far as its caption says: 2020, 2020-03 or 2020-03-04."""
    folded = fold(caption[:_WHOLE])
    then = _TAKEN_THEN.search(folded)
    if then:
        return _iso(then["year"], int(then["month"] or 0), int(then["day"] or 0))
    on = _TAKEN_ON.search(folded) if photo_credit(caption)[1] else None
    number = month(on["month"] or on["month2"]) if on else None
    return _iso(on["year"], number, int(on["day"] or on["day2"] or 0)) if on and number else None


def _iso(year: str, month: int, day: int) -> str | None:
    if not month:
        return year
    return f"{year}-{month:02}{f'-{day:02}' if day else ''}" if month <= 12 and day <= 31 else None


def _another_day(folded: str) -> bool:
    """Say whether a caption names a month without a day: no picture of the news itself is dated so."""
    then = _TAKEN_THEN.search(folded)
    return bool(then and then["month"] and not then["day"])


def _credit(caption: str) -> str | None:
    inside = at_end(caption)
    if inside and inside[0]:
        return _inside(inside[0]) or (_written(caption) if inside[1] == 0 else None)
    return _written(caption)


def _inside(said: str) -> str | None:
    """Return whose a picture is by what stands in brackets: 圖／記者林青田攝, 中新社, AP Photo/John Doe."""
    last = re.split(r"[,、;](?=[^,、;]*$)", said)[-1].strip()
    alone = _ALONE.match(last) or _EAST_INSIDE.match(last) or last in AGENCIES_EAST
    return _written(last) or (_named(last) if alone else None) or (_written(said) if last != said else None)


def _written(said: str) -> str | None:
    for pattern, mark in _PATTERNS:
        found = pattern.search(said) if mark.search(said) else None
        who = _named(next(filter(None, found.groups()), "")) if found else None
        if who:
            return who
    return None


def _named(who: str) -> str | None:
    """Return a credit without offices; None where it names nobody."""
    said = _OFFICE.sub("", _TAKEN_BY_END.sub("", _FROM.sub("", who.strip(" ,/.。[]")))).strip()
    # A sentence is no name.
    told = len(_SMALL.findall(said)) > 1 or bool(_SMALL.match(said) and " " in said and "/" not in said)
    return said if 2 <= len(said) <= _LONGEST and not told and not _NO_ONE.search(said) else None


_FROM = re.compile(r"^.*[圖图]片?由")
_SMALL = re.compile(
    r"(?:^|\s)(?!(?:on|of|for|via|and|from|the|de|del|van|von|by|at|und|et|y|e)\s)[a-zà-ÿ]+(?=\s|$)"
)
_ANY, _SLASH, _SAID_BY = re.compile(""), re.compile("/"), re.compile(r"[:/|=]|\sby\s", re.I)
# Each with what is in all that it finds: to look for that first is ten times as fast.
_PATTERNS = (
    *((_TAKEN_BY, EAST), (_DRAWN, EAST), (_GIVEN, EAST), (_RIGHTS, _ANY), (_COURTESY, _ANY)),
    *((_BY, _ANY), (_BY_OUTLET, _SLASH), (_WIRED, _SLASH), (_LABELLED, _SAID_BY), (_CAPITALS, _ANY)),
    *((_EAST, _ANY), (_LAST, _ANY), (_KOREAN, EAST)),
)
_TAKEN_BY_END = re.compile(r"\s?(?:翻攝|[攝摄]|提供|제공)$")
