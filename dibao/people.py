"""Bylines -> names of people: never the outlet, an agency, or "Staff"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dibao.text import squeeze

_SIGNED = (
    r"by|von|par|por|di|da|door|av|af|przez|od|yazan|penulis|oleh|"
    r"(?:autor(?:in|es|a)?|author(?:ed by|s)?|auteurs?|redaktion|text|texte?|texto|testo|quelle|"
    r"source|fuente)(?=\s*[:：])"
)
_BY = re.compile(
    r"^(?:article |authored |content |created |written |reported |posted |published |story |analysis |"
    r"opinion |words |"
    r"geschrieben |verfasst |publié |écrit |escrito |publicado |scritto |pubblicato |ein (?:artikel|"
    r"beitrag|kommentar|gastbeitrag) |eine (?:analyse|kolumne) )?"
    rf"(?:{_SIGNED}|出典|"
    r"文|图|圖|作者|撰文|撰稿人?|采写|採寫|记者|記者|特派员|特派員|編輯|编辑|編譯|编译|責任編輯|责任编辑|"
    r"責編|责编|核稿編輯|核稿|實習記者|实习记者|特約記者|特约记者|"
    r"综合|即時新聞|文字|取材|執筆|기자)\s*[:：/／|｜∕•·︱]?\s*(?=[^\s])",
    re.I,
)
_BY_GLUED = re.compile(r"^(?:by|von|par|por|di|da|door|av|af)(?=[A-Z])")
_BY_FIRST = re.compile(r"^\W*(?:by|von|par|por|di|door|av|af)\s", re.I)
_STATION = re.compile(
    r"(?:ARD|ZDF|MDR|NDR|WDR|SWR|RBB|SRF|ORF|RTL|RTS|RTBF|RSI|BBC|CNN|NPR|PBS|NBC|CBS|ABC|CBC|NHK|KBS|MBC|SBS|TVBS)\s"
)
_LATIN_BY = re.compile(r"^(?:by|von|par|por|di|da|door|av|af|od|text)$", re.I)
_APART = re.compile(
    r"\s*(?:[;；、|｜•·∙](?!\w)|[;；、|｜•∙]|，|,(?!\s*(?:(?:Jr|Sr)\b(?!\.?\s*(?!and\s|und\s|et\s|y\s)[A-Za-z])|(?:MD|PhD|M\.D|Ph\.D|III?)\b))|\n|"
    r"\s[&+]\s|(?<=\w\s)/(?=\s\w)|(?<=[a-zà-ÿ])/(?=[A-ZÀ-Þ])|"
    r"(?<!\w)(?:and|und|et|y|e|og|och|en|oraz|ve|és|ja|with|mit)\s(?=[A-ZÀ-Þ]|[a-z]+[A-Z])|"
    r"(?<=[\u3400-\u9fff])\s*[與和及与&＆]\s*(?=[\u3400-\u9fff]{2,4}(?:$|[\s、／/])))\s*"
)
_HAN_NAMES = re.compile(r"^[\u3400-\u9fff]{2,4}(?:[\s\u3000/／∕]+[\u3400-\u9fff]{2,4})+$")
_AFTER = re.compile(
    r"\s*(?:[（(〔\[<【][^）)〕\]>】]*[）)〕\]>】]?$|[（〔\[<【].*|[／/∕︱].*(?:報導|报导|報道|报道|電|訊|"
    r"讯|编译|編譯)|"
    r"(?:綜合|综合|專訪|专访|特稿)?(?:報導|报导|報道|报道)|\s[-–—|]\s.*|\s@\w+.*|\b(?:for|of|at|"
    r"in)\s+(?:the\s+)?[A-Z].*|"
    r",?\s*(?:updated|published|posted|last|on|am|vom|le|el)\b[^a-z]*\d.*|(?<=[\u3400-\u9fff])(?:記者|"
    r"记者|撰文|氏|署名)|(?<=[가-힣])\s*(?:기자|특파원|논설위원|선임기자|객원기자)(?:\s*외\s*\d+명)?)$",
    re.I,
)
# Who reviewed, photographed or edited a piece did not write it.
_OTHERS = re.compile(
    r"\b(?:(?:medically |clinically |expert |fact[- ]|legally )?(?:reviewed|checked|edited|verified|"
    r"approved|photographed|illustrated|translated|narrated|produced|"
    r"curated|sponsored|presented)(?: and (?:reviewed|edited|approved|fact[- ]checked))? by|photos? (?:by|"
    r"credit)|photographs?(?: by)?|fotos?(?: von)?|photographie|illustrations?(?: by)?|video by|mit "
    r"fotos).*$",
    re.I | re.S,
)
_DATED = re.compile(
    r"\s*[-–—|,·•]?\s*(?:\b(?:on|am|le|el)\s)?(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|"
    r"sun)(?:day)?\.?,?\s*)?"
    r"(?:\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[-./年]\d{1,2}[-./月].*|\b\d{1,2}:\d\d.*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+\d{1,2}(?!\w).*|"
    r"\b\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b.*|"
    r"\d+\s*(?:min|hour|day|week|month|year)s?\b.*)$",
    re.I,
)
_DEGREES = re.compile(
    r"^(?:[A-Z][A-Za-z]{0,2}\.?){1,4}[®™]?(?:\s?-?(?:[A-Z]+\.?){1,3})?$|^(?:[A-Z]{2,6}[®™]?(?:[-/ ]|$))+$|"
    r"^(?:Ph\.?\s?D|M\.?\s?D|Dr|Prof|Esq|Jr|Sr|CPA|CFP|Psy\.?D|Ed\.?D)\.?[®™]?$"
)
_DEGREES_AFTER = re.compile(
    r"(?<=[a-zà-ÿ.])(?:,?\s+(?:M\.?D\.?|Ph\.?D\.?|RDN?|M\.?Sc?|M\.?A|MBA|BSN|MSN|RN|CPA|CFA|CFP|CPP|PSP|DDS|"
    r"DMD|DO|J\.?D|LLM|LPC|LCSW|MPH|FAND|NP|DPT|CSCS|LMFT|PMP|DVM|Esq\.?)[®™]?)+$"
)
_JOBS = re.compile(
    r"\b(?:writer|author|columnist|blogger|founder|co-?founder|c[eftom]o|president|director|manager|"
    r"coordinator|specialist|consultant|"
    r"analyst|strategist|marketer|engineer|developer|designer|professor|lecturer|fellow|researcher|"
    r"scientist|expert|physician|therapist|"
    r"attorney|lawyer|head of|vice|senior|chief|lead|officer|assistant|associate editor|intern|"
    r"photographer|filmmaker|critic|host|producer|executive|"
    r"redakteur(?:in)?|journalist(?:in)?|korrespondent(?:in)?|autorin|chefredakteur(?:in)?|"
    r"volont[äa]r(?:in)?|journaliste|correspondante?|periodista|redactor[a]?|giornalista|"
    r"dietitian|nutritionist|certified|licensed|registered|advisor|adviser|planner|educator|teacher|"
    r"owner|editor-in-chief|projektleiter(?:in)?|wissenschaftler(?:in)?|leiter(?:in)?)s?\b",
    re.I,
)
_PHRASES = re.compile(
    r"\b(?:view|learn|read|see|more|follow|share|posts?|articles?|stories|all|about|by|comments?|"
    r"subscribe|contact|email|print|save|size|small medium|medium large|"
    r"minutes?|updated|published|posted|written|click|here|log ?in|sign ?(?:in|up)|search|home|menu|"
    r"copyright|rights|reserved|disclosure|"
    r"affiliate|this|that|with|from|your|our|we|is|are|was|has|and|the|for|edited|reviewed|profile|bio|"
    r"website|photo|image|getty|source|via|unsplash|shutterstock|"
    r"veröffentlicht|aktualisiert|erstellt|publié|publicado|pubblicato|actualizado|aggiornato|"
    r"haber(?:ler)?|giriş|güncelleme|"
    r"mehr|artikel(?:übersicht)?|übersicht|zur|zum|bild|konto|accounts?|lesen|uhr|teilen|kommentare?|lire|partager|mis|leer|compartir|newsletter|"
    r"january|february|july|september|october|november|december|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)\b",
    re.I,
)
_NOT_PEOPLE = re.compile(
    r"\b(?:staff|newsroom|news|newswires?|editors?|editorial|desk|teams?|reporters?|correspondents?|press|"
    r"agenc(?:y|ies|e)|wires?|admin|administrator|"
    r"webmaster|guest|anonymous|contributors?|reuters|afp|ap|dpa|apa|upi|tass|ansa|belga|facebook|instagram|twitter|youtube|tiktok|linkedin|telegram|whatsapp|pinterest|stiftung|verein|ritzau|keystone-sda|"
    r"xinhua|bloomberg|cnn|bbc|associated|magazine|ajans[ıi]|haber|redaksiyonu?|"
    r"nachrichtenagentur|presseagentur|nyhetsbyr[åa]n?|agencia|agência|agenzia|redaktion|redaktionen|"
    r"onlineredaktion|redaktor|redakcja|redacci[oó]n|r[eé]daction|redazione|redactie|toimitus|online|"
    r"digital|media|inc|ltd|llc|gmbh|corp|co|company|group|"
    r"times|post|journal|tribune|herald|network|channel|radio|tv|television|official|unknown|null|"
    r"undefined|none|user|zeitung|zeitschrift|nachrichten|verlag|"
    r"bank|construction|services?|solutions|institute|university|college|center|centre|foundation|"
    r"association|council|ministry|department|office|society|union|"
    r"blog|podcast|forum|studios?|labs?|shop|store|insurance|research|marketing|academy|community|club|today|"
    r"daily|weekly|gazette|chronicle|observer|guardian|telegraph|mirror)\b"
    r"|^author$|[.](?:com|net|org|de|fr|tw|cn|co|tv|io|at|ch|uk|tr)\b|https?:|@|\d{3}|"
    r"^[a-z]+(?:[._][a-z]+)+$|-redaktion\b",
    re.I,
)
_AGENCIES = re.compile(
    r"\b(?:EFE|PTI|ANI|IANS|AAP|ANP|NTB|TT|SDA|sda|KNA|EPD|epd|SID|AG|IPS|EFE|ATS|STA|AA|DHA|İHA|IHA)\b"
)
_NOT_PEOPLE_HAN = re.compile(
    r"編輯部|编辑部|編輯室|中心|新聞網|新闻网|新聞|新闻|網站|网站|電子報|時報|时报|日報|日报|晚報|早報|"
    r"週刊|周刊|通訊社|通讯社|[中新法美路韓韩德]\w?社$|電視|电视|"
    r"頻道|频道|小組|小组|團隊|团队|本報|本报|本刊|本站|綜合|综合|整理|管理員|管理员|官方|公司|報導|报道|"
    r"網$|网$|雜誌|杂志|聯合報|來源|来源|"
    r"オンライン|デジタル|編集部|新聞社|報道部|取材班|ニュース|現代$|통신|뉴스|신문|编辑室|即時|論壇|智庫|"
    r"协会|協會|大學|大学|研究院|研究所|委員會|快訊|快讯|連結|连结|链接|提供|邀訪|合作|反映|訂閱|订阅|"
    r"分享|更多|相關|相关|熱門|热门|推薦|推荐|首頁|首页|登入|會員|会员|服務|服务|條款|專區|活動|影音|圖片|"
    r"图片|粉絲|追蹤|留言|關鍵|关键|發布|发布|更新|作者$|時間"
)
_LABELS = re.compile(
    r"^(?:autor(?:in|en|es)?|authors?|auteurs?|text|texte|by|von|par|por|writer|reporter|editor|作者|記者|"
    r"记者|編輯|编辑|撰文|責任編輯|责任编辑|責編|责编|主編|主编|圖文|图文)$",
    re.I,
)
_NO_LETTERS = re.compile(r"\W+")
_CAPITALS = re.compile(r"^[A-Z]{2,6}$")
_FALLEN = re.compile(r"^[\W\d_]*$")
_MAIL = re.compile(r"[(<\[]?\b[\w.+-]+@[\w-]+\.[\w.-]+[)>\]]?")
_PARTICLES = frozenset(
    "de del della der den di da dos du d la le van von vom zu zum ter ten al el bin ibn af av".split()
)
_MOST = 12
_LONGEST_DEED = 40  # characters of "medically reviewed and approved by"
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_NAME = re.compile(
    r"^[\u3400-\u9fff々]{2,6}(?:\([A-Za-z .]+\))?$|"
    r"^[\u3400-\u9fff々]{1,3}[\s\u3000][\u3400-\u9fff々\u3040-\u30ff]{1,4}$"
    r"|^(?=.*[\u3040-\u30ff])[\u3400-\u9fff々\u3040-\u30ff]{2,8}$|"
    r"^[\u3400-\u9fffA-Za-z.]{1,8}(?:[·・‧•.][\u3400-\u9fffA-Za-z]{1,10}){1,3}$"
)
_HALVES = re.compile(r"^([^／/∕]*[\u3400-\u9fff][^／/∕]*)\s*[／/∕]\s*([^／/∕]*[\u3400-\u9fff][^／/∕]*)$")
_REPORTS = re.compile(r"(?:報導|报导|報道|报道|電|电|訊|讯|编译|編譯|特稿|專訪|专访|整理)\s*[）)〕】]?$")
# The commonest surnames: nine of ten Chinese names begin with one.
SURNAMED = re.compile(
    "[王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林羅罗高鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾蕭萧田董袁潘于蔣蒋蔡余杜葉叶程蘇苏魏呂吕"
    "丁任沈姚盧卢姜崔鍾钟譚谭陸陆汪范金石廖賈贾夏韋韦付方白鄒邹孟熊秦邱江尹薛閻阎段雷侯龍龙史陶黎賀贺顧顾毛郝龔龚邵萬万錢钱嚴严覃武戴莫孔向湯汤洪游柯詹簡简温溫]"
    "[\u3400-\u9fff]{1,2}$"
)
_REVERSED = re.compile(r"^([A-ZÀ-Þ][\w’'-]+),\s*([A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ]\.?)?)$")


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


@lru_cache(maxsize=256)  # a page says the same few names in many places
def is_person(name: str) -> bool:
    """Say whether a name is as long as a person's, holds no word of an organisation's, and is no phrase."""
    if not 2 <= len(name) <= 60 or len(name.split()) > 5 or _FALLEN.match(name) or is_outlet(name):
        return False
    if _LABELS.match(name) or (_HAN.search(name) and not _HAN_NAME.match(name)):
        return False
    if _LATIN.search(name) and _PHRASES.search(name):
        return False
    return " " not in name or not (re.search(r"[\d©]", name) or _begins_small(name))


def _begins_small(name: str) -> bool:
    """Say whether the first word of a name is of a sentence: it has no capital, and is no "van"."""
    first = name.split()[0]
    return first[:1].islower() and first not in _PARTICLES and first == first.lower()


@lru_cache(maxsize=256)
def is_outlet(name: str) -> bool:
    """Say whether a name holds a word of an organisation's, or no name at all."""
    return bool(
        _NOT_PEOPLE.search(name)
        or _CAPITALS.match(name)
        or _AGENCIES.search(name)
        or _NOT_PEOPLE_HAN.search(name)
    )


