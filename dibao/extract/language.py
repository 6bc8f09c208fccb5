"""What a text is written in, as BCP 47; Chinese is always told apart by its characters."""

import re
from collections import Counter

# Characters that one script has and the other writes differently; frequent in news.
_HANT = frozenset(
    "這個們來時會國說對過還後為於與沒發東車長門問間開關電話語讀書寫學習覺見現實際業產會議員總統選舉黨軍戰爭機場飛"
    "馬魚鳥龍龜貓價錢銀鐵錄線網絡紅綠給結約組經濟歷史師歲萬億幾點無從當應該認識請謝讓變動勞務員責質費資訊報導記檢"
    "調查證據據護衛隊陸陽陰險際難離題類願風顯體點氣藥醫療護標準導級繼續繳聯盟聲職興舊華葉蘇裡製複觀規視覽計訂設許"
    "論講議課誰財貨購買賣賽趕輕載農邊達運遠適選鄉醜釋針鎮鐘鏡閱隨雖雙雜雲電頭頁順須預領頻顧驗驚鬥麼黃齊齒"
)
_HANS = frozenset(
    "这个们来时会国说对过还后为于与没发东车长门问间开关电话语读书写学习觉见现实际业产议员总统选举党军战争机场飞"
    "马鱼鸟龙龟猫价钱银铁录线网络红绿给结约组经济历师岁万亿几点无从当应该认识请谢让变动劳务责质费资讯报导记检"
    "调查证据护卫队陆阳阴险难离题类愿风显体气药医疗标准级继续缴联盟声职兴旧华叶苏里制复观规视览计订设许"
    "论讲课谁财货购买卖赛赶轻载农边达运远适乡丑释针镇钟镜阅随虽双杂云头页顺须预领频顾验惊斗么黄齐齿"
)
_ONLY_HANT, _ONLY_HANS = _HANT - _HANS, _HANS - _HANT

_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_EAST = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # any of them
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)
_ENGLISH = frozenset(["the", "of", "and", "to", "in", "that", "for", "is", "on", "was", "with", "as"])
_SAMPLE = 5000  # characters
_TRADITIONAL_REGIONS = ("tw", "hk", "mo", "hant")


def language(declared: str | None, text: str) -> str | None:
    """Return the language of a text: by its characters where they tell, else as declared, else None."""
    sample = text[:_SAMPLE]
    han, kana, hangul = _shares(sample)
    if kana > 0.1:
        return "ja"
    if hangul > 0.3:
        return "ko"
    if han > 0.3:
        return script(sample) or _declared_script(declared)
    tag = normal(declared)
    if tag and (not tag.startswith(("zh", "ja", "ko")) or not sample):
        return _declared_script(declared) if tag.startswith("zh") else tag
    return "en" if _is_english(sample) else None


def _shares(sample: str) -> tuple[float, float, float]:
    """Return which shares of the letters are ideographs, kana and hangul."""
    if sample.isascii() or not _EAST.search(sample):
        return 0.0, 0.0, 0.0
    letters = sum(map(str.isalpha, sample)) or 1
    han, kana, hangul = (len(pattern.findall(sample)) / letters for pattern in (_HAN, _KANA, _HANGUL))
    return han, kana, hangul


def script(text: str) -> str | None:
    """Return "zh-Hant" or "zh-Hans" by the characters of a Chinese text, or None if they don't tell."""
    counted = Counter(text)
    traditional = sum(counted[character] for character in _ONLY_HANT)
    simplified = sum(counted[character] for character in _ONLY_HANS)
    if traditional == simplified:
        return None
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def normal(declared: str | None) -> str | None:
    """Return a declared tag in its usual form ("pt_br" is "pt-BR"), or None if it is none (BCP 47)."""
    tag = (declared or "").strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return None
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    return {2: part.upper(), 4: part.title()}.get(len(part), part.lower())


def _declared_script(declared: str | None) -> str:
    """Return what a declared Chinese tag says of the script; plain "zh" where it says nothing."""
    parts = (normal(declared) or "").lower().split("-")
    if parts[0] != "zh" or len(parts) == 1:
        return "zh"
    return "zh-Hant" if any(region in parts for region in _TRADITIONAL_REGIONS) else "zh-Hans"


def _is_english(sample: str) -> bool:
    tokens = re.findall(r"[a-z]+", sample.lower())
    return len(tokens) >= 20 and sum(token in _ENGLISH for token in tokens) / len(tokens) > 0.12
