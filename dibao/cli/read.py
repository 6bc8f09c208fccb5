"""Commands that read and give out: show, serve, export."""

import contextlib
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dibao.archive.folder import SETTINGS, require
from dibao.archive.warc import read_capture
from dibao.cli.app import HERE, ArchiveOption, JsonOption, Stopped, app
from dibao.cli.printing import complain, count, local, not_a_folder, plain, print_json, say
from dibao.config import load
from dibao.errors import ConfigError
from dibao.model import KEPT_PAGES, Article, Brought, Doubt, Kept, Revision
from dibao.ports import Page
from dibao.wiring import Opened, opened

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

export_app = typer.Typer(help="Write the archive in another form.", no_args_is_help=True)
app.add_typer(export_app, name="export")


@app.command()
def show(
    article: Annotated[str, typer.Argument(help="Its key (or the start of it), or its address.")],
    revision: Annotated[int | None, typer.Option(help="An earlier version, by number.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write the captured bytes behind it to stdout.")] = False,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show an article: its text, its facts, and every version kept.

    Keys stand in file names, in `status`, and in the addresses of the site's pages.
    """
    with opened(archive) as it:
        kept = find_article(it, article)
        chosen = pick(kept, revision)
        body = captured(it, chosen) if raw else b""
    if raw:
        sys.stdout.buffer.write(body)
    elif as_json:
        print_json({"key": kept.key, "shown": chosen, "revisions": [brief(each) for each in kept.revisions]})
    else:
        print_article(kept, chosen)


def find_article(it: Opened, wanted: str) -> Kept:
    """Return the article a person means; ConfigError when there is none or it is unclear."""
    from dibao.decide import by_url

    at = by_url(wanted)
    key = it.library.key_at(at) if at else None
    found = [key] if key else it.library.find(wanted)
    if len(found) == 1:
        return next(it.library.kept(found))
    if not found:
        raise ConfigError(f"No article is known as {wanted!r}. Give its key or its address.")
    raise ConfigError(f"More than one article's key begins with {wanted!r}. Give more of it.")


def pick(kept: Kept, number: int | None) -> Revision:
    """Return a version of an article, the latest if none is named."""
    if number is None:
        return kept.latest
    if not 1 <= number <= len(kept.revisions):
        raise ConfigError(f"{kept.key} has versions 1 to {len(kept.revisions)}, not {number}.")
    return kept.revisions[number - 1]


def captured(it: Opened, revision: Revision) -> bytes:
    """Return the body a revision was read from."""
    if not revision.refs:
        raise ConfigError(f"Version {revision.number} of {revision.key} has no capture of its own.")
    return read_capture(it.folder, revision.refs[0]).body


def brief(revision: Revision) -> dict[str, object]:
    """Return what a list of versions tells of one."""
    return {
        "number": revision.number,
        "seen_at": revision.seen_at,
        "verdict": revision.verdict,
        "title": revision.article.title,
        "refs": revision.refs,
    }


def print_article(kept: Kept, revision: Revision) -> None:
    """Print an article for people."""
    article = revision.article
    say(f"[bold]{plain(article.title or '(untitled)')}[/]")
    facts = (
        ("by", ", ".join(article.authors)),
        ("from", revision.source.name),
        ("published", local(article.published_at) if article.published_at else doubted(article)),
        ("address", revision.url),
        ("keywords", ", ".join(article.keywords)),
        ("pages", ", ".join(leaf.url or revision.url or "" for leaf in article.leaves)),
        ("goes on", article.next_part),
        ("picture", next((media.url for media in article.media if media.kind == "image"), None)),
        ("language", article.language),
        ("read from", f"{article.basis}{BROUGHT.get(article.brought, '')}"),
        ("by rule", article.rule),
        ("evidence", ", ".join(f"{ref.file}:{ref.offset}" for ref in revision.refs)),
        ("key", kept.key),
    )
    for name, value in facts:
        if value:
            say(f"  [dim]{name:>9}[/]  {plain(value)}")
    if revision.why:
        complain(f"[yellow]Only the feed's text is kept:[/] {plain(revision.why)}")
    say("")
    for paragraph in article.text.split("\n\n"):
        say(plain(paragraph) + "\n")
    for each in kept.revisions:
        mark = "→" if each is revision else " "
        say(f"{mark} version {each.number}  {local(each.seen_at)}  {each.verdict}")


BROUGHT = {
    None: "",
    Brought.SAVED: ", saved by a person: dibao did not fetch it",
    Brought.COPIED: ", copied from another crawler's WARC file: dibao did not fetch it",
}
DOUBTS = {
    Doubt.UNREADABLE: "it can't be read as a date",
    Doubt.EPOCH: "a computer's clock begins there; nothing was published then",
    Doubt.FUTURE: "it is in the future",
    Doubt.FAR: "far from every other date of it",
}


def doubted(article: Article) -> str | None:
    """Return what was said of a date that is not believed, and why it isn't."""
    if not article.published_raw or not article.published_doubt:
        return article.published_raw
    return f"{article.published_raw} (not believed: {DOUBTS[article.published_doubt]})"


@app.command()
def serve(
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where to listen.")] = "127.0.0.1:8080",
    archive: ArchiveOption = HERE,
) -> None:
    """Show the published site in a browser, until Ctrl-C.

    With `web.public_url` hubs reach it too, and tell of news (WebSub). Works beside a running sync.
    """
    from dibao.web import listening
    from dibao.web.hubs import hub_route

    folder = require(archive)
    site, pushes = folder / "site", bool(load(folder / SETTINGS).web.public_url)
    if not pushes and not (site / "index.html").is_file():
        raise ConfigError("There is no site yet. `dibao publish` makes it from what is kept.")
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f"{listen!r} is no place to listen. Say for example 127.0.0.1:8080")
    listener = listening(host.strip("[]"), int(port))
    with opened(archive) if pushes else contextlib.nullcontext() as it:
        site.mkdir(exist_ok=True)  # hubs are heard before there is anything to show
        show_site(site, listener, [hub_route(it)] if it else [])


