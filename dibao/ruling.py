"""Rules for single sites, as people deal with them: learnt, looked at, accepted, tested."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from dibao.archive import rulefiles
from dibao.archive.rulefiles import FOLDER, PROPOSED, RuleFiles
from dibao.archive.warc import read_capture
from dibao.charset import decode
from dibao.decide import by_url
from dibao.errors import ArchiveError, ConfigError, ExtractError
from dibao.extract.rules import Rule, Said, Sample, apply, rewritten, shipped, siteconfig, written
from dibao.extract.rules.book import Shelf, name_of, read_file, toml_names
from dibao.extract.rules.checking import failures
from dibao.extract.rules.learning import FEWEST, Learnt, Page, learn
from dibao.extract.tree import parse
from dibao.model import KEPT_PAGES, Article, Capture, Kind, Visit
from dibao.pipeline import read_by
from dibao.rulebook import book_at
from dibao.text import count, squeeze
from dibao.wiring import Opened, places_of_rules

_LARGEST = 4 * 2**20  # bytes of a page that is looked at: others teach nothing that these don't
_HOST = re.compile(r"[^\s/?#@:\\]*[^\s/?#@:\\.]|\[[0-9a-f:.]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rule that there is, and whether it does what its tests want."""

    rule: Rule
    failures: tuple[str, ...]  # of its tests
    untested: int  # tests whose page is not at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A kept page as it is read now, and as it would be."""

    url: str
    title: str | None
    before: int  # characters of its text
    after: int
    pictures: tuple[int, int]  # before and after
    facts: tuple[str, ...]  # title, byline and date, where they change
    difference: tuple[str, ...]  # paragraphs that go, behind "- ", and that come, behind "+ "


def host_of(wanted: str) -> str:
    """Return the host that a person names, as rules go by it; ConfigError where it is none."""
    found = name_of(wanted if "//" in wanted else f"http://{wanted}")
    if not _HOST.fullmatch(found) or found.startswith("."):
        raise ConfigError(f"{wanted!r} is no host. Name one, as example.org.")
    return found


# --- what is kept of a site -------------------------------------------------------------------------


def kept_pages(it: Opened, host: str, limit: int) -> Iterator[tuple[Visit, Capture]]:
    """Yield the pages of a host, and of those below it, as they were last captured; the latest first."""
    left = limit
    for visit in it.library.pages_of(host, 4 * limit):
        capture = captured(it, visit)
        name = name_of(capture.final_url) if capture else ""
        if capture and (name == host or name.endswith(f".{host}")) and len(capture.body) <= _LARGEST:
            yield visit, capture
            left -= 1
        if not left:
            return


def captured(it: Opened, visit: Visit) -> Capture | None:
    """Return the page that is kept of a visit; None where its file is damaged or holds none."""
    try:
        capture = read_capture(it.folder, visit.ref) if visit.ref else None
    except ArchiveError:
        return None
    return capture if capture and capture.has_page else None


def read(visit: Visit, capture: Capture, rule: Rule | None) -> Article | None:
    """Return the article of a kept page alone, read by a rule or by none; None where there is none."""
    return read_by(rule, replace(visit, entry=None), capture).article


# --- learning ---------------------------------------------------------------------------------------


def proposal_of(it: Opened, host: str) -> Path:
    """Return where what was learnt of a host stands until it is accepted."""
    return it.folder / FOLDER / PROPOSED / f"{host}.toml"


def propose(it: Opened, host: str, limit: int) -> Learnt:
    """Learn a rule from the pages of a host and write it down as a proposal; nothing is read by it yet."""
    pages = [
        Page(
            url=capture.final_url,
            body=capture.body,
            content_type=capture.header("Content-Type"),
            read=partial(read, visit, capture),
        )
        for visit, capture in kept_pages(it, host, limit)
    ]
    if len(pages) < FEWEST:
        raise ConfigError(
            f"{count(len(pages), 'page')} of {host} kept here, and {FEWEST} are the least to learn from. "
            f"Sync first, or write a rule yourself: {FOLDER}/{host}.toml (docs/rules.md)."
        )
    learnt = learn(pages, host=host, file=f"{FOLDER}/{host}.toml")
    if learnt.rule:
        notes = (f"Learnt on {it.clock.now():%Y-%m-%d} from {learnt.pages} articles.", *learnt.notes)
        rulefiles.write(proposal_of(it, host), written.as_toml(learnt.rule, map(squeeze, notes)))
    return learnt


