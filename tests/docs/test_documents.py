"""What is documented is what there is."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from dibao.extract.rules import written

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def reference() -> ModuleType:
    """Return the module that writes the reference."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "settings.md"])
def test_the_reference_follows_the_code(name: str) -> None:
    made = reference().PAGES[name]()
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made, "run: python docs/reference.py"


def test_the_rule_that_is_shown_is_one_and_every_key_is_told() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(\[\[rule\]\].*?)^```$", page, flags=re.M | re.S)
    rules, complaints = written.read_rules(example, "lantern.example", "rules/lantern.example.toml")
    assert len(rules) == 2
    assert complaints == ()
    for key in (*written.KEYS, *written.TEST_KEYS):
        assert f"`{key}`" in page or f"[[rule.{key}]]" in page or f"`{key} = true`" in page, key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_command_in_the_readme_exists() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    known = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"dibao (init|add|sync|serve|status|import|[a-z]+)(?= )", said))
    for command in named & {"init", "add", "sync", "serve", "status", "import"}:
        assert f"`dibao {command}`" in known
