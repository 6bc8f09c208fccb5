"""What several pages of a site teach of it. All pages are invented."""

from collections.abc import Callable

from dibao.errors import ExtractError
from dibao.extract.rules import Rule, apply
from dibao.extract.rules.learning import Learnt, Page, learn
from dibao.extract.tree import BLOCKS, Node, kind, parse, strip_machinery, words
from dibao.model import Article, Media

TOPICS = "ferry quay bridge market school library tunnel orchard".split()
OFFER = "Four weeks of the Lantern for the price of one, on your table before breakfast."


def blocks_below(node: Node) -> bool:
    """Say whether there is another block inside."""
    return any(kind(child) in BLOCKS for child in node.traverse() if child.mem_id != node.mem_id)


def naive(url: str, body: bytes) -> Callable[[Rule | None], Article | None]:
    """Return a reader that takes all of a page for its article, but for what a rule says."""

    def read(rule: Rule | None) -> Article | None:
        try:
            tree = parse(body.decode(), url)
        except ExtractError:
            return None
        if rule:
            apply(tree, rule, url)
        strip_machinery(tree)
        nodes = list(tree.body.traverse()) if tree.body is not None else []
        leaves = (words(node) for node in nodes if kind(node) in BLOCKS and not blocks_below(node))
        pictures = tuple(Media(url=str(node.attributes.get("src"))) for node in nodes if kind(node) == "img")
        text = "\n\n".join(filter(None, leaves))
        named = rule.name if rule else None
        return Article(title=None, html="", text=text, media=pictures, rule=named) if text else None

    return read


def story(topic: str) -> str:
    return "".join(
        f"<p>{line} the new {topic}, of which nobody knows what it will cost.</p>"
        for line in ("The council heard about", "A second hearing was held on", "Neighbours complained of")
    )


def learnt(*pages: str, host: str = "lantern.test") -> Learnt:
    urls = (f"https://{host}/{number}" for number in range(len(pages)))
    kept = [
        Page(
            url=url,
            body=page.encode(),
            content_type="text/html; charset=utf-8",
            read=naive(url, page.encode()),
        )
        for url, page in zip(urls, pages, strict=False)
    ]
    return learn(kept, host=host, file=f"rules/{host}.toml")


def rule_of(*pages: str) -> Rule:
    found = learnt(*pages).rule
    assert found is not None
    return found


def each(template: str, count: int = 5) -> list[str]:
    """Return pages of one template: STORY stands for the article, N for its number, T for its topic."""
    return [
        template.replace("STORY", story(topic)).replace("{N}", str(number)).replace("{T}", topic)
        for number, topic in enumerate(TOPICS[:count])
    ]


def test_a_block_with_the_same_words_on_all_pages_is_stripped_by_its_class() -> None:
    rule = rule_of(*each(f"<div>STORY<div class='offer'><p>{OFFER}</p></div></div>"))
    assert rule.strip == ("div.offer",)
    assert rule.strip_text == ()


def test_a_class_that_is_another_on_each_page_is_no_part_of_a_selector() -> None:
    rule = rule_of(*each(f"<div>STORY<div class='offer x-{{N}}'><p>{OFFER}</p></div></div>"))
    assert rule.strip == ("div.offer > p",)


def test_a_paragraph_without_any_name_is_stripped_by_its_words() -> None:
    rule = rule_of(*each(f"<div>STORY<p>{OFFER}</p></div>"))
    assert rule.strip == ()
    assert rule.strip_text == (OFFER,)


def test_words_with_figures_in_them_do_not_last_and_are_no_furniture() -> None:
    found = learnt(*each("<div>STORY<p>It is 21 degrees in the harbour, and rain comes at 9.</p></div>"))
    assert found.rule is None
    (why,) = found.notes
    assert why.startswith("1 kind of block on many pages set aside, as “It is 21 degrees")
    assert "hold figures" in why


def test_what_can_not_go_without_costing_an_article_its_picture_is_told_as_set_aside() -> None:
    picture = "<img src='/{N}.jpg' width=640 height=400 alt='The {T} on a day in spring, seen from above.'>"
    found = learnt(*each(f"<div>STORY<p class='offer'>{OFFER} {picture}</p></div>"))
    assert found.rule is None, found.rule
    (why,) = found.notes
    assert why.startswith("1 kind of block on many pages set aside, as “")
    assert why.endswith("would cost some article a paragraph or picture of its own, or its title")


def test_no_candidate_at_all_is_told_as_no_furniture() -> None:
    assert learnt(*each("<div>STORY</div>")).notes == ("no furniture of the site is left in its articles",)


def test_a_box_of_links_is_furniture_though_each_page_has_others() -> None:
    links = "".join(f"<li><a href='/{n}{{N}}'>The story of {{T}} number {n}</a></li>" for n in range(4))
    rule = rule_of(*each(f"<main>STORY<ul class='further'>{links}</ul></main>"))
    assert rule.strip == ("ul.further",)


def test_a_list_of_links_without_a_name_is_told_by_what_it_stands_in() -> None:
    links = "".join(f"<li><a href='/{n}{{N}}'>The story of {{T}} number {n}</a></li>" for n in range(4))
    assert rule_of(*each(f"<div class='text'>STORY<ul>{links}</ul></div>")).strip == ("div.text > ul",)


