"""What every target promises: only changes are written, each whole, and nobody else's file is touched."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from dibao.errors import PublishError
from dibao.ports import Page, Target
from dibao.publish.git import commit
from dibao.publish.write import MANIFEST, Folder

ONE, TWO = Page(path="index.html", body=b"one"), Page(path="a/b/c.html", body=b"two")


def files(root: Path) -> dict[str, bytes]:
    """Return what readers find: all files but the manifest."""
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found if path.name != MANIFEST}


def test_a_folder_is_a_target(tmp_path: Path) -> None:
    target: Target = Folder(tmp_path)
    assert target.write([ONE]) == 1


def test_pages_arrive_with_their_bytes_and_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    assert Folder(tmp_path / "new/site").write([ONE, TWO]) == 2
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert Folder(tmp_path / "new/site").write([ONE, TWO]) == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == stamps
    assert files(tmp_path / "new/site") == {"index.html": b"one", "a/b/c.html": b"two"}


def test_a_folder_tells_the_size_of_what_is_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write([TWO])
    assert (folder.size(TWO.path), folder.size(ONE.path)) == (3, None)


def test_only_a_page_that_changed_is_written(tmp_path: Path) -> None:
    Folder(tmp_path).write([ONE, TWO])
    assert Folder(tmp_path).write([Page(path="index.html", body=b"eno"), TWO]) == 1
    assert files(tmp_path)["index.html"] == b"eno"


def test_a_page_that_somebody_spoilt_is_put_right(tmp_path: Path) -> None:
    Folder(tmp_path).write([ONE])
    (tmp_path / "index.html").write_bytes(b"eon")
    assert Folder(tmp_path).write([ONE]) == 1
    assert files(tmp_path) == {"index.html": b"one"}


@pytest.mark.parametrize(
    "path",
    ["", "/etc/x", "../x", "a/../../x", "a//b", "./x", "a/.", "a/", "a\nb", "a\0b", "\ud83d", MANIFEST],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(PublishError):
        Folder(tmp_path / "site").write([Page(path=path, body=b"x")])
    assert files(tmp_path) == {}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "site/a").symlink_to(tmp_path / "other")
    with pytest.raises(PublishError, match="leads out"):
        Folder(tmp_path / "site").write([Page(path="a/x.html", body=b"x")])
    assert not list((tmp_path / "other").iterdir())


def test_pruning_takes_what_no_longer_belongs_and_the_empty_folders(tmp_path: Path) -> None:
    Folder(tmp_path).write([ONE, TWO])
    assert Folder(tmp_path).prune({"index.html"}) == 1
    assert files(tmp_path) == {"index.html": b"one"}
    assert not (tmp_path / "a").exists()


def test_pruning_leaves_every_file_a_person_put_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write([ONE, TWO])
    (tmp_path / "a/b/mine.txt").write_text("mine")
    (tmp_path / "index.html").write_text("mine too")
    assert folder.prune(set()) == 1
    assert files(tmp_path) == {"a/b/mine.txt": b"mine", "index.html": b"mine too"}


def test_pruning_twice_or_before_anything_is_written_does_nothing(tmp_path: Path) -> None:
    assert Folder(tmp_path / "none").prune(set()) == 0
    Folder(tmp_path).write([ONE])
    assert [Folder(tmp_path).prune(set()), Folder(tmp_path).prune(set())] == [1, 0]


def test_the_manifest_can_be_checked_by_anybody(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write([ONE, TWO])
    folder.write([Page(path="index.html", body=b"newer"), TWO])
    folder.prune({"index.html", "a/b/c.html"})
    assert (tmp_path / MANIFEST).read_text() == (
        f"{sha256(b'two').hexdigest()}  a/b/c.html\n{sha256(b'newer').hexdigest()}  index.html\n"
    )


def test_a_torn_line_in_the_manifest_loses_no_file(tmp_path: Path) -> None:
    Folder(tmp_path).write([ONE])
    manifest = tmp_path / MANIFEST
    manifest.write_bytes(manifest.read_bytes() + b"0123abc  half/a/pa")
    Folder(tmp_path).write([TWO])
    assert Folder(tmp_path).prune(set()) == 2
    assert files(tmp_path) == {}


def test_flushing_returns_once_all_is_on_disk(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write([ONE])
    folder.flush()
    assert files(tmp_path) == {"index.html": b"one"}


# --- trouble ------------------------------------------------------------------------------------

PAGES = [Page(path=f"p/{at}.html", body=b"%d" % at * 2000) for at in range(6)]
DIE = """
import os, signal, sys
from pathlib import Path
from dibao.publish.write import Folder
from tests.contract.test_targets import PAGES
calls = []
def at(point):
    calls.append(point)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
