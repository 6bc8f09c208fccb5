"""The rules of an archive, for whoever reads its pages: also in a process of its own."""

from functools import cache
from pathlib import Path

from dibao.archive.rulefiles import FOLDER, Places, RuleFiles
from dibao.extract.rules import Book, shipped


@cache
def book_at(places: Places) -> Book:
    """Return the rules of these places; files that change later are read again."""
    archive = RuleFiles(Path(places.archive) / FOLDER, FOLDER) if places.archive else None
    theirs = (
        RuleFiles(Path(places.site_config), Path(places.site_config).name) if places.site_config else None
    )
    return Book(archive=archive, site_config=theirs, own=shipped())
