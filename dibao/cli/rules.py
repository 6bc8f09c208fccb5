"""Commands about rules for single sites: learn, preview, accept, test."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dibao.archive.folder import require
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.printing import complain, count, plain, print_json, print_table, progress, say
from dibao.errors import ConfigError
from dibao.text import clip
from dibao.wiring import Opened, opened

if TYPE_CHECKING:
    from dibao.extract.rules import Rule
    from dibao.ruling import Compared, Listed

rules_app = typer.Typer(help="Learn, look at, accept and test rules for single sites.")
app.add_typer(rules_app, name="rules")

HostArgument = Annotated[
    str, typer.Argument(metavar="HOST", help="A host, as example.org; those below it too.")
]
PagesOption = Annotated[int, typer.Option(min=3, max=500, help="So many of its pages, the latest.")]
_SHOWN = 5  # articles whose differences are printed
_LINES = 12  # of one


@rules_app.callback(invoke_without_command=True)
def rules(context: typer.Context, archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """List the rules for single sites, and whether their tests pass; or learn, preview, accept or test one.

    A rule says what of a site's pages is the article. Yours stand in the archive's folder rules/.
    """
    if context.invoked_subcommand is None:
        show(archive, None, as_json)


def show(archive: Path, host: str | None, as_json: bool) -> bool:
    """Print rules with the state of their tests; say whether all is well."""
    from dibao import ruling

    with opened(require(archive)) as it:
        found, complaints = ruling.rules_for(it, ruling.host_of(host)) if host else ruling.rules_in(it)
        listed = list(ruling.tested(it, found))
        if host and not found and not complaints:
            raise ConfigError(f"There is no rule for {host}: `dibao rules learn {host}` proposes one.")
        if as_json:
            print_json({"rules": [facts(each) for each in listed], "left_out": complaints})
        else:
            print_rules(listed, complaints, 0 if host else ruling.site_configs(it))
    if host and (why := nothing_ran(listed, host)):
        raise ConfigError(why)
    return not complaints and not any(each.failures for each in listed)


def facts(listed: "Listed") -> dict[str, object]:
    """Return a rule for programs."""
    rule = listed.rule
    return {
        "host": rule.host,
        "file": rule.file,
        "from": rule.since,
        "until": rule.until,
        "relay": rule.relay,
        "tests": len(rule.tests),
        "untested": listed.untested,
        "failures": listed.failures,
    }


def print_rules(listed: "list[Listed]", complaints: list[str], others: int) -> None:
    """Print rules for people, those that had to be left out on stderr."""
    if listed:
        rows = ((each.rule.host, each.rule.file, *days(each.rule), state(each)) for each in listed)
        print_table(("host", "file", "from", "until", "tests"), rows)
    elif not complaints:
        say("No rules for single sites. `dibao rules learn HOST` proposes one; docs/rules.md tells more.")
    if others:
        files = count(others, "file")
        say(f"{files} of extract.site_config too: `dibao rules test HOST` shows those of a host.")
    for each in listed:
        for line in each.failures:
            complain(f"[yellow]{plain(each.rule.file)}:[/] {plain(line)}")
    for line in complaints:
        complain(f"[yellow]Left out:[/] {plain(line)}")


def tell_bad_rules(it: Opened) -> None:
    """Say which rules have to be left out, before pages are read without them."""
    from dibao import ruling

    for line in ruling.rules_in(it)[1]:
        complain(f"[yellow]Left out:[/] {plain(line)}")


def days(rule: "Rule") -> tuple[str, str]:
    """Return since and until when a rule holds, in words."""
    return str(rule.since or "always"), str(rule.until or "")


def state(listed: "Listed") -> str:
    """Return how a rule's tests went, in words."""
    ran = len(listed.rule.tests) - listed.untested
    failed = len({line.partition(":")[0] for line in listed.failures})
    said = [f"{ran - failed} pass"] if ran else []
    said += [f"{failed} fail"] if failed else []
    said += [f"{listed.untested} without their page"] if listed.untested else []
    return ", ".join(said) or "none"