def _parts(byline: str) -> Iterator[str]:
    byline = _MAIL.sub(" ", byline[:2000])
    line = _OTHERS.sub("", "\n".join(filter(None, map(squeeze, byline.split("\n")))))[:300]
    turned = _REVERSED.match(_unsaid(line))
    if turned and not (is_outlet(line) or _DEGREES.match(turned[2]) or _JOBS.search(turned[2])):
        line = f"{turned[2]} {turned[1]}"  # "Doe, Jane"
    after, agency = False, False  # a name that titles and degrees may follow; an agency, that a place may
    for part in _without_places(_APART.split(line)):
        name = _bare(part)
        place = agency and " " not in name and name.isascii()
        if place or (after and (is_job(name) or _is_title(name, line))):
            continue
        agency = not after and is_outlet(name)
        after = after or is_person(name)
        if _HAN_NAMES.match(name):
            yield from _each_name(name)
        elif name:
            yield name


def _is_title(name: str, line: str) -> bool:
    """Say whether what follows a name is a degree, or a broadcaster as "MDR Thüringen"."""
    if " " in name and _BY_FIRST.sub("", line).isupper():  # all names stand in capitals
        return False
    degree = bool(_DEGREES.match(name)) and not _NOT_PEOPLE.search(name)
    return degree or (bool(_STATION.match(name)) and not is_outlet(name))


