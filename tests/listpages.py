"""Pages that list headlines, built as real ones are; every word in them is invented."""

TOPICS = (
    "青港渡輪公司宣布四月起調整票價",
    "海岸巡守隊清點海豹 數量比去年多三成",
    "市立圖書館整修完工 閱覽座位加倍",
    "夜市攤商自組互助會 分攤清潔費用",
    "山區道路坍方搶通 單線雙向通行",
    "高中生設計雨水回收裝置獲國際獎",
    "老戲院重新開張 首週放映經典默片",
    "漁會公布本季漁獲 烏魚量創十年新高",
    "社區菜園分租額滿 將再釋出兩塊公有地",
    "議會三讀通過路樹保護自治條例",
    "氣象站更新雷達 預報時間提前一小時",
    "合唱團徵求男低音 不限年齡與經驗",
)
CHANNELS = "首頁 政治 財經 社會 國際 體育 娛樂 科技 生活 地方 影音 專題 論壇 訂閱".split()
STORIES = (
    ("Seal count rises along the northern shore", "Volunteers counted three hundred animals in two days."),
    (
        "Ferry fares to change in April after long talks",
        "Season tickets keep their price, the others do not.",
    ),
    ("Council votes to keep the old rope walk", "The vote followed a petition with four thousand names."),
    ("New crane arrives two weeks ahead of schedule", "It came by sea and was lifted ashore at dawn."),
    ("Harbour school opens its doors to adults", "Evening courses in splicing begin on Monday."),
)

PORTAL = """<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8">
<title>青楓網 - 首頁</title></head><body>
<div id="topbar">2026年3月4日 星期三 <a href="/login">登入</a> <a href="/register">註冊</a></div>
<div class="nav"><ul>{menu}</ul></div>
<div class="main clearfix"><div class="focus">
  <div class="focus-pic"><a href="/20260304/8888.shtml">
    <img src="/img/blank.gif" data-src="/img/8888.jpg" alt="渡輪"></a></div>
  <h2><a href="/20260304/8888.shtml">頭條：渡輪票價調整案今日上路 通勤族怎麼看</a></h2>
  <p>票價調整案在三次公聽會之後定案，通勤月票維持原價，單程票則增加五元。</p></div>
 <div class="cols">{columns}</div>
 <div class="sidebar rank"><h3>熱門排行</h3><ol>{ranking}</ol></div></div>
<div class="friendlinks">友情連結 {friends}</div>
<div class="footer"><a href="/about.html">關於我們青楓網路科技有限公司</a>
 <a href="/privacy.html">隱私權保護政策與使用條款</a> <a href="/contact.html">聯絡我們的客服中心人員</a></div>
</body></html>"""
COLUMN = """<div class="blk0{n} blk" id="blk_{place}_0{n}">
<div class="tit"><h3><a href="/{place}/">{place}</a></h3>
<a class="more" href="/{place}/more.shtml">更多&gt;&gt;</a></div><ul class="list0{n}">{rows}</ul></div>"""
ROW = """<li class="{state}">
<a href="http://{place}.qingfeng.test/20260304/{n}.shtml" target="_blank">{title}</a></li>"""


def portal() -> str:
    """Return the front page of a Chinese portal: a lead, four columns of ten, menus, a ranking, a footer."""

    def column(number: int, place: str) -> str:
        rows = "".join(
            ROW.format(
                state="" if n else "first", place=place, n=f"{number}{n:03d}", title=f"{place}：{TOPICS[n]}"
            )
            for n in range(10)
        )
        return COLUMN.format(n=number, place=place, rows=rows)

    places = ("politics", "money", "sports", "tech")
    return PORTAL.format(
        menu="".join(f'<li><a href="/channel/{n}/">{name}</a></li>' for n, name in enumerate(CHANNELS)),
        columns="".join(column(n, place) for n, place in enumerate(places)),
        ranking="".join(f'<li><a href="/20260201/9{n}.shtml">上月：{TOPICS[n]}</a></li>' for n in range(8)),
        friends="".join(f'<a href="http://friend{n}.test/">友站{n}</a> ' for n in range(12)),
    )