@rules_app.command()
def learn(
    host: HostArgument, pages: PagesOption = 20, archive: ArchiveOption = HERE, as_json: JsonOption = False
) -> None:
    """Propose a rule from what the kept pages of a site say again and again.

    The proposal stands in rules/proposed/, where you may change it. It does nothing before you accept it.

    Example:  dibao rules learn example.org;  dibao rules preview example.org;  dibao rules accept example.org
    """
    from dibao import ruling

    with opened(require(archive)) as it:
        name = ruling.host_of(host)
        with progress() as shown:
            shown.add_task("Comparing pages")
            learnt = ruling.propose(it, name, pages)
        path = ruling.proposal_of(it, name)
    text = path.read_text(encoding="utf-8") if learnt.rule else None
    if as_json:
        print_json({"host": name, "pages": learnt.pages, "notes": learnt.notes, "proposal": text})
    elif text is None:
        why = "; ".join(map(plain, learnt.notes))
        say(f"Nothing to propose from {count(learnt.pages, 'article')} of {plain(name)}: {why}.")
    else:
        for line in text.splitlines():
            say(plain(line))
        say(f"\nProposed in [bold]{plain(path)}[/]. See what it changes: dibao rules preview {plain(name)}")


@rules_app.command()
def preview(
    host: HostArgument, pages: PagesOption = 20, archive: ArchiveOption = HERE, as_json: JsonOption = False
) -> None:
    """Show what a proposed rule changes of the pages that are kept; nothing is changed by it.

    Where nothing is proposed, the rule in force is compared with reading by no rule.

    Exit code 2: there is no rule, or no page of HOST is kept here.
    """
    from dibao import ruling

    with opened(require(archive)) as it:
        name = ruling.host_of(host)
        with progress() as shown:
            shown.add_task("Reading pages")
            rule, found = ruling.preview(it, name, pages)
    if as_json:
        print_json({"rule": rule.name, "pages": found})
        return
    rows = (
        (clip(each.title or each.url, 48), each.before, each.after, pictures(each), going(each))
        for each in found
    )
    print_table(("article", "#before", "#after", "pictures", "would go"), rows)
    changed = [each for each in found if each.difference or each.facts]
    for each in changed[:_SHOWN]:
        print_difference(each)
    say(f"\n{plain(rule.file)} changes {len(changed)} of {count(len(found), 'page')}.")


def pictures(each: "Compared") -> str:
    """Return how many pictures an article has, before and after where that changes."""
    before, after = each.pictures
    return str(before) if before == after else f"{before} → {after}"


def going(each: "Compared") -> str:
    """Return the first of what would go, and how much more."""
    gone = [line[2:] for line in each.difference if line.startswith("-")]
    more = f" +{len(gone) - 1}" if len(gone) > 1 else ""
    return clip(gone[0], 40) + more if gone else ""


def print_difference(each: "Compared") -> None:
    """Print what changes in one article."""
    say(f"\n[bold]{plain(each.title or each.url)}[/]  [dim]{plain(each.url)}[/]")
    for fact in each.facts:
        say(f"  {plain(fact)}")
    for line in each.difference[:_LINES]:
        color = "red" if line.startswith("-") else "green"
        say(f"  [{color}]{plain(clip(line, 200))}[/]")
    if len(each.difference) > _LINES:
        say(f"  … and {count(len(each.difference) - _LINES, 'more paragraph')}")


@rules_app.command()
def accept(host: HostArgument, archive: ArchiveOption = HERE) -> None:
    """Put a proposed rule in force: pages that are fetched from now on are read by it.

    It is written to rules/ and the journal. What is kept already stays as it is. Works beside a running sync.
    """
    from dibao import ruling

    with opened(require(archive)) as it:
        path = ruling.accept(it, ruling.host_of(host))
    say(f"Accepted: [bold]{plain(path)}[/]. Take it back by deleting the rule in that file.")


@rules_app.command("test")
def check(
    host: Annotated[str | None, typer.Argument(metavar="HOST", help="Only the rules for this host.")] = None,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Run the tests of rules on the pages that they name; ends with 1 where one fails or a rule is left out.

    Pages come from the archive, or from files that a test names. Nothing is asked.

    Exit code 2: HOST has no rule, or none of its tests has its page here.
    """
    if not show(archive, host, as_json):
        raise typer.Exit(1)


def nothing_ran(listed: "list[Listed]", host: str) -> str | None:
    """Return why no test of a host's rules was run, and what to do; None where one was or there is none."""
    wanted = sum(len(each.rule.tests) for each in listed)
    if not wanted or any(each.untested < len(each.rule.tests) for each in listed):
        return None
    return (
        f"None of {count(wanted, 'test')} was run: no page that they name is kept here. "
        f"Sync, or `dibao keep` a page of {host}; or name a file with `page` (docs/rules.md)."
    )
