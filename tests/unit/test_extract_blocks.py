"""A page as blocks of text in boxes, and what their edges hold."""

from dibao.extract.blocks import Block, Walk, units
from dibao.extract.edges import trimmed
from dibao.extract.tree import parse, strip_chrome


def walked(html: str) -> Walk:
    body = parse(html, "https://x.example/").body
    assert body is not None
    return Walk(body)


def texts(html: str) -> list[str]:
    return [block.text for block in walked(html).blocks]


def test_text_is_parted_where_a_reader_sees_a_new_line() -> None:
    assert texts("<div>one<p>two <b>bold</b></p>three<ul><li>four</li></ul></div>") == [
        "one",
        "two bold",
        "three",
        "four",
    ]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert texts("<td>a<br>b<br> <br>c</td>") == ["a b", "c"]


def test_a_link_around_blocks_links_each_of_them() -> None:
    blocks = walked("<a href=/1><h3>Head</h3><p>Text</p></a>").blocks
    assert [block.linked for block in blocks] == [1.0, 1.0]


def test_the_share_of_links_is_by_characters() -> None:
    (block,) = walked("<p>four <a href=/1>link</a></p>").blocks
    assert (round(block.linked, 2), block.links) == (0.44, 1)


def test_navigation_and_the_pages_footer_go_but_not_an_articles_own() -> None:
    tree = parse(
        "<nav>menu<nav>in it</nav></nav><article><p>text</p><nav>jump</nav>"
        "<footer>Corrected on Monday</footer></article><footer><nav>more</nav>©</footer>",
        "https://x.example/",
    )
    strip_chrome(tree)
    assert tree.body is not None
    assert [block.text for block in Walk(tree.body).blocks] == ["text", "Corrected on Monday"]


def test_a_framed_figure_is_a_block_without_text() -> None:
    blocks = walked('<p>a</p><figure data-framed=""><img src=x><figcaption>c</figcaption></figure>').blocks
    assert [block.figure is None for block in blocks] == [True, False]


def test_every_box_knows_its_blocks() -> None:
    walk = walked("<div id=a><p>1</p><p>2</p></div><div id=b><p>3</p></div>")
    held = {box.style: [block.text for block in walk.blocks[box.start : box.end]] for box in walk.boxes}
    assert (held["a"], held["b"]) == (["1", "2"], ["3"])


def test_every_box_knows_the_boxes_in_it() -> None:
    walk = walked("<div id=a><p>1</p><ul><li>2</li></ul></div><div id=b><p>3</p></div>")
    inside = {
        box.style or box.tag: [each.tag for each in walk.boxes[box.place + 1 : box.last]]
        for box in walk.boxes
    }
    assert (inside["a"], inside["b"], inside["body"]) == (
        ["p", "ul", "li"],
        ["p"],
        ["div", "p", "ul", "li", "div", "p"],
    )


def test_ideographs_count_for_more_than_letters() -> None:
    assert units("六個字的句子") > units("six letter")


def test_a_page_of_nothing_has_no_blocks() -> None:
    assert texts("<div> <p>\n</p></div>") == []


# --- edges ----------------------------------------------------------------------------------------


def trim(html: str) -> tuple[list[str], str | None]:
    kept, byline = trimmed(walked(html).blocks)
    return [block.text for block in kept], byline


def test_the_edges_are_trimmed_and_the_byline_is_kept() -> None:
    html = (
        "<p>2024/03/12 10:20</p><p>記者李四海／基隆報導</p><p>第一段說明了碼頭的工程。</p><p>"
        "第二段，談停車。</p><p>延伸閱讀</p><p><a href=/1>另一則新聞</a></p>"
    )
    assert trim(html) == (["第一段說明了碼頭的工程。", "第二段，談停車。"], "記者李四海／基隆報導")


def test_a_text_without_such_edges_stays_whole() -> None:
    assert trim("<p>第一段。</p><p>第二段。</p>") == (["第一段。", "第二段。"], None)


def test_a_headline_is_no_byline() -> None:
    assert trim("<h2>By Night and Day</h2><p>It began at dusk.</p>")[1] is None


def test_nothing_has_no_edges() -> None:
    assert trimmed(list[Block]()) == ([], None)
