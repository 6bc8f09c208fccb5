"""Whether a rule reads a page as its tests want it."""

from collections.abc import Iterator
from datetime import UTC

from dibao.extract.rules.applying import Said
from dibao.extract.rules.rule import Sample
from dibao.model import Article
from dibao.text import clip, squeeze


def failures(article: Article, said: Said, sample: Sample) -> tuple[str, ...]:
    """Return a line for each thing that a page was not read as wanted; ``said`` is what the rule found."""
    return tuple(_failures(article, said, sample))


def _failures(article: Article, said: Said, sample: Sample) -> Iterator[str]:
    day = f"{article.published_at.astimezone(UTC):%Y-%m-%d}" if article.published_at else None
    pairs = (
        ("title", sample.title, article.title),
        ("byline", sample.byline, article.byline),
        ("date", sample.date, day),
        ("next", sample.next, said.next),
    )
    for name, wanted, found in pairs:
        if wanted and wanted != found:
            yield f"{name} is {found!r}, not {wanted!r}"
    text = squeeze(article.text)
    yield from (f"the text lacks {clip(each, 60)!r}" for each in sample.contains if squeeze(each) not in text)
    yield from (f"the text still has {clip(each, 60)!r}" for each in sample.lacks if squeeze(each) in text)
