# ruff: noqa: E501  (articles are easier to read unbroken)
"""A small invented press in three languages, for tests of everything published."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from dibao.model import (
    Article,
    Basis,
    Credits,
    Entry,
    Headline,
    Kept,
    Media,
    Revision,
    Source,
    Verdict,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

TIDE = Source(
    id=1, name="潮汐通訊社", url="https://tide.test/rss", language="zh-Hant", timezone="Asia/Taipei"
)
LANTERN = Source(
    id=2,
    name="灯塔周报",
    url="https://lantern.test/feed",
    language="zh-Hans",
    timezone="Asia/Shanghai",
    category="文化",
)
HERALD = Source(
    id=3, name="The Saltmarsh Herald", url="https://herald.test/atom", language="en", timezone="Europe/London"
)

FERRY = """
<p>（潮汐社澎嶼20日電）澎嶼與大港之間停航三年的夜班渡輪，今天傍晚重新啟航。第一班船載著二百一十二名乘客與四十箱<strong>活海膽</strong>，在細雨中離開碼頭。</p>
<p>港務處長林海音（Lin Hai-yin）說，新船「<b>望安號</b>」改用電池與柴油並行，出港的頭二十分鐘不排煙；「夜裡的海港應該聽得見浪，而不是引擎。」</p>
<p>停航源於一場颱風。當時的舊碼頭被大浪掀去一角，修復經費一度遭議會刪減，直到去年漁會發起<a href="https://tide.test/tag/ferry">小額募款</a>，籌得首筆工程款。</p>
<blockquote><p>我阿公坐過第一班，我坐第一千班，現在輪到我女兒坐新的第一班。</p></blockquote>
<h2>票價與班次</h2>
<table><tr><th>航線</th><th>班次</th><th>全票</th></tr><tr><td>澎嶼—大港</td><td>每日 21:30</td><td>480 元</td></tr><tr><td>大港—澎嶼</td><td>每日 23:50</td><td>480 元</td></tr></table>
<p>居民憑證半價，<ruby>腳踏車<rt>ㄐㄧㄠˇㄊㄚˋㄔㄜ</rt></ruby>免費。（編輯：許望）1151120</p>
"""
FERRY_BEFORE = FERRY.replace("二百一十二名", "近二百名").replace("每日 23:50", "每日 23:30")

BOOKS = """
<p>旧书市在河边摆了整整一公里。从清晨五点起，摊主们就把成捆的书从三轮车上卸下来，用晒衣绳拴住雨棚的四角。</p>
<p>“书最怕的不是水，是没人翻。”卖了三十年旧书的陈守拙说。他的摊位上有一本<em>1957年</em>的植物图鉴，书页间还夹着一片银杏叶。</p>
<figure><img src="https://lantern.test/pic/stall.jpg" alt="河边的书摊"><figcaption>河边的书摊。</figcaption></figure>
<ul><li>周六：早市，五点至九点</li><li>周日：换书日，一本换一本</li></ul>
<p>管理方表示，明年将把摊位增加到<code>240</code>个，并为残疾摊主保留前排。</p>
"""

MARSH = """
<p>After forty years of pumping, the Saltmarsh Trust will open the sluices on Monday and let the tide take back
two hundred acres of farmland — land that, most winters, the tide had been taking anyway.</p>
<p>“You can hold a wall against the sea,” said <b>Maud Ferrier</b>, who has kept the gates since 1994, “or you can
hold a conversation with it.” Her logbook, begun in pencil, records <i>every</i> breach.</p>
<h2>What happens next</h2>
<ol><li>The old bank is cut in three places.</li><li>Sheep move to the high pasture.</li><li>Avocets, with luck,
move in.</li></ol>
<p>Not everybody is pleased. The <a href="https://herald.test/letters">letters page</a> has been busy since spring,
and the parish council’s vote was 5–4.</p>
<pre><code>high water  06:12   4.9 m
low water   12:31   0.7 m</code></pre>
"""


def key_of(name: str) -> str:
    """Return a key of the shape the archive gives."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(letters[byte % 32] for byte in sha256(name.encode("utf-8", "surrogatepass")).digest()[:16])


def article(title: str | None, html: str = "<p>A line.</p>", **more: Any) -> Article:
    """Return an article with as much as a page usually says."""
    return Article(**{"title": title, "html": html, "text": "A line.", "published_at": NOON, **more})


