"""Names in two scripts: 范德維（Jan van der Vee）."""

import re

# The bracket is looked for first: to try each character before it as a beginning takes twenty times as long.
_PAIR = re.compile(r"(?<=[\u3400-\u9fff·・‧」』》〉”])\s?[（(](?P<latin>[A-Z][A-Za-zÀ-ÿ.'’\- &]{1,60})[）)]")
_RUN = re.compile(r"[\u3400-\u9fff·・‧」』》〉”]{2,20}$")
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
        before = text[max(0, found.start() - 40) : found.start()]
        run = _RUN.search(before[-20:])
        native = _native(run[0], before) if run else None
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