def _each_name(names: str) -> list[str]:
    """Part Chinese names; 佐藤 花子 is one, since what follows the space is no surname."""
    parts = re.split(r"[\s\u3000/／∕]+", names)
    apart = re.search("[/／∕]", names) or all(map(SURNAMED.match, parts))
    return parts if apart else [names]


def _without_places(parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts of a byline, 王小明／台北報導 as 王小明 and 生活中心／王小明報導 as its two names."""
    for part in parts:
        halves = _HALVES.match(part)
        if not halves:
            yield part
        elif is_outlet(halves[1]):
            yield from halves.groups()
        else:
            yield halves[1] if _REPORTS.search(halves[2]) else part


def others_done(text: str) -> bool:
    """Say whether a text ends by naming what others did to a piece: who is named next did not write it."""
    found = _OTHERS.search(text)
    return found is not None and len(found[0]) <= _LONGEST_DEED


def is_job(name: str) -> bool:
    """Say whether what stands in a byline is what somebody does, not a name."""
    return bool(_JOBS.search(name)) and not is_outlet(name)


def _bare(part: str) -> str:
    name, before = part.strip(" \t\n,.:：-–—|*†‡"), ""
    while name != before:
        before, name = name, _BY_GLUED.sub("", _unsaid(name)).strip()
    name = _AFTER.sub("", _DATED.sub("", name)).strip(" ,.:：-–—|")
    return _DEGREES_AFTER.sub("", name) if name.count(" ") > 1 else name


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


@lru_cache(maxsize=256)
def _same(name: str) -> str:
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return _NO_LETTERS.sub("", plain.casefold())
