"""What the words of a page's markup and of its short lines tell of the box they stand in."""

import re

from dibao.extract.remembered import Remembered
from dibao.extract.tree import hyphened

# Words in classes and ids; each counts whole: "related-posts", "moreArticle", "owl_carousel".
_SAYS = {
    "share": (
        r"shar(?:e|es|ing|ers?)|sharedaddy|social|follow|sns|addthis|facebook|twitter|weixin|wechat|weibo"
    ),
    "related": (
        r"relat(?:ed?|ion)s?|recommend\w*|recirc\w*|more|popular|trending|teasers?|cards?|carousel|slider|"
        r"slides?|outbrain|taboola|latest|most|read-?next|next|prev|also|hot|rank\w*|mehr|relacionad\w+|"
        r"onsite|links?|lists?|items?|grid|feed|river|headlines?"
    ),
    "comment": (
        r"comments?|commentlist|disqus|respond|reply|replies|kommentare?|commentaires?|comentarios?|"
        r"discussion|forum|livefyre|pinglun"
    ),
    "promo": (
        r"promo\w*|sponsor\w*|advert\w*|ads?|adv|dfp|gpt|banner|newsletters?|subscri\w+|signup|sign-up|"
        r"paywall|donat\w+|cta|callout|offer|shop|affiliate|anzeige|werbung|pub|publicidad|abo|register|"
        r"premium|membership|app|download"
    ),
    "nav": (
        r"nav\w*|menus?|breadcrumbs?|crumbs?|pagination|pager|paging|footer|foot|bottom|sidebar|side|aside|"
        r"rail|widgets?|header|head|masthead|top|toolbar|tools?|sitemap|search|login|user|account|topbar|"
        r"navi|copyright|legal|disclaimer|skip"
    ),
    "byline": (
        r"by-?lines?|authors?|writer|reporter|bios?|about|meta|metadata|info|dates?|datetime|time|timestamp|"
        r"published|pub-?date|tags?|categor(?:y|ies)|keywords?|topics?|label|kicker|eyebrow|source|editor|"
        r"autor\w*|credits?|infos?|views?|count"
    ),
    "caption": (
        r"captions?|figcaption|figure|credit|legend|cutline|image|img|photos?|pic|pics|media|gallery|video|"
        r"player|thumb\w*"
    ),
    "hidden": (
        r"hidden|hide|sr-only|screen-?reader\w*|visually-?hidden|modal|popup|overlay|dialog|tooltip|print|"
        r"noprint|error|alert|notice|lightbox|dropdown|collapse"
    ),
    "consent": r"cookies?|cookie\w+|consent|gdpr|cmp|onetrust|ot|privacy|didomi|usercentrics",
    "dek": (
        r"dek|deck|standfirst|sub-?(?:head|title|line)\w*|lead|lede|intro\w*|summary|excerpt|abstract|"
        r"teaser-?text|vorspann|chapo|entradilla|description"
    ),
    "body": (
        r"(?:article|story|post|entry|content|news|page|artikel|single|detail)-?"
        r"(?:body|content|text|txt|main|detail|copy|entry)\w*|(?:body|main)-?(?:content|text|copy)|"
        r"articlebody|storybody|paragraphs?|rich-?text|wysiwyg|prose|textbody|cuerpo|corps|inhalt"
    ),
    "content": (
        r"articles?|story|stories|posts?|entry|contents?|body|text|txt|main|artikel|article\w+|single|"
        r"detail|news|noticia|nota"
    ),
    "box": (
        r"box|infobox|factbox|facts?|module|block|component|pull-?quotes?|quotes?|blockquote|note|embed\w*|"
        r"insert|inline|inset"
    ),
}
_IS_WORDS = "article main header footer nav aside form section list table blockquote figure"
_IS = tuple(_IS_WORDS.split())
SIGNS = (*_SAYS, *_IS, "unseen", "articlebody")
BIT = {name: 1 << place for place, name in enumerate(SIGNS)}
_SPOKEN = [(BIT[name], re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for name, words in _SAYS.items()]
TAGS = {name: BIT[name] for name in _IS} | dict.fromkeys(("ul", "ol", "dl", "menu"), BIT["list"])
_ROLES = {
    "navigation": BIT["nav"],
    "complementary": BIT["aside"],
    "main": BIT["main"],
    "contentinfo": BIT["footer"],
}
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def signs(tag: str, style: str, attributes: dict[str, str | None]) -> int:
    """Return what an element's tag, class, id and attributes say of it, as bits of `SIGNS`."""
    found = TAGS.get(tag, 0)
    if style:
        found |= _spoken[style]
    if attributes:
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or ("style" in attributes and _UNSEEN.search(attributes["style"] or ""))
        ):
            found |= BIT["unseen"]
        if attributes.get("itemprop") == "articleBody":
            found |= BIT["articlebody"]
        found |= _ROLES.get(attributes.get("role") or "", 0)
    return found


