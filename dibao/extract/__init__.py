"""Any page and its announcement -> Article, or ExtractError; same bytes, same Article."""

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from dibao.errors import ExtractError
from dibao.model import Article, Entry

if TYPE_CHECKING:
    from dibao.extract.announced import from_entry
    from dibao.extract.page import better, is_elsewhere, read_page, stated_address
    from dibao.extract.rules import Rule

__all__ = ["better", "extract", "from_entry", "is_elsewhere", "read_page", "stated_address", "uncredited"]

# Loaded when they are wanted: they take longer to start than most commands take in all.
_STANDS_IN = {
    "better": "page",
    "from_entry": "announced",
    "is_elsewhere": "page",
    "read_page": "page",
    "stated_address": "page",
}


def __getattr__(name: str) -> Any:
    if name in _STANDS_IN:
        return getattr(import_module(f"{__name__}.{_STANDS_IN[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def extract(
    body: bytes,
    *,
    url: str,
    entry: Entry | None = None,
    content_type: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
    rule: "Rule | None" = None,
    credits: Literal["keep", "out"] = "keep",
) -> Article:
    """Return the article of a page, or of its entry where that holds more.

    Raises ExtractError where neither holds one. ``outlet``, ``language`` (BCP 47) and ``timezone``
    (IANA) are the source's; ``rule`` is about its site. An article whose text is the feed's has ``basis``
    `Basis.FEED`; call `read_page` to learn why the page had none. Datelines, bylines and closing credits stay
    in the text, unless ``credits`` is "out"; `Article.credits` says either way what they are.
    """
    if credits not in ("keep", "out"):
        raise ValueError(f'credits is "keep" or "out", not {credits!r}')
    from dibao.extract.announced import from_entry
    from dibao.extract.page import better, read_page

    told: dict[str, Any] = {"outlet": outlet, "language": language, "timezone": timezone, "rule": rule}
    feed = from_entry(entry, url=url, **told) if entry else None
    try:
        page = read_page(body, url=url, content_type=content_type, **told)
    except ExtractError:
        if feed is None or not feed.text:
            raise
        found = feed
    else:
        found = better(page, feed) if feed else page
    return uncredited(found) if credits == "out" else found


def uncredited(article: Article) -> Article:
    """Return an article without datelines, bylines and closing credits in its text; its `credits` stay.

    It no longer tells its pages apart: what each held of the text is not known any more.
    """
    from dibao.extract.clean import to_text
    from dibao.extract.credits import without_credits

    html = without_credits(article.html)
    return replace(article, html=html, text=to_text(html), leaves=())
