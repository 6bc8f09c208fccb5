"""What a wire story says of itself: dateline, byline, editors, and names in two scripts."""

import re
from collections.abc import Iterator

from dibao.model import Credits

_HAN = "\u3400-\u9fff"
_AGENCY = (
    r"中央社|新華社|新华社|中新社|中新網|中新网|法新社|路透社|美聯社|美联社|共同社|韓聯社|韩联社|塔斯社|俄新社|德新社|安莎社|埃菲社|"
    r"央視|央视|人民網|人民网|澎湃新聞|澎湃新闻|大公文匯|香港電台|自由亞洲電台|美國之音|美国之音"
)
# (中央社台北4日電) (中央社記者王小明台北4日電) (中央社記者甲、乙東京4日專電)
_CNA = re.compile(
    rf"^[（(]\s*(?P<agency>[{_HAN}]{{2,6}}?(?:社|網|网|報|报|新聞|新闻))\s*"
    rf"(?:(?:記者|记者)\s*(?P<who>[^）)\d]+)|(?P<place>[{_HAN}]{{0,8}}?))\s*(?:\d{{1,2}}月)?(?P<day>\d{{1,2}})日[^）)]{{0,8}}(?:電|电|訊|讯|報導|报道)\s*[）)]"
)
# 新华社北京2月4日电（记者王明、李红）
_XINHUA = re.compile(
    rf"^[【\[(（]?\s*(?P<agency>{_AGENCY}|[{_HAN}]{{2,4}}?社)\s*(?P<place>[{_HAN}]{{2,8}}?)\s*(?:(?:\d{{4}}年)?\d{{1,2}}月)(?P<day>\d{{1,2}})日(?:電|电|訊|讯)\s*[】\])）]?"
    r"\s*(?:[（(]\s*(?:記者|记者)\s*(?P<who>[^（）()]{2,40})[）)])?"
)
# 記者王小明／台北報導  〔記者王小明／台北報導〕  〔中央社〕
_BYLINE = re.compile(
    rf"^[〔［\[【（(]?\s*(?:(?P<agency>[{_HAN}]{{2,6}}[社報报])\s*)?(?:記者|记者|特派員|特派员|特約記者|實習記者|[{_HAN}]{{2,4}}中心[／/])\s*(?P<who>[{_HAN}·、,，\s]{{2,24}}?)\s*"
    rf"(?:[／/∕╱]\s*(?P<place>[{_HAN}]{{2,8}}?)\s*(?:綜合)?(?:報導|报导|報道|报道|電|訊)|(?:報導|报导|報道|报道))[〕］\]】）)]?"
)
_ROLES = {
    "editors": "編輯|编辑|責任編輯|责任编辑|責編|责编|核稿|核稿編輯|核稿编辑|審校|审校|校對|校对|主編|主编",
    "translators": "譯者|译者|翻譯|翻译|編譯|编译",
    "reporters": "記者|记者|撰文|撰稿|文字|文字記者|作者|採訪|采访",
}
_CLOSING = re.compile(r"[（(【〔\[]([^（）()【】〔〕\[\]]{3,80})[）)】〕\]]\s*(?P<date>1\d{6})?\s*[。.]?\s*$")
_ROLE = re.compile(
    r"(?P<role>[\u4e00-\u9fff]{2,4})\s*[：:／/]\s*(?P<who>[^：:；;]+?)(?=\s*[；;/／，,]?\s*[\u4e00-\u9fff]{2,4}\s*[：:]|\s*[；;]|$)"
)
_APART = re.compile(
    r"[、/／,，;；|&]|\s+(?:and|與|和|及)\s+|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})"
)
_ROC = re.compile(r"(\d{3})([01]\d)([0-3]\d)$")
# Where the correspondents of Chinese-language agencies write from; names and places stand together unparted.
_PLACES_WORDS = (
    "台北 臺北 新北 桃園 台中 臺中 台南 臺南 高雄 基隆 新竹 苗栗 彰化 南投 雲林 嘉義 屏東 宜蘭 花蓮 "
    "台東 臺東 澎湖 金門 馬祖 連江 香港 澳門 北京 上海 廣州 深圳 東京 大阪 首爾 新加坡 吉隆坡 曼谷 "
    "河內 胡志明市 馬尼拉 雅加達 新德里 德里 孟買 伊斯坦堡 安卡拉 耶路撒冷 特拉維夫 倫敦 巴黎 柏林 "
    "羅馬 梵蒂岡 布魯塞爾 日內瓦 維也納 華沙 布拉格 維爾紐斯 斯德哥爾摩 莫斯科 基輔 紐約 華盛頓 洛杉磯 "
    "舊金山 芝加哥 休士頓 波士頓 邁阿密 渥太華 多倫多 溫哥華 墨西哥市 聖保羅 雪梨 坎培拉 墨爾本 奧克蘭 "
    "綜合"
)
_PLACES = tuple(_PLACES_WORDS.split())


def credits(text: str) -> Credits | None:
    """Return what the first and last paragraphs of a story say of its making, or None if nothing."""
    paragraphs = [part for part in text.split("\n\n") if part]
    opening = next(filter(None, map(_opening, paragraphs[:3])), {})
    closing = next(filter(None, map(_closing, reversed(paragraphs[-3:]))), {})
    said = {**closing, **opening}
    if not said:
        return None
    reporters = (*_names(opening.get("who", "")), *_names(closing.get("reporters", "")))
    return Credits(
        agency=said.get("agency"),
        place=said.get("place"),
        day=int(said["day"]) if "day" in said else None,
        reporters=tuple(dict.fromkeys(reporters)),
        editors=_names(closing.get("editors", "")),
        translators=_names(closing.get("translators", "")),
        text_date=closing.get("text_date"),
    )