def test_a_list_that_is_a_paragraph_of_one_article_is_no_furniture_in_the_others() -> None:
    links = "".join(f"<li><a href='/{n}{{N}}'>The story of {{T}} number {n}</a></li>" for n in range(4))
    pages = each(f"<div class='text'>STORY<ul>{links}</ul></div>")
    pages[2] = pages[2].replace(
        "<ul>", "<ul><li>Nobody was asked what becomes of the old trees, or by whom.</li>"
    )
    found = learnt(*pages)
    assert found.rule is None or found.rule.strip == ()


def test_chinese_furniture_is_learnt_from_fewer_characters() -> None:
    texts = [
        f"市議會週二討論新的{place}，沒有人知道要花多少錢。" for place in ("渡輪", "碼頭", "市場", "圖書館")
    ]
    rule = rule_of(*(f"<div><p>{text}</p><p>追蹤我們</p></div>" for text in texts))
    assert rule.strip_text == ("追蹤我們",)


def test_what_half_of_the_pages_have_is_furniture_and_what_two_have_is_not() -> None:
    plain, offered = (
        each("<div>STORY</div>", 8),
        each(f"<div>STORY<aside class='offer'>{OFFER}</aside></div>", 8),
    )
    assert rule_of(*offered[:4], *plain[4:]).strip == ("aside.offer",)
    assert learnt(*offered[:2], *plain[2:]).rule is None


def test_a_selector_that_would_take_a_paragraph_of_any_article_is_not_proposed() -> None:
    pages = each(f"<div class='text'>STORY<p class='box'>{OFFER}</p></div>")
    pages[3] = pages[3].replace("<p>A second", "<p class='box'>A second")
    rule = rule_of(*pages)
    assert rule.strip == ()
    assert rule.strip_text == (OFFER,)


def test_a_selector_that_would_cost_a_picture_is_not_proposed() -> None:
    rule = rule_of(*each(f"<div>STORY<div class='box'><img src='/{{N}}.jpg'><p>{OFFER}</p></div></div>"))
    assert rule.strip == ()
    assert rule.strip_text == (OFFER,)


def test_where_the_article_stands_is_selected_if_one_selector_does() -> None:
    page = "<div class='page'><div class='top'>Lantern</div><div class='story-text s{N}'>STORY</div></div>"
    assert rule_of(*each(f"{page}<p>{OFFER}</p>")).select == ("div.story-text",)
    apart = page.replace("</div></div>", "</div><p>The weather for {T}, by our own observer.</p></div>")
    assert rule_of(*each(f"{apart}<p>{OFFER}</p>")).select == ("div.page",)


def test_a_selector_by_which_an_article_gains_text_is_not_proposed() -> None:
    def shy(url: str, body: bytes) -> Callable[[Rule | None], Article | None]:
        read = naive(url, body.replace(b"<h4>More</h4>", b""))
        greedy = naive(url, body)
        return lambda rule: (greedy if rule and rule.select else read)(rule)

    page = f"<div class='story-text'>STORY<h4>More</h4></div><p>{OFFER}</p>"
    pages = [
        Page(
            url=f"https://x.test/{n}",
            body=body.encode(),
            content_type="text/html",
            read=shy("", body.encode()),
        )
        for n, body in enumerate(each(page))
    ]
    found = learn(pages, host="x.test", file="rules/x.test.toml")
    assert found.rule is not None
    assert found.rule.select == ()
    assert found.rule.strip_text == (OFFER,)


def test_the_consensus_of_most_pages_says_what_one_page_was_misread_for() -> None:
    pages = each("<div class='page'><div class='story-text'>STORY</div></div>", 8)
    pages[5] = pages[5].replace("</div></div>", f"</div><p>{OFFER}</p></div>")
    found = learnt(*pages)
    assert found.rule is not None
    assert found.rule.select == ("div.story-text",)
    assert found.notes == ("see what select takes from https://lantern.test/5",)


def test_one_article_at_several_addresses_teaches_nothing() -> None:
    (page,) = each(f"<div>STORY<p>{OFFER}</p></div>", 1)
    found = learnt(page, page, page, page)
    assert found.rule is None
    assert found.pages == 1


def test_a_proposal_brings_tests_that_it_passes_and_its_absence_does_not() -> None:
    pages = each(f"<div>STORY<div class='offer'>{OFFER}</div></div>")
    rule = rule_of(*pages)
    assert len(rule.tests) == 3
    for sample, page in zip(rule.tests, pages, strict=False):
        read = naive(sample.url, page.encode())
        with_it, without = read(rule), read(None)
        assert with_it is not None
        assert without is not None
        assert all(text in with_it.text for text in sample.contains)
        assert all(text not in with_it.text and text in without.text for text in sample.lacks)
        assert sample.lacks


def test_pages_without_articles_or_with_hostile_trees_teach_nothing() -> None:
    found = learnt("", "<div>" * 100_000, *each("<div>STORY</div>", 2))
    assert found.rule is None
    assert found.notes == ("3 different articles are the least",)
