"""The whole chain on the sample newsroom."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from dibao import demo, sync
from dibao.archive.folder import walking
from dibao.archive.warc import read_capture
from dibao.clock import SteppingClock
from dibao.demo import called
from dibao.errors import ConfigError
from dibao.model import Basis, Verdict
from dibao.newsroom import Newsroom, samples_folder
from dibao.wiring import opened
from tests.flow.loopback import digests

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "archive"
    list(demo.run(folder))
    return folder


def test_every_article_edit_and_removal_of_the_day_is_kept(made: Path) -> None:
    with opened(made) as it:
        totals = it.library.totals()
        kept = list(it.library.kept(it.library.keys()))
    assert (totals["articles"], totals["edits"], totals["gone"], totals["partial"]) == (33, 3, 1, 3)
    verdicts = [revision.verdict for each in kept for revision in each.revisions]
    assert verdicts.count(Verdict.NEW) == 33
    assert Verdict.COMPLETED not in verdicts
    edited = {each.first.article.title for each in kept if len(each.revisions) > 1}
    assert "Council votes to keep Mill Field allotments, by one vote and a compromise" in edited


def test_articles_hold_what_the_pages_say_and_none_of_their_furniture(made: Path) -> None:
    with opened(made) as it:
        pages = [k.latest for k in it.library.kept(it.library.keys()) if k.latest.article.basis is Basis.PAGE]
    assert len(pages) == 30
    everything = "\n".join(revision.article.text for revision in pages)
    for furniture in ("聚焦新聞", "分享至", "扫码", "Accept cookies", "Sign up", "Most read"):
        assert furniture not in everything
    assert all(revision.article.authors for revision in pages if revision.source.name == "The Harbour Ledger")
    assert {revision.article.language for revision in pages} == {"zh-Hant", "zh-Hans", "en-GB"}


def test_every_revision_read_from_a_page_points_at_its_evidence(made: Path) -> None:
    with opened(made) as it:
        revisions = [r for kept in it.library.kept(it.library.keys()) for r in kept.revisions]
    for revision in revisions:
        if revision.verdict is not Verdict.GONE and revision.article.basis is Basis.PAGE:
            capture = read_capture(made, revision.refs[0])
            assert capture.status == 200
            assert (revision.article.title or "").encode() in capture.body


def test_the_evidence_passes_warcio_check(made: Path) -> None:
    files = sorted(map(str, (made / "warc").rglob("*.warc.gz")))
    warcio = Path(sys.executable).with_name("warcio")
    result = subprocess.run([warcio, "check", *files], capture_output=True, text=True, check=False)
    assert (result.returncode, "fail" in result.stdout.lower()) == (0, False)


def test_a_second_sync_changes_no_file(made: Path) -> None:
    clock = SteppingClock(Newsroom(samples_folder()).rounds[-1].at + timedelta(minutes=1))
    before = digests(made)
    with walking(made), opened(made, clock=clock) as it:
        assert list(sync.walk(it)) == []
        assert set(sync.publish(it).values()) == {0}
    assert digests(made) == before


def test_publishing_all_again_changes_no_file(made: Path) -> None:
    before = digests(made)
    with walking(made), opened(made) as it:
        assert set(sync.publish(it, full=True).values()) == {0}
    assert digests(made) == before


def test_a_form_that_was_deleted_is_made_again(made: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    shutil.rmtree(copy / "site")
    with walking(copy), opened(copy) as it:
        sync.publish(it)
    assert digests(copy / "site") == digests(made / "site")


def test_two_demos_publish_the_same_bytes(made: Path, tmp_path: Path) -> None:
    list(demo.run(tmp_path / "again"))
    assert digests(tmp_path / "again" / "posts") == digests(made / "posts")
    assert digests(tmp_path / "again" / "site") == digests(made / "site")


def test_a_folder_that_is_no_demo_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ConfigError):
        list(demo.run(tmp_path))
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_the_demo_says_a_command_that_can_be_typed() -> None:
    assert called("/usr/local/lib/dibao/__main__.py") == f"{sys.executable} -m dibao"
    assert called(".venv/bin/dibao") == ".venv/bin/dibao"
