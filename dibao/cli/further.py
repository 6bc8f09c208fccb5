"""A page and the further pages of its article, asked for as the walk would."""

from dibao.cli.printing import complain, plain
from dibao.clock import SystemClock
from dibao.config import defaults
from dibao.decide import joined
from dibao.errors import ConfigError, ExtractError
from dibao.extract import extract
from dibao.model import LEAVES_AT_MOST, Article, Capture, Kind, Source, Visit
from dibao.ports import Fetcher
from dibao.wiring import asking


def article_at(url: str) -> Article:
    """Return the article at an address, of all its pages that can be had; ConfigError where there is none."""
    with asking(defaults(), SystemClock()) as fetcher:
        parts = [part_at(fetcher, url)]
        asked = {url}
        while (onward := parts[-1].next_part) and onward not in asked and len(parts) < LEAVES_AT_MOST:
            asked.add(onward)
            try:
                parts.append(part_at(fetcher, onward))
            except ConfigError as error:
                complain(f"[yellow]It goes on, but[/] {plain(error)}")
                break
    return joined(parts)


def part_at(fetcher: Fetcher, url: str) -> Article:
    """Return what one page says; ConfigError where it can't be had or holds no article."""
    visit = Visit(url=url, kind=Kind.ARTICLE, source=Source(name=url, url=url))
    ((_, capture),) = fetcher.fetch([visit])
    if capture.failure or capture.status != 200:
        raise ConfigError(
            f"{url} can't be read: {capture.failure or f'the server answered {capture.status}'}"
        )
    return part_in(capture)


def part_in(capture: Capture) -> Article:
    """Return what a page that came says."""
    try:
        return extract(capture.body, url=capture.final_url, content_type=capture.header("Content-Type"))
    except ExtractError as error:
        raise ConfigError(f"No article found in {capture.url}: {error.why}") from error