ARCHIVE = """<!DOCTYPE html><html lang="en-US"><head><title>Harbour &#8211; The Ledger</title>
<link rel="next" href="https://ledger.test/category/harbour/page/2/"></head>
<body class="archive category category-harbour has-sidebar">
<header class="site-header"><nav id="site-navigation"><ul>
<li class="menu-item menu-item-1"><a href="/">Home</a></li>
<li class="menu-item menu-item-2"><a href="/about/">About the people behind this paper</a></li>
</ul></nav></header>
<div id="content" class="content-sidebar"><main>{posts}
<nav class="navigation pagination"><a class="page-numbers" href="/category/harbour/page/2/">2</a></nav></main>
<aside class="widget-area"><section class="widget widget_recent_entries"><h2>Recent</h2><ul>
<li><a href="/2025/11/02/an-old-piece-about-the-lighthouse/">An old piece about the lighthouse</a></li>
<li><a href="/2025/11/01/another-about-the-harbour-wall/">Another about the harbour wall</a></li>
<li><a href="/2025/10/30/a-third-about-the-fish-market/">A third about the fish market</a></li>
</ul></section></aside></div>
<footer class="site-footer"><a href="https://engine.test/">Proudly powered by a famous engine</a></footer>
</body></html>"""
POST = """<article id="post-{id}"
 class="post-{id} post type-post status-publish hentry category-harbour tag-{tag}">
<header class="entry-header"><h2 class="entry-title"><a href="{link}" rel="bookmark">{title}</a></h2>
<div class="entry-meta"><time class="entry-date" datetime="2026-03-0{day}T09:30:00+00:00">
March {day}, 2026</time>
by <a class="url fn n" href="https://ledger.test/author/mara/">Mara Lind</a></div></header>
<div class="post-thumbnail"><a href="{link}"><img width="640" height="360" src="/up/{id}.jpg"
 srcset="https://ledger.test/up/{id}-320.jpg 320w, https://ledger.test/up/{id}-1280.jpg 1280w"></a></div>
<div class="entry-summary"><p>{summary} <a class="more-link" href="{link}">Continue reading</a></p></div>
<footer class="entry-footer"><a href="https://ledger.test/category/harbour/" rel="category tag">Harbour</a>
<a href="{link}#comments">Leave a comment</a></footer></article>"""


def wordpress() -> str:
    """Return a category page as the most used engine makes it: five posts."""

    def post(number: int, title: str, summary: str) -> str:
        day, slug = number + 1, "-".join(title.lower().split())
        return POST.format(
            id=100 + number,
            tag=("seals", "ferries", "council")[number % 3],
            day=day,
            link=f"https://ledger.test/2026/03/0{day}/{slug}/",
            title=title,
            summary=summary,
        )

    return ARCHIVE.format(posts="".join(post(n, *story) for n, story in enumerate(STORIES)))


TABLE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5">
<title>最新消息</title></head><body><table width="960"><tr><td width="180" valign="top"><table>
<tr><td><a href="Default.aspx">回首頁</a></td></tr><tr><td><a href="Org.aspx">組織架構</a></td></tr>
<tr><td><a href="Law.aspx">法令規章</a></td></tr><tr><td><a href="Mail.aspx">首長信箱</a></td></tr>
</table></td>
<td><table border="1"><tr><th>項次</th><th>標題</th><th>日期</th><th>單位</th></tr>{rows}</table>
<div>第 1 頁 / 共 8 頁 <a href="News.aspx?n=1A2B&amp;page=2&amp;PageSize=12">下一頁</a>
<a href="News.aspx?n=1A2B&amp;page=8">最末頁</a></div></td></tr></table></body></html>"""
CELLS = """<tr bgcolor="{color}"><td align="center">{n}</td>
<td><a href="News_Content.aspx?n=1A2B&amp;sms=77&amp;s=90{n:02d}"
 title="{title}，詳如附件">{short}...</a></td>
