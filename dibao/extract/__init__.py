"""Any page and its announcement -> Article, or ExtractError; same bytes, same Article."""

from dibao.errors import ExtractError
from dibao.extract.announced import from_entry
from dibao.extract.page import better, read_page, stated_address
from dibao.model import Article, Entry

__all__ = ["better", "extract", "from_entry", "read_page", "stated_address"]


def extract(
    body: bytes,
    *,
    url: str,
    entry: Entry | None = None,
    content_type: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
) -> Article:
    """Return the article of a page, or of its entry where that holds more.

    Raises ExtractError where neither holds one. ``outlet``, ``language`` (BCP 47) and ``timezone``
    (IANA) are the source's. An article whose text is the feed's has ``basis`` `Basis.FEED`; call
    `read_page` to learn why the page had none.
    """
    feed = from_entry(entry, url=url, outlet=outlet, language=language, timezone=timezone) if entry else None
    try:
        page = read_page(
            body, url=url, content_type=content_type, outlet=outlet, language=language, timezone=timezone
        )
    except ExtractError:
        if feed is None or not feed.text:
            raise
        return feed
    return better(page, feed) if feed else page
