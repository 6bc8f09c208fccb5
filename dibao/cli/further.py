"""A page and the further pages of its article, asked for as the walk would."""

from dibao.cli.printing import complain, plain
from dibao.clock import SystemClock
from dibao.config import defaults
from dibao.decide import joined
from dibao.errors import ConfigError
from dibao.extracting import article_in, page_of
from dibao.model import LEAVES_AT_MOST, Article, Capture, Kind, Source, Visit
from dibao.ports import Fetcher
from dibao.wiring import asking
from dibao.workers import Workers


def article_at(url: str, workers: Workers) -> Article:
    """Return the article at an address, of all its pages that can be had; ConfigError where there is none."""
    with asking(defaults(), SystemClock()) as fetcher:
        parts = [part_at(fetcher, url, workers)]
        asked = {url}
        while (onward := parts[-1].next_part) and onward not in asked and len(parts) < LEAVES_AT_MOST:
            asked.add(onward)
            try:
                parts.append(part_at(fetcher, onward, workers))
            except ConfigError as error:
                complain(f"[yellow]It goes on, but[/] {plain(error)}")
                break
    return joined(parts)


def part_at(fetcher: Fetcher, url: str, workers: Workers) -> Article:
    """Return what one page says; ConfigError where it can't be had or holds no article."""
    capture = answer_at(fetcher, url)
    return article_in(page_of(url, capture), workers, capture.captured_at)


def answer_at(fetcher: Fetcher, url: str) -> Capture:
    """Return the page at an address, asked for as the walk would; ConfigError where it can't be had."""
    visit = Visit(url=url, kind=Kind.ARTICLE, source=Source(name=url, url=url))
    ((_, capture),) = fetcher.fetch([visit])
    if capture.failure or capture.status != 200:
        why = capture.failure or f"the server answered {capture.status}"
        raise ConfigError(f"{url}: can't be read: {why}")
    return capture
