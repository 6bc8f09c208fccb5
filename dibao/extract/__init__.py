"""Any page and its announcement -> Article, or ExtractError; same bytes, same Article."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dibao.errors import ExtractError
from dibao.model import Article, Entry

if TYPE_CHECKING:
    from dibao.extract.announced import from_entry
    from dibao.extract.page import better, is_elsewhere, read_page, stated_address
    from dibao.extract.rules import Rule

__all__ = ["better", "extract", "from_entry", "is_elsewhere", "read_page", "stated_address"]

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
) -> Article:
    """Return the article of a page, or of its entry where that holds more.

    Raises ExtractError where neither holds one. ``outlet``, ``language`` (BCP 47) and ``timezone``
    (IANA) are the source's; ``rule`` is about its site. An article whose text is the feed's has ``basis``
    `Basis.FEED`; call `read_page` to learn why the page had none.
    """
    from dibao.extract.announced import from_entry
    from dibao.extract.page import better, read_page

    told: dict[str, Any] = {"outlet": outlet, "language": language, "timezone": timezone, "rule": rule}
    feed = from_entry(entry, url=url, **told) if entry else None
    try:
        page = read_page(body, url=url, content_type=content_type, **told)
    except ExtractError:
        if feed is None or not feed.text:
            raise
        return feed
    return better(page, feed) if feed else page