def revision(
    article: Article,
    source: Source = HERALD,
    *,
    name: str = "one",
    number: int = 1,
    verdict: Verdict = Verdict.NEW,
    seen_at: datetime = NOON,
    entry: Entry | None = None,
    **more: Any,
) -> Revision:
    """Return one revision of the article of that name."""
    url = f"https://{source.url.split('/')[2]}/{name}"
    return Revision(
        key=key_of(name),
        number=number,
        seen_at=seen_at,
        verdict=verdict,
        digest="",
        article=article,
        entry=entry,
        source=source,
        made_by="dibao test",
        **{"url": url, **more},
    )


def kept(article: Article, source: Source = HERALD, *, name: str = "one", **more: Any) -> Kept:
    """Return an article seen once."""
    first = revision(article, source, name=name, **more)
    return Kept(key=first.key, revisions=(first,))


def later(before: Kept, verdict: Verdict, *, hours: int = 6, **changes: Any) -> Kept:
    """Return the same article after one more look."""
    last = before.latest
    more = replace(
        last,
        number=last.number + 1,
        verdict=verdict,
        seen_at=last.seen_at + timedelta(hours=hours),
        article=replace(last.article, **changes),
    )
    return Kept(key=before.key, revisions=(*before.revisions, more))


def headline(kept: Kept) -> Headline:
    """Return the line that lists know an article by."""
    now, first = kept.latest, kept.first
    at = first.article.published_at or first.seen_at
    return Headline(
        key=kept.key,
        title=now.article.title or "(untitled)",
        at=at,
        day=(at + timedelta(hours=8 if now.source.id < 3 else 0)).date().isoformat(),
        seen_at=now.seen_at,
        source=now.source.name,
        source_id=now.source.id,
        category=now.source.category,
        section=now.article.section,
        authors=now.article.authors,
        keywords=now.article.keywords,
        language=now.article.language or now.source.language,
        summary=(now.article.dek or now.article.text)[:160],
        image=now.article.media[0].url if now.article.media else None,
        url=now.url,
        number=now.number,
        edits=sum(revision.verdict is Verdict.CHANGED for revision in kept.revisions),
        gone=now.verdict is Verdict.GONE,
        partial=now.why is not None,
    )


def ferry() -> Kept:
    """Return a wire story in traditional characters that was edited once."""
    first = kept(
        article(
            "停航三年 澎嶼夜渡輪雨中復航",
            FERRY_BEFORE,
            kicker="離島交通",
            dek="新船改用電池與柴油並行，頭班載客近二百人；漁會募款促成碼頭修復。",
            text="（潮汐社澎嶼20日電）澎嶼與大港之間停航三年的夜班渡輪，今天傍晚重新啟航。",
            section="地方",
            keywords=("渡輪", "澎嶼", "離島交通"),
            language="zh-Hant",
            credits=Credits(agency="潮汐社", place="澎嶼", day=20, reporters=("白鷺",), editors=("許望",)),
            media=(
                Media(
                    url="https://tide.test/pic/ferry.jpg",
                    caption="「望安號」20日傍晚駛離澎嶼碼頭，船身漆著漁會孩子畫的海膽。",
                    credit="白鷺攝",
                    width=1200,
                    height=800,
                ),
            ),
        ),
        TIDE,
        name="ferry",
    )
    return later(first, Verdict.CHANGED, html=FERRY)


def books() -> Kept:
    """Return a feature in simplified characters whose source took it down."""
    first = kept(
        article(
            "一公里的旧书市：书最怕没人翻",
            BOOKS,
            dek="河边的摊主们说，雨棚要拴四个角，书要天天见光。",
            text="旧书市在河边摆了整整一公里。",
            authors=("沈一苇", "高粱"),
            section="城市",
            keywords=("旧书", "集市"),
            language="zh-Hans",
            published_at=NOON - timedelta(hours=20),
            media=(
                Media(
                    url="https://lantern.test/pic/stall.jpg", caption="河边的书摊。", width=900, height=600
                ),
            ),
        ),
        LANTERN,
        name="books",
    )
    return later(first, Verdict.GONE, hours=40)


