"""What pages say in their own voice, in the language of their readers."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

ENGLISH: Mapping[str, str] = {
    "front": "Front page",
    "day": "Days",
    "category": "Sections",
    "source": "Outlets",
    "author": "Writers",
    "tag": "Subjects",
    "older": "Older",
    "newer": "Newer",
    "skip": "To the text",
    "by": "By",
    "comma": ", ",
    "published": "Published",
    "changed_there": "Changed",
    "first_seen": "First seen",
    "kept": "Kept",
    "original": "Read the original at",
    "source_line": "Source:",
    "credit": "Picture: ",
    "place": "Place",
    "agency": "Agency",
    "reporters": "Reporting",
    "editors": "Editing",
    "translators": "Translation",
    "edits": "edited {n}×",
    "is_gone": "gone",
    "is_partial": "excerpt",
    "gone": "The source took this article down. It was found gone on {when}; what it said is kept here.",
    "partial": "Only the feed's excerpt could be kept.",
    "try_again": "The page is asked again later.",
    "brought_saved": "Read from a page that a person saved; we did not fetch it from the site.",
    "brought_copied": "Read from another crawler's copy; we did not fetch it from the site.",
    "picture": "Picture at its source",
    "film": "Film at its source",
    "history": "History",
    "versions": "Earlier versions",
    "as_of": "As it stood on {when}",
    "new": "kept for the first time",
    "changed": "edited by the source",
    "same": "unchanged",
    "gone_then": "gone",
    "restored": "back again",
    "completed": "text completed",
    "missing": "This outlet may have published articles then that are not kept here:",
    "missing_more": "and {n} times before",
    "untitled": "(untitled)",
    "nothing": "Nothing is kept here yet.",
    "not_found": "No such page",
    "not_found_why": "It may have moved, or never been kept.",
    "to_front": "To the front page",
    "feed": "Feed",
    "page": "Page {n}",
    "articles": "{n} articles",
    "article": "1 article",
    "made": "Kept with dibao, an archive that people own.",
}

TRADITIONAL: Mapping[str, str] = {
    "front": "首頁",
    "day": "日期",
    "category": "版面",
    "source": "媒體",
    "author": "作者",
    "tag": "主題",
    "older": "更早",
    "newer": "更新",
    "skip": "跳到正文",
    "by": "文",
    "comma": "、",
    "published": "發布",
    "changed_there": "更新",
    "first_seen": "首見",
    "kept": "存檔",
    "original": "閱讀原文：",
    "source_line": "原文：",
    "credit": "圖：",
    "place": "地點",
    "agency": "通訊社",
    "reporters": "記者",
    "editors": "編輯",
    "translators": "譯者",
    "edits": "修改 {n} 次",
    "is_gone": "已下架",
    "is_partial": "摘要",
    "gone": "來源已撤下這篇報導，{when}發現時已不在；原有內容保存於此。",
    "partial": "這裡只保存了來源摘要。",
    "try_again": "之後會再次嘗試取得全文。",
    "brought_saved": "文字讀自由人儲存的網頁副本，並非本站向來源擷取。",
    "brought_copied": "文字讀自其他爬蟲保存的網頁副本，並非本站向來源擷取。",
    "picture": "圖片見原處",
    "film": "影片在原站",
    "history": "版本紀錄",
    "versions": "先前版本",
    "as_of": "{when}的版本",
    "new": "首次存檔",
    "changed": "來源修改",
    "same": "沒有變動",
    "gone_then": "已下架",
    "restored": "重新上架",
    "completed": "補上內文",
    "missing": "這家媒體在下列時段可能有報導未能存檔：",
    "missing_more": "更早另有 {n} 段",
    "untitled": "（無標題）",
    "nothing": "這裡還沒有文章。",
    "not_found": "找不到這一頁",
    "not_found_why": "它可能已經搬走，或從未存檔。",
    "to_front": "回首頁",
    "feed": "訂閱",
    "page": "第 {n} 頁",
    "articles": "{n} 篇",
    "article": "1 篇",
    "made": "以 dibao（邸報）存檔，屬於每個人的新聞檔案。",
}

SIMPLIFIED: Mapping[str, str] = {
    "front": "首页",
    "day": "日期",
    "category": "版面",
    "source": "媒体",
    "author": "作者",
    "tag": "主题",
    "older": "更早",
    "newer": "更新",
    "skip": "跳到正文",
    "by": "文",
    "comma": "、",
    "published": "发布",
    "changed_there": "更新",
    "first_seen": "首见",
    "kept": "存档",
    "original": "阅读原文：",
    "source_line": "原文：",
    "credit": "图：",
    "place": "地点",
    "agency": "通讯社",
    "reporters": "记者",
    "editors": "编辑",
    "translators": "译者",
    "edits": "修改 {n} 次",
    "is_gone": "已下架",
    "is_partial": "摘要",
    "gone": "来源已撤下这篇报道，{when}发现时已不在；原有内容保存于此。",
    "partial": "这里只保存了来源摘要。",
    "try_again": "之后会再次尝试获取全文。",
    "brought_saved": "文字读自由人保存的网页副本，并非本站向来源抓取。",
    "brought_copied": "文字读自其他爬虫保存的网页副本，并非本站向来源抓取。",
    "picture": "图片见原处",
    "film": "视频在原站",
    "history": "版本记录",
    "versions": "先前版本",
    "as_of": "{when}的版本",
    "new": "首次存档",
    "changed": "来源修改",
    "same": "没有变动",
    "gone_then": "已下架",
    "restored": "重新上架",
    "completed": "补上内文",
    "missing": "这家媒体在下列时段可能有报道未能存档：",
    "missing_more": "更早另有 {n} 段",
    "untitled": "（无标题）",
    "nothing": "这里还没有文章。",
    "not_found": "找不到这一页",
    "not_found_why": "它可能已经搬走，或从未存档。",
    "to_front": "回首页",
    "feed": "订阅",
    "page": "第 {n} 页",
    "articles": "{n} 篇",
    "article": "1 篇",
    "made": "以 dibao（邸报）存档，属于每个人的新闻档案。",
}

_HANS = ("zh-hans", "zh-cn", "zh-sg", "zh-my")
_MONTHS = "January, February, March, April, May, June, July, August, September, October, November, December"
_WEEKDAYS = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"


def is_simplified(language: str) -> bool:
    """Say whether a BCP 47 tag means Chinese in simplified characters."""
    return language.lower() == "zh" or language.lower().startswith(_HANS)


def words(language: str) -> Mapping[str, str]:
    """Return the phrases for a BCP 47 tag; English where we don't speak it."""
    if not is_chinese(language):
        return ENGLISH
    return SIMPLIFIED if is_simplified(language) else TRADITIONAL