Folder(Path(sys.argv[1]), at).write(PAGES)
"""


@pytest.mark.parametrize("moment", [1, 2, 5, 6, 12])
def test_a_run_killed_around_a_rename_leaves_whole_files_and_the_next_one_mends(
    tmp_path: Path, moment: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIE, str(tmp_path), str(moment)], cwd=Path(__file__).parents[2]
    )
    assert done.returncode == -signal.SIGKILL
    whole = {page.path: page.body for page in PAGES}
    visible = {path: body for path, body in files(tmp_path).items() if not Path(path).name.startswith(".")}
    assert visible == {path: whole[path] for path in visible}
    folder = Folder(tmp_path)
    assert folder.write(PAGES) == len(PAGES) - len(visible)
    assert files(tmp_path) == whole
    assert folder.prune(set()) == len(PAGES)
    assert files(tmp_path) == {}


def test_a_file_of_a_killed_run_that_no_longer_belongs_is_taken_away(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", DIE, str(tmp_path), "3"], cwd=Path(__file__).parents[2])
    assert Folder(tmp_path).prune(set()) == 1
    assert files(tmp_path) == {}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a disk of 64 KiB."""
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], capture_output=True)
    if mount.returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_ends_with_what_to_do_and_goes_on_once_there_is_room(small_disk: Path) -> None:
    (small_disk / "big").write_bytes(bytes(48_000))
    pages = [Page(path=f"{at}.html", body=bytes([65 + at]) * 4000) for at in range(9)]
    with pytest.raises(PublishError, match="the disk is full; free some space, then run the same command"):
        Folder(small_disk).write(pages)
    assert not list(small_disk.glob(".*tmp*"))
    (small_disk / "big").unlink()
    Folder(small_disk).write(pages)
    assert files(small_disk) == {page.path: page.body for page in pages}


def test_a_folder_that_cannot_be_written_ends_with_what_to_do(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(PublishError, match="cannot be written to; choose another folder"):
        Folder(small_disk).write([ONE])


def test_a_file_where_a_folder_should_be_is_said_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(PublishError, match="a folder is needed there"):
        Folder(tmp_path).write([TWO])
    assert (tmp_path / "a").read_text() == "mine"


# --- git ----------------------------------------------------------------------------------------


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away whatever identity this machine's git has."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def log(folder: Path) -> list[str]:
    shown = subprocess.run(
        ["git", "log", "--format=%an <%ae> %s"], cwd=folder, capture_output=True, text=True, check=True
    )
    return shown.stdout.splitlines()


@pytest.mark.usefixtures("nobody")
def test_a_commit_is_made_when_there_is_something_new_and_only_then(tmp_path: Path) -> None:
    site = tmp_path / "site"
    Folder(site).write([ONE])
    assert commit(site, "first") is True
    assert commit(site, "nothing") is False
    Folder(site).write([TWO])
    assert commit(site, 'second: "quotes" and -- dashes') is True
    assert log(site) == [
        'dibao <dibao@localhost> second: "quotes" and -- dashes',
        "dibao <dibao@localhost> first",
    ]


@pytest.mark.usefixtures("nobody")
def test_an_empty_folder_is_nothing_to_commit(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert commit(tmp_path / "site", "nothing") is False


@pytest.mark.usefixtures("nobody")
def test_a_commit_carries_the_identity_that_a_person_gave_git(tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@e.test\n")
    Folder(tmp_path / "site").write([ONE])
    commit(tmp_path / "site", "hers")
    assert log(tmp_path / "site") == ["Ada <ada@e.test> hers"]


@pytest.mark.usefixtures("nobody")
def test_a_repository_around_the_folder_is_left_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    Folder(tmp_path / "site").write([ONE])
    assert commit(tmp_path / "site", "inside") is True
    assert log(tmp_path / "site") == ["dibao <dibao@localhost> inside"]


@pytest.mark.usefixtures("nobody")
def test_a_refusal_of_git_says_that_the_files_are_published(tmp_path: Path) -> None:
    site = tmp_path / "site"
    Folder(site).write([ONE])
    (site / ".git").write_text("not a repository")
    with pytest.raises(PublishError, match="the files themselves are published"):
        commit(site, "x")


def test_a_machine_without_git_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishError, match="git could not be started"):
        commit(tmp_path, "x")