def show_site(site: Path, listener: socket.socket, more: "Sequence[BaseRoute]" = ()) -> None:
    """Serve a site, and more besides, and say where, until someone has seen enough."""
    from dibao.web import serve_folder

    host, port = listener.getsockname()[:2]
    say(f"[bold]Open http://{f'[{host}]' if ':' in host else host}:{port}/[/]  (Ctrl-C ends)")
    with contextlib.suppress(Stopped):
        serve_folder(site, listener, more)


ToArgument = Annotated[Path, typer.Argument(metavar="DEST", help="Where to write.")]


@export_app.command("posts")
def export_posts(
    dest: ToArgument,
    style: Annotated[
        str, typer.Option(help="clean, or seed: the raw feed content as older archives kept it.")
    ] = "clean",
    archive: ArchiveOption = HERE,
) -> None:
    """Write every article as a Markdown post.

    The style "seed" keeps the feed's HTML as it came, scripts and all: for migration only.
    """
    from dibao.publish.posts import posts
    from dibao.publish.seedpost import seed_posts
    from dibao.publish.write import Folder

    styles: dict[str, Callable[[Iterator[Kept]], Iterator[Page]]] = {"clean": posts, "seed": seed_posts}
    if style not in styles:
        raise ConfigError(f"There is no style {style!r}: say clean or seed.")
    if style == "seed":
        complain(
            "[yellow]These posts are unsanitised:[/] they hold the feeds' HTML as it came. "
            "Do not publish them."
        )
    with opened(archive) as it:
        keys = it.library.keys()
        written = Folder(dest).write(styles[style](it.library.kept(keys)))
    say(f"{count(len(keys), 'post')} in {plain(dest)}, {count(written, 'file')} written.")


@export_app.command("opml")
def export_opml(dest: ToArgument, archive: ArchiveOption = HERE) -> None:
    """Write the list of sources as OPML, for any feed reader; - writes to stdout."""
    from dibao.feeds.opml import write_opml

    with opened(archive) as it:
        watched = (source for source in it.sources.all() if source.kind != KEPT_PAGES.kind)
        body = write_opml(watched, title=it.config.site.title)
    if str(dest) == "-":
        sys.stdout.buffer.write(body)
        return
    try:
        not_a_folder(dest, "sources.opml").write_bytes(body)
    except OSError as error:
        raise ConfigError(f"{dest} can't be written: {error.strerror or error}") from error
    say(f"Wrote {plain(dest)}.")
