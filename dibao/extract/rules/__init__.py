"""Rules about one site or relay, as dated data: what of its pages is the article, and what is not.

A rule is read from a TOML file (`written`) or from a ``site_config`` file of Full-Text RSS and wallabag
(`siteconfig`), found by a page's host in a `Book`, and applied to a tree (`applying`). `learning` proposes
one from several pages of a site.
"""

from dibao.extract.rules.applying import Said, apply, rewritten
from dibao.extract.rules.book import NO_BOOK, NO_RULES, Book, RulesAt, Shelf, shipped
from dibao.extract.rules.meta import over
from dibao.extract.rules.rule import Rule, Sample

__all__ = [
    "NO_BOOK",
    "NO_RULES",
    "Book",
    "Rule",
    "RulesAt",
    "Said",
    "Sample",
    "Shelf",
    "apply",
    "over",
    "rewritten",
    "shipped",
]
