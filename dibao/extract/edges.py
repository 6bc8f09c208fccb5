"""Lines at the head and the end of a page's text that are about the article, not of it."""

import re
from collections import Counter

from dibao.extract.blocks import Block, Box

_HEAD = 4  # blocks from the start in which a byline may stand
_TAIL = 0.45  # of the blocks, from the end: where "related" cuts the rest off
_MOST_RELATED = 40  # blocks of related links
_REST = 200  # characters among them that are no links
_LINE = 45  # characters of a byline or notice
_AGAIN = 80  # characters from which what another box says again is a copy for other screens
_LISTED = frozenset(("li", "dt", "dd", "td", "th"))

_TO_THE_EAR = re.compile(
    r"(?<![a-z])(?:visually-?hidden|sr-only|screen-?reader(?:-(?:text|only))?)(?![a-z])", re.I
)
_BYLINE = re.compile(
    r"^[〔［\[【（(]?\s*(?:(?:記者|记者|特約記者|實習記者|[\u3400-\u9fff]{2,4}中心[／/])[\u3400-\u9fff·、,，／/\s]{2,24}(?:報導|报导|報道|报道)|"
    r"(?:圖文|文|撰文|作者|編譯|编译|編輯|编辑)\s*[／/：:]\s*[^，。,.]{2,16})\s*[〕］\]】）)]?$"
)
_ENGLISH_BYLINE = re.compile(
    r"^By (?:[A-Z][\w.’'-]*\.? ){0,3}[A-Z][\w’'-]+(?:(?:,| and) (?:[A-Z][\w.’'-]*\.? ){0,3}[A-Z][\w’'-]+)*$"
)
_DATE = re.compile(
    r"^[·•|｜—–\s]*(?:發布|发布|發表|发表|更新|刊登|出版|published|updated|posted)?\s*(?:時間|时间|於|于|on|at)?\s*[:：]?\s*"
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)?[\s\d:：()（）星期週周一二三四五六日]*$",
    re.I,
)
_NOTICE = re.compile(
    r"非經授權|未經授權|未经授权|不得轉載|不得转载|版權所有|版权所有|著作權|"
    r"all rights reserved|©|請勿轉載|禁止转载|下載.{0,12}APP|下载.{0,8}客户端|"
    r"(?:點|点)我(?:加入|下載|訂閱)|追蹤我們|订阅我们|訂閱我們",
    re.I,
)
_RELATED = re.compile(
    r"^[►▸▶●◎☆★※【\[]*\s*(?:延伸閱讀|延伸阅读|相關(?:新聞|閱讀|報導|文章)|相关(?:新闻|阅读|报道|文章)|更多.{0,8}(?:新聞|新闻|報導|报道|文章)|"
    r"推薦閱讀|推荐阅读|看更多|你可能(?:還|也)?(?:想|喜歡|感興趣)|"
    r"related (?:stories|articles|posts|news)|read more|more (?:from|on) )",
    re.I,
)


def trimmed(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """Return an article's blocks without bylines, dates and notices at its edges, and the byline.

    Nor with what is there again for another screen, or for none.
    """
    blocks = _once([block for block in blocks if not _is_for_the_ear(block)])
    end = _end(blocks)
    head = min(_HEAD, (len(blocks) + 1) // 2)  # what stands at the end of a short text is no byline
    bylines = [block.text for block in blocks[:head] if _is_byline(block)]
    kept = [block for place, block in enumerate(blocks[:end]) if not (place < head and _is_about(block))]
    return kept, bylines[0] if bylines else None


def _is_for_the_ear(block: Block) -> bool:
    """Say whether a line is only there for screen readers: it tells what the layout shows."""
    return any(box is not None and _TO_THE_EAR.search(box.style) for box in (block.box, block.box.parent))


def _once(blocks: list[Block]) -> list[Block]:
    """Return the blocks without paragraphs that an earlier one in another box has said.

    What is said again in the same box was written twice, as it may be in lists and tables; a refrain is
    said more often than twice, in boxes side by side.
    """
    times = Counter(block.text for block in blocks)
    first: dict[str, Box | None] = {}
    kept = []
    for block in blocks:
        said_freely = len(block.text) < _AGAIN or block.box.tag in _LISTED
        holder = block.box.parent
        if times[block.text] > 2 and holder is not None:
            holder = holder.parent
        if said_freely or first.setdefault(block.text, holder) is holder:
            kept.append(block)
    return kept


def _is_byline(block: Block) -> bool:
    said = block.text
    return _is_line(block) and bool(_BYLINE.match(said) or _ENGLISH_BYLINE.match(said))


def _is_about(block: Block) -> bool:
    return _is_byline(block) or (_is_line(block) and _is_date(block.text))


def _is_date(text: str) -> bool:
    """Say whether a line is a date or time; a bare number may be a table's."""
    return not text.isdigit() and bool(_DATE.match(text))


def _is_line(block: Block) -> bool:
    return len(block.text) <= _LINE and not block.box.tag.startswith("h")


def _end(blocks: list[Block]) -> int:
    """Return how many blocks there are before the notices and related links at the end."""
    first = int(len(blocks) * (1 - _TAIL))
    end = next((at for at in range(first, len(blocks)) if at and _starts_related(blocks, at)), len(blocks))
    while end > 1 and _is_notice(blocks[end - 1].text):
        end -= 1
    return end


def _starts_related(blocks: list[Block], at: int) -> bool:
    """Say whether a line announces related links, and what follows are links or short lines."""
    if len(blocks) - at > _MOST_RELATED or not _RELATED.match(blocks[at].text):
        return False
    return sum(len(block.text) for block in blocks[at:] if not block.links) <= _REST


def _is_notice(text: str) -> bool:
    short = len(text) <= 2 * _LINE
    return short and bool(_NOTICE.search(text) or _is_date(text) or _RELATED.match(text))