def proposed(it: Opened, host: str) -> Rule | None:
    """Return the rule that is proposed for a host, as it stands in its file; ConfigError where it is bad."""
    path = proposal_of(it, host)
    if not path.exists():
        return None
    shelf = RuleFiles(path.parent, f"{FOLDER}/{PROPOSED}")
    rules, complaints = read_file(shelf, path.name, written.read_rules)
    if complaints or len(rules) != 1:
        raise ConfigError(
            "; ".join(complaints) or f"{path} must hold one rule. Put it right, or learn again."
        )
    return rules[0]


def accept(it: Opened, host: str) -> Path:
    """Put the proposal for a host in force and return the file of its rules; ConfigError where there is none.

    Where the host has rules already, the new one begins today.
    """
    rule, path = proposed(it, host), proposal_of(it, host)
    if rule is None:
        raise ConfigError(f"Nothing is proposed for {host}. Begin with `dibao rules learn {host}`.")
    text = path.read_text(encoding="utf-8")
    now = it.clock.now()
    if (it.folder / FOLDER / f"{host}.toml").exists() and rule.since is None:
        text = re.sub(r"^\[\[\s*rule\s*\]\].*$", rf"\g<0>\nfrom = {now:%Y-%m-%d}", text, count=1, flags=re.M)
    return rulefiles.accept(it.folder, host, text, now, tests=len(rule.tests))


# --- before and after -------------------------------------------------------------------------------


def preview(it: Opened, host: str, limit: int) -> tuple[Rule, list[Compared]]:
    """Return the proposal for a host, or else its rule, and what it changes of the pages that are kept.

    A proposal is compared with how pages are read now; a rule in force, with how they are read by none.
    """
    rule, book = proposed(it, host), book_at(places_of_rules(it))
    wanted = rule or book.rule_for(f"http://{host}/", None, it.clock.now())
    if wanted is None:
        raise ConfigError(f"There is no rule for {host}, and none is proposed: `dibao rules learn {host}`.")
    found = []
    for visit, capture in kept_pages(it, host, limit):
        now = book.rule_for(capture.final_url, None, capture.captured_at) if rule else None
        before = read(visit, capture, now)
        after = read(visit, capture, wanted)
        found.append(compared(capture.final_url, before, after))
    if not found:
        raise ConfigError(
            f"No page of {host} is kept here, so that there is nothing to look at. "
            "Sync first, or `dibao keep` one."
        )
    return wanted, found


def compared(url: str, before: Article | None, after: Article | None) -> Compared:
    """Return what changes between two readings of a page."""
    old, new = (article or Article(title=None, html="", text="") for article in (before, after))
    pairs = (
        ("title", old.title, new.title),
        ("byline", old.byline, new.byline),
        ("date", old.published_at, new.published_at),
    )
    return Compared(
        url=url,
        title=new.title or old.title,
        before=len(old.text),
        after=len(new.text),
        pictures=(len(old.media), len(new.media)),
        facts=tuple(f"{name}: {was} → {will}" for name, was, will in pairs if was != will),
        difference=tuple(difference(old.text, new.text)),
    )


def difference(before: str, after: str) -> Iterator[str]:
    """Yield the paragraphs that go, behind "- ", and those that come, behind "+ ", in their order."""
    old, new = ([squeeze(each) for each in text.split("\n\n") if each] for text in (before, after))
    for what, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (f"- {line}" for line in old[start:end])
            yield from (f"+ {line}" for line in new[begin:stop])


# --- what there is ----------------------------------------------------------------------------------


