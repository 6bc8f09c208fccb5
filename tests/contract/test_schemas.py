"""Archives of every released schema open, and nothing in them is lost.

Each fixture is the SQL dump of an archive as that version left it. To add one when a schema is
released: ``python -m tests.contract.test_schemas FOLDER`` prints the dump of an archive.
"""

import re
import sqlite3
import sys
from pathlib import Path

import pytest

from dibao.archive.database import Database, migrations
from dibao.archive.library import SqliteLibrary
from dibao.model import Verdict
from tests.flow.loopback import one

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("schema_*.sql"))


def number(fixture: Path) -> int:
    """Return the schema a fixture is of."""
    return int(re.sub(r"\D", "", fixture.stem))


def test_every_schema_has_a_fixture() -> None:
    assert [number(fixture) for fixture in FIXTURES] == list(range(1, len(migrations()) + 1))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_an_older_archive_opens_with_all_its_articles(fixture: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    connection = sqlite3.connect(path)
    connection.executescript(fixture.read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA user_version = {number(fixture)}")
    connection.close()
    database = Database(path)
    library = SqliteLibrary(database)
    kept = {each.latest.article.title: each for each in library.kept(library.keys())}
    assert sorted(filter(None, kept)) == ["海豹數量", "渡輪調價"]
    assert [r.verdict for r in kept["渡輪調價"].revisions] == [Verdict.NEW, Verdict.CHANGED]
    assert "改稿" in kept["渡輪調價"].latest.article.text
    assert kept["渡輪調價"].latest.refs
    assert [line.title for line in library.headlines()]
    assert [source.name for source in library.sources()] == ["青楓社"]
    assert one(database, "PRAGMA user_version") == len(migrations())
    database.close()


if __name__ == "__main__":
    sys.stdout.writelines(
        f"{line}\n" for line in sqlite3.connect(Path(sys.argv[1]) / "archive.db").iterdump()
    )