<td nowrap>115-03-{n:02d}</td><td>{office}</td></tr>"""


def table() -> str:
    """Return the news list of an authority: a table in a table, dates of the Republic, titles cut short."""
    rows = (
        CELLS.format(
            color="#fff" if n % 2 else "#eee",
            n=n,
            title=topic,
            short=topic[:9],
            office="秘書處" if n % 2 else "工務處",
        )
        for n, topic in enumerate(TOPICS, 1)
    )
    return TABLE.format(rows="".join(rows))


CARD = """<div class="grid__item"><a class="card" href="/story/70{n:02d}"><div class="card__media">
<img class="lazy" src="data:image/gif;base64,R0lGOD" data-src="/media/{n}.webp" alt="圖{n}"></div>
<div class="card__body"><span class="card__label">{label}</span><h3 class="card__title">{title}</h3>
<p class="card__desc">記者實地走訪，整理出居民最關心的五個問題，逐一說明。第{n}篇。</p>
<span class="card__time">{n} 小時前</span></div></a></div>"""


def cards() -> str:
    """Return a grid of nine cards, each one link around all, with late pictures and relative dates."""
    menu = "".join(f'<a class="menu__link" href="/{n}">{name}</a>' for n, name in enumerate(CHANNELS))
    found = (CARD.format(n=n, label=CHANNELS[n], title=TOPICS[n]) for n in range(1, 10))
    return f"""<!doctype html><html lang="zh-TW"><head><title>海風</title>
<base href="https://seawind.test/"></head><body><header class="header"><div class="menu">{menu}</div></header>
<section class="grid">{"".join(found)}</section></body></html>"""


def navigation() -> str:
    """Return a page with menus, languages and policies, and no headline."""
    menu = "".join(f'<li><a href="/c/{n}.html">{name}</a></li>' for n, name in enumerate(CHANNELS * 3))
    names = {"privacy": "隱私權保護政策聲明", "terms": "使用條款與免責聲明", "contact": "聯絡方式與交通資訊"}
    policies = "".join(f'<li><a href="/{slug}">{name}</a></li>' for slug, name in names.items())
    return f"""<html lang="zh-Hant"><head><title>青楓網</title></head><body>
<div id="menu"><ul>{menu}</ul></div>
<div class="content"><p>歡迎光臨本站，請由上方選單選擇您要瀏覽的頻道。</p>
<ul class="langs"><li><a href="/en/">English</a></li><li><a href="/ja/">日本語</a></li></ul></div>
<div id="bottom"><ul>{policies}</ul></div></body></html>"""


def read_more() -> str:
    """Return a page whose headlines are no links: each is a heading above its "read more"."""
    go = '<p class="go"><a class="btn" href="/news/4{}">Read more</a></p>'
    posts = "".join(
        f'<div class="post"><h2>{title}</h2><p>{summary}</p>{go.format(n)}</div>'
        for n, (title, summary) in enumerate(STORIES)
    )
    return f"<html lang=en><title>The Ledger</title><body><div class=posts>{posts}</div></body></html>"


def lines() -> str:
    """Return a page of the last century: links and dates in one cell, parted by line breaks."""
    rows = "<br>\n".join(
        f'<a href="news/{n}.htm">{topic}</a> <font color="gray">(2026/03/{n:02d})</font>'
        for n, topic in enumerate(TOPICS[:6], 1)
    )
    return f"<html><title>校園新聞</title><body><table><tr><td>{rows}</td></tr></table></body></html>"


def definitions() -> str:
    """Return a page whose headlines and summaries stand side by side, in no block of their own."""
    rows = "".join(
        f'<dt><a href="/n/{n}.html">{title}</a></dt><dd><p>{summary}</p> <i>{n} March 2026</i></dd>'
        for n, (title, summary) in enumerate(STORIES, 1)
    )
    return f"<html lang=en><title>The Ledger</title><body><dl>{rows}</dl></body></html>"