def rules_in(it: Opened) -> tuple[list[Rule], list[str]]:
    """Return the archive's own rules and dibao's, and a line about each that had to be left out."""
    mine, own = RuleFiles(it.folder / FOLDER, FOLDER), shipped()
    files: list[tuple[Shelf, str]] = [(mine, file) for file in mine.names(".toml")]
    rules, complaints = read_all([*files, *((own, file) for file in own.names)])
    return rules, complaints + missing_folder(it)


def rules_for(it: Opened, host: str) -> tuple[list[Rule], list[str]]:
    """Return every rule that may be about a host, wherever it stands, and a line about what is left out."""
    mine, own, theirs = RuleFiles(it.folder / FOLDER, FOLDER), shipped(), site_config(it)
    files: list[tuple[Shelf, str]] = [(shelf, file) for file in toml_names(host) for shelf in (mine, own)]
    files += [(theirs, file) for file in siteconfig.names(host)] if theirs else []
    rules, complaints = read_all((shelf, file) for shelf, file in files if shelf.stamp(file) is not None)
    return rules, complaints + missing_folder(it)


def read_all(files: Iterable[tuple[Shelf, str]]) -> tuple[list[Rule], list[str]]:
    """Return the rules of files, and a line about each that had to be left out."""
    rules, complaints = list[Rule](), list[str]()
    for shelf, file in files:
        kind = siteconfig.read_rules if file.endswith(".txt") else written.read_rules
        found, said = read_file(shelf, file, kind)
        rules += found
        complaints += said
    return rules, complaints


def site_config(it: Opened) -> RuleFiles | None:
    """Return the folder of Full-Text RSS' files that the settings name, or None."""
    named = places_of_rules(it).site_config
    return RuleFiles(Path(named), Path(named).name) if named else None


def site_configs(it: Opened) -> int:
    """Return how many of Full-Text RSS' files there are."""
    theirs = site_config(it)
    return len(theirs.names(".txt")) if theirs else 0


def missing_folder(it: Opened) -> list[str]:
    """Return a line where the folder of rules that the settings name is not there."""
    named = places_of_rules(it).site_config
    is_missing = named is not None and not Path(named).is_dir()
    return [f"extract.site_config: {named} is no folder; no rules are read from it"] if is_missing else []


def tested(it: Opened, rules: Iterable[Rule]) -> Iterator[Listed]:
    """Yield rules with what of their tests fails; a test needs its page, in a file or in the archive."""
    for rule in rules:
        told: list[str] = []
        untested = 0
        for number, sample in enumerate(rule.tests, 1):
            said = test(it, rule, sample)
            untested += said is None
            told += (f"test {number}, {sample.url}: {line}" for line in said or ())
        yield Listed(rule=rule, failures=tuple(told), untested=untested)


def test(it: Opened, rule: Rule, sample: Sample) -> tuple[str, ...] | None:
    """Return what a rule gets wrong of a sample; None where its page is not at hand."""
    found = page_of(it, rule, sample)
    if found is None:
        return None
    visit, capture = found
    article = read(visit, capture, rule)
    if article is None:
        return ("no article is found",)
    return failures(article, said_by(rule, capture), sample)


def page_of(it: Opened, rule: Rule, sample: Sample) -> tuple[Visit, Capture] | None:
    """Return the page of a sample: from a file beside its rule, or as it was last captured."""
    identity = by_url(sample.url)
    visit = it.library.page_at(identity) if identity else None
    if sample.page is None:
        capture = captured(it, visit) if visit else None
        return (visit, capture) if visit and capture else None
    folder = (it.folder / rule.file).parent.resolve()
    path = (folder / sample.page).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        return None
    capture = Capture(
        url=sample.url, final_url=sample.url, captured_at=it.clock.now(), status=200, body=path.read_bytes()
    )
    return visit_of(sample.url), capture


def visit_of(url: str) -> Visit:
    """Return the visit of a page that no source announced."""
    return Visit(url=url, kind=Kind.ARTICLE, source=KEPT_PAGES)


def said_by(rule: Rule, capture: Capture) -> Said:
    """Return what a rule finds in a page."""
    text = decode(capture.body, content_type=capture.header("Content-Type"))[0]
    try:
        return apply(parse(rewritten(text, rule), capture.final_url), rule, capture.final_url)
    except ExtractError:
        return Said()
