"""Names in two scripts: 范德維（Jan van der Vee）."""

import re

# Begins with the bracket: to try each character before it as a beginning takes twenty times as long.
_LATIN = re.compile(r"\((?P<latin>[A-Z][A-Za-zÀ-ÿ.'’\- &]{1,60})[）)]")
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
    "正如 例如 就像 官員 官员 公司 先生 女士 男子 女子 會長 会长 院長 院长 校長 校长 "
    "館長 馆长 專員 专员 船長 船长 正如 例如 就像"
)
_BEFORE = re.compile("|".join(sorted(_BEFORE_WORDS.split(), key=len, reverse=True)))


_POINT = re.compile("[·・‧]")
_LONGEST = 5  # characters of a name without a point
_PERSON = re.compile(r"[A-Z][a-zà-ÿ'’.-]*(?: [A-Z][A-Za-zà-ÿ'’.-]*){0,3}$")
_WHO = frozenset("手者人家員员")  # the ends of words for who somebody is
# The characters by which foreign names are written for their sound.
_SOUNDS = (
    "阿艾埃爱愛安昂奥奧巴拜班邦包保鲍鮑贝貝本比彼毕畢宾賓波博伯勃柏布卜查昌朝丹当當道达達大戴黛德得登邓鄧狄迪蒂丁东東"
    "杜顿頓多尔爾恩法凡范方菲费費芬佛弗福夫富盖蓋甘冈岡高戈哥格葛根贡貢古瓜圭哈海汉漢豪赫黑亨洪胡华華怀懷惠霍基吉"
    "季加佳贾賈简簡杰傑金津京久居卡凯凱坎康考柯科可克肯孔库庫夸拉莱萊赖賴兰蘭朗劳勞勒雷蕾里利理丽麗莉立连連列林琳"
    "龙龍隆卢盧鲁魯路露伦倫罗羅洛马馬玛瑪迈邁麦麥曼芒毛梅门門蒙孟米密明莫摩默姆穆慕纳納娜奈南内內尼妮涅宁寧纽紐诺"
    "諾努欧歐帕派潘庞龐培佩彭蓬皮平珀普奇齐齊契恰乔喬钱錢切琴丘让讓热熱日茹儒瑞若萨薩塞赛賽桑森沙莎山尚绍紹舍申"
    "圣聖施什史舒斯思松苏蘇索塔泰坦唐桃汤湯特藤提惕廷通图圖托脱瓦万萬旺威韦韋维維温溫文翁沃乌烏伍西希锡錫席夏香"
    "肖谢謝辛欣休许許雅亚亞延扬揚杨楊耶叶葉伊依义義英因尤约約泽澤扎詹珍治朱祖佐兹茲卓芙弥彌琪珊媞缇翠薇娅婭吕呂"
    "缪繆瑟罕历歷翰尧堯茜廉笛泊伽咖楚茨厄逊遜蒲浦魁奎坤昆礼禮烈捷哲姬犹猶茱萝蘿菈洁潔琼瓊妲娣芮蓓"
)
_SOUNDS_AT_END = re.compile(f"[{_SOUNDS}]+$")


def bilingual(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs (native, Latin) of names written as 范德維（Jan van der Vee）, each once.

    Where a name begins can't be read from Chinese without doubt: pairs whose beginning shows neither
    by punctuation nor by an office before it are left out if they are long.
    """
    pairs: dict[str, str] = {}
    for found in _LATIN.finditer(text.replace("（", "(")):
        end = found.start() - text[found.start() - 1 : found.start()].isspace()
        before = text[max(0, end - 40) : end]
        run = _RUN.search(before[-20:])
        native = _native(run[0], before, found["latin"]) if run else None
        if native:
            pairs.setdefault(native, found["latin"].strip())
    return tuple(pairs.items())


def _native(run: str, before: str, latin: str) -> str | None:
    quoted = _QUOTED.search(before)
    if quoted:
        return quoted[1]
    name = run
    for word in _BEFORE.finditer(run):
        if len(run) - word.end() >= 2:
            name = run[word.end() :]
    name = _sounded(re.split("[」』》〉”]", name)[-1].strip("·・‧"), latin)
    longest = 20 if _POINT.search(name) else _LONGEST
    return name if 2 <= len(name) <= longest else None


def _sounded(name: str, latin: str) -> str:
    """Return a name without the words before it, where only its own characters write foreign sounds.

    美國作家約翰·史密斯 is 約翰·史密斯; a name that has no point in it must be of three such characters.
    """
    first, *rest = _POINT.split(name, maxsplit=1)
    sounds = _SOUNDS_AT_END.search(first)
    if not sounds:
        return name
    said = first[: sounds.start()]
    too_long = len(name) > _LONGEST and len(sounds[0]) >= 3 and bool(_PERSON.match(latin))
    apart = len(said) >= 2 and (bool(rest) or too_long)
    return name[len(said) :] if apart or (said in _WHO and len(name) - len(said) >= 2) else name