def marsh() -> Kept:
    """Return an English feature."""
    return kept(
        article(
            "The sea gets its field back: Saltmarsh opens the gates",
            MARSH,
            kicker="Coast",
            dek="After forty years of pumping, a trust stops arguing with the tide.",
            text="After forty years of pumping, the Saltmarsh Trust will open the sluices on Monday.",
            authors=("Ines Calloway", "Tom Rudd"),
            section="Environment",
            keywords=("salt marsh", "tides", "Saltmarsh Trust"),
            language="en-GB",
            published_at=NOON + timedelta(hours=5),
            modified_at=NOON + timedelta(hours=7),
            media=(
                Media(
                    url="https://herald.test/pic/marsh.jpg",
                    caption="The sluice at Ferrier’s Gate, an hour before high water.",
                    credit="Photograph by Ada Penrose",
                    width=1500,
                    height=1000,
                ),
            ),
        ),
        HERALD,
        name="marsh",
    )


def excerpt() -> Kept:
    """Return an article of which only the feed's excerpt could be kept."""
    return kept(
        article(
            "燈塔看守人的最後一夜",
            "<p>燈塔改為自動之前，最後一位看守人照例在日誌裡寫下風向。</p>",
            text="燈塔改為自動之前，最後一位看守人照例在日誌裡寫下風向。",
            language="zh-Hant",
            section="地方",
            basis=Basis.FEED,
            published_at=NOON - timedelta(hours=3),
        ),
        TIDE,
        name="keeper",
        why="https://tide.test/keeper answered 403",
    )


def press() -> list[Kept]:
    """Return the four stories above and some short ones around them."""
    short = [
        ("漁會通過新海膽配額 每船減二成", TIDE, "地方", -6, "配額自下月起實施，違者停權一季。"),
        (
            "雨季提早 水庫蓄水回升至六成",
            TIDE,
            "生活",
            -9,
            "氣象站表示，北方兩座水庫本週進水量超過前兩個月總和。",
        ),
        ("夜校来了第一批退休的学生", LANTERN, "城市", -12, "最年长的学员八十一岁，报的是天文课。"),
        (
            "Night bus 9 keeps its stop, for now",
            HERALD,
            "Town",
            -2,
            "The council postponed a decision until spring.",
        ),
        ("A lost map turns up inside a piano", HERALD, "Town", -26, "The tuner thought it was felt."),
        ("一座桥的七种走法", LANTERN, None, -30, "有人数台阶，有人数灯，也有人数船。"),
    ]
    more = [
        kept(
            article(
                title,
                f"<p>{dek}</p>",
                text=dek,
                dek=dek,
                section=section,
                published_at=NOON + timedelta(hours=at),
            ),
            source,
            name=title,
        )
        for title, source, section, at, dek in short
    ]
    return [marsh(), ferry(), excerpt(), books(), *more]


def many(count: int) -> Iterator[Kept]:
    """Yield so many short articles, an hour apart, the oldest first."""
    for at in range(count):
        when = NOON - timedelta(hours=count - at)
        said = article(f"Notice {at}", published_at=when, keywords=("notices",), authors=("A. Clerk",))
        yield kept(said, HERALD, name=f"notice {at}", seen_at=when)


# Titles and texts that some reader of files, YAML, Markdown, templates or HTML would take for its own.
NASTY = (
    "../../up/and/out",
    "-rf",
    "~home",
    ".hidden",
    "CON",
    "nul.txt",
    'says "so"',
    "it's --- fine...",
    "back\\slash \\n",
    "two\nlines: yes",
    "---",
    "+++",
    "title: x",
    "[not, a, list]",
    "{not: a map}",
    "!!python/object:os.system [id]",
    "&anchor *alias",
    "true",
    "2026-11-20",
    "1e3",
    "# no comment",
    "{{ 7 | times: 6 }}",
    "{% assign x = 42 %}{{ x }}",
    "{{< figure src=x >}}",
    "{{% note %}}",
    "{: .kramdown onclick=x}",
    "{::nomarkdown}<b>x</b>{:/}",
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "a & b &amp; c &lt;",
    "[x](javascript:alert(1))",
    '![x](y "z")',
    "[x]: https://e.test",
    "*a* _b_ `c` ~~d~~ ~e~ ^f^",
    "1. one",
    "- item",
    "> quote",
    "| a | b |",
    "$$x$$",
    "[^1] and *[abbr]: y",
    "https://e.test/a_b_c and www.e.test and me@e.test",
    "\u202eright to left\u202c",
    "line\u2028separator",
    "bell\x07 and escape\x1b[31m",
    "half a pair \ud83d",
    "　ideographic　space　",
    "é e\u0301",
    "長" * 80,
    "😀" * 40,
    "   ",
    ".",
)