def _opening(paragraph: str) -> dict[str, str]:
    found = _CNA.search(paragraph) or _XINHUA.search(paragraph) or _BYLINE.search(paragraph)
    said = (
        {name: value.strip() for name, value in found.groupdict().items() if value and value.strip()}
        if found
        else {}
    )
    if said.get("who") and not said.get("place"):
        said |= _name_and_place(said["who"])
    if "day" in said and not 1 <= int(said["day"]) <= 31:
        del said["day"]
    return said


def _name_and_place(who: str) -> dict[str, str]:
    """Part 王小明台北 into name and place; an unknown place is what follows three characters."""
    *others, last = _APART.split(who)
    place = next(
        (place for place in _PLACES if last.endswith(place) and len(last) - len(place) >= 2), last[3:]
    )
    if not place:
        return {}
    return {"who": "、".join([*others, last[: -len(place)]]), "place": place}


def _closing(paragraph: str) -> dict[str, str]:
    """Return the roles named in brackets at the end: （編輯：甲/乙）1130312."""
    found = _CLOSING.search(paragraph)
    said: dict[str, str] = {}
    for role, who in _roles(found[1]) if found else ():
        said[role] = "、".join(filter(None, (said.get(role), who)))
    if found and said and found["date"]:
        said |= _date(found["date"])
    return said


def _roles(inside: str) -> Iterator[tuple[str, str]]:
    for found in _ROLE.finditer(inside):
        role = next((role for role, said in _ROLES.items() if found["role"] in said.split("|")), None)
        if role:
            yield role, found["who"]


def _date(digits: str) -> dict[str, str]:
    """Return a date of the Republic's calendar, as 1130312, in ISO 8601."""
    found = _ROC.match(digits)
    if not found or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31):
        return {}
    return {"text_date": f"{int(found[1]) + 1911}-{found[2]}-{found[3]}"}


def _names(who: str) -> tuple[str, ...]:
    parts = (part.strip(" 　。.()（）") for part in _APART.split(who))
    return tuple(dict.fromkeys(part for part in parts if 2 <= len(part) <= 30))


# --- names in two scripts -------------------------------------------------------------------------

_PAIR = re.compile(
    r"(?P<native>[\u3400-\u9fff·・‧」』》〉”]{2,20})\s?[（(](?P<latin>[A-Z][A-Za-zÀ-ÿ.'’\- &]{1,60})[）)]"
)
_QUOTED = re.compile(r"[「『《〈“]([^「『《〈“]{1,20})[」』》〉”]$")
# A name follows these: particles, and offices.
_BEFORE_WORDS = (
    "的 和 與 与 及 或 跟 由 在 是 為 为 對 对 向 從 从 把 被 給 给 了 等 叫 名 於 于 至 到 將 将 兼 並 "
    "并 但 而 總統 总统 總理 总理 首相 主席 部長 部长 外長 外长 防長 防长 財長 财长 議長 议长 議員 议员 "
    "州長 州长 市長 市长 大使 發言人 发言人 副手 研究員 研究员 教授 博士 專家 专家 學者 学者 分析師 "
    "分析师 工程師 工程师 設計師 设计师 建築師 建筑师 攝影師 摄影师 醫師 医师 醫生 医生 主任 局長 局长 "
    "所長 所长 秘書長 秘书长 執行長 执行长 董事長 董事长 總裁 总裁 總監 总监 經理 经理 創辦人 創始人 "
    "创始人 律師 律师 法官 將軍 将军 上將 上将 記者 记者 作家 導演 导演 演員 演员 歌手 球星 選手 选手 "
    "教練 教练 國王 国王 女王 王子 公主 教宗 領袖 领袖 領導人 领导人 國務卿 国务卿 特使 顧問 顾问 代表 "
    "官員 官员 公司 先生 女士 男子 女子 會長 会长 院長 院长 校長 校长 館長 馆长 專員 专员 船長 船长"
)
_BEFORE = re.compile("|".join(sorted(_BEFORE_WORDS.split(), key=len, reverse=True)))


def bilingual(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs (native, Latin) of names written as 范德維（Jan van der Vee）, each once.

    Where a name begins can't be read from Chinese without doubt: pairs whose beginning shows neither
    by punctuation nor by an office before it are left out if they are long.
    """
    pairs: dict[str, str] = {}
    for found in _PAIR.finditer(text):
        native = _native(found["native"], text[max(0, found.start() - 20) : found.end("native")])
        if native:
            pairs.setdefault(native, found["latin"].strip())
    return tuple(pairs.items())


def _native(run: str, before: str) -> str | None:
    quoted = _QUOTED.search(before)
    if quoted:
        return quoted[1]
    name = run
    for word in _BEFORE.finditer(run):
        if len(run) - word.end() >= 2:
            name = run[word.end() :]
    name = re.split("[」』》〉”]", name)[-1].strip("·・‧")
    longest = 20 if re.search("[·・‧]", name) else 5
    return name if 2 <= len(name) <= longest else None