def _saying(style: str) -> int:
    words = hyphened(style)
    return sum(bit for bit, pattern in _SPOKEN if pattern.search(words))


_spoken = Remembered(_saying, 20_000)


# --- what short lines say -------------------------------------------------------------------------

# Words that lines beside an article are made of, in lower case.
_HINTS_WORDS = (
    "© copyright rights reserved javascript subscribe subscription subscriber sign newsletter newsletters "
    "log login logged register follow share shares tweet facebook twitter whatsapp instagram read "
    "more also see "
    "related advertisement advertising advertise ad ads sponsored click comment comments reply anzeige "
    "werbung mehr lesen teilen kommentar kommentare abonnieren abo lire aussi partager "
    "publicité abonnez-vous abonnés "
    "leer también compartir suscríbete publicidad comentarios leggi condividi commenti photo photos image "
    "credit getty reuters updated posted published photo: photos: bild: foto: min minute minutes ago "
    "originally appeared app download email print"
)
HINTS = frozenset(_HINTS_WORDS.split())
_DENSE_HINTS_WORDS = (
    "版權 版权 著作權 轉載 转载 延伸 相關 相关 推薦 推荐 更多 下載 下载 關注 关注 訂閱 订阅 客戶端 客户端 "
    "公众号 公眾號 微信 微博 掃碼 扫码 責任編輯 责任编辑 責編 责编 編輯： 编辑： 來源： 来源： 原標題 原标题 "
    "免責 免责 声明 聲明 評論 评论 點擊 点击 分享"
)
DENSE_HINTS = tuple(_DENSE_HINTS_WORDS.split())
# How a line begins after which other things than the article follow.
CLOSING = re.compile(
    r"\W*(?:related|comments?\b|\d+ comments?|leave a (?:reply|comment)|more (?:from|on|stories|news|in)|"
    r"read (?:more|next|also)|recommended|you (?:may|might)|most (?:read|popular|viewed)|trending|popular|"
    r"latest|advertis|sponsored|about the author|share this|tags?\b|topics?\b|filed under|延伸閱讀|延伸阅读|"
    r"相關|相关|推薦|推荐|熱門|热门|更多|你可能|您可能|看更多|下一篇|上一篇|標籤|标签|評論|评论|留言|網友|"
    r"mehr zum|lesen sie|auch interessant|kommentare|das könnte|lire aussi|à lire|commentaires|sur le même|"
    r"lea también|te puede|comentarios|más |relacionad|leggi anche|関連|おすすめ|コメント|관련)",
    re.I,
)
_CONSENT_WORDS = ("cookie", "consent", "gdpr", "privacy", "personal data", "datenschutz", "einwillig", "zgod")
_CONSENT = (*_CONSENT_WORDS, "クッキー", "쿠키", "隱私", "隐私", "données personnelles", "datos personales")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|av|af|text|words|reporting by|written by|文|撰文|記者|记者|作者|編輯|编辑|"
    r"責任編輯|责任编辑)\b|[（(【〔\[].{0,30}(?:記者|记者|報導|报道|電|电)|"
    r".{0,10}(?:記者|记者).{2,16}(?:報導|报道)$",
    re.I,
)


def asks_consent(text: str) -> bool:
    """Say whether a line is about cookies and the like."""
    low = text[:400].lower()
    return any(word in low for word in _CONSENT)


def signs_or_dates(line: str) -> bool:
    """Say whether a short line begins as a byline does, or holds a date or time."""
    return bool(_BYLINE.match(line[:60]) or _DATE.search(line[:100]))
