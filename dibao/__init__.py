"""dibao: a news archive that people own.

The names in ``__all__`` are the public ones: each is stable within a major version.
"""

from typing import TYPE_CHECKING, Any

from dibao.errors import (
    ArchiveError,
    ConfigError,
    DibaoError,
    ExtractError,
    FeedError,
    FetchError,
    PublishError,
    SourceError,
)
from dibao.extract import extract  # hides the room of that name: `from dibao.extract import …` finds it
from dibao.model import Article, Capture, Entry, Feed, Headline, Kept, Revision, Source
from dibao.version import VERSION as __version__

if TYPE_CHECKING:
    from dibao.feeds import parse_feed
    from dibao.publish.markdown import markdown as to_markdown
    from dibao.wiring import opened as open_archive

__all__ = [
    "ArchiveError",
    "Article",
    "Capture",
    "ConfigError",
    "DibaoError",
    "Entry",
    "ExtractError",
    "Feed",
    "FeedError",
    "FetchError",
    "Headline",
    "Kept",
    "PublishError",
    "Revision",
    "Source",
    "SourceError",
    "__version__",
    "extract",
    "open_archive",
    "parse_feed",
    "to_markdown",
]


def __getattr__(name: str) -> Any:
    if name == "parse_feed":  # brings its parsers along: only for those who want them
        from dibao.feeds import parse_feed

        return parse_feed
    if name == "open_archive":
        from dibao.wiring import opened

        return opened
    if name == "to_markdown":
        from dibao.publish.markdown import markdown

        return markdown
    raise AttributeError(f"module 'dibao' has no attribute {name!r}")