def is_chinese(language: str) -> bool:
    """Say whether a BCP 47 tag means Chinese, in either script."""
    return language.lower().split("-")[0] in ("zh", "yue", "wuu", "nan")


def spoken(day: date, language: str, *, weekday: bool = False) -> str:
    """Return a date as people write it, with its day of the week if wanted."""
    if is_chinese(language):
        name = "一二三四五六日"[day.weekday()]
        return f"{day.year}年{day.month}月{day.day}日" + (f"　星期{name}" if weekday else "")
    plain = f"{day.day} {_MONTHS.split(', ')[day.month - 1]} {day.year}"
    return f"{_WEEKDAYS.split(', ')[day.weekday()]}, {plain}" if weekday else plain


def spoken_time(at: datetime, zone: tzinfo, language: str) -> str:
    """Return date, time and zone on the clocks of that zone."""
    local = at.astimezone(zone)
    gap = " " if is_chinese(language) else ", "
    return f"{spoken(local, language)}{gap}{local:%H:%M} {zone_name(local)}"


def spoken_span(since: datetime, until: datetime, zone: tzinfo, language: str) -> str:
    """Return a span of time on the clocks of a zone; of one day, that day once."""
    begin, end = since.astimezone(zone), until.astimezone(zone)
    gap = " " if is_chinese(language) else ", "
    first = f"{spoken(begin, language)}{gap}{begin:%H:%M}"
    last = f"{end:%H:%M}" if begin.date() == end.date() else f"{spoken(end, language)}{gap}{end:%H:%M}"
    return f"{first} – {last} {zone_name(end)}"


def zone_name(local: datetime) -> str:
    """Return the zone of a time as its distance from UTC: "UTC+8"."""
    minutes = int((local.utcoffset() or local - local).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return "UTC" + (f"{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")
