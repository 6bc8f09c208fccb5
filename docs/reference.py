"""Write the pages of the reference that follow from the code: ``python docs/reference.py``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from dibao.cli import app
from dibao.config import Config

HERE = Path(__file__).parent
NOTE = "<!-- Made by docs/reference.py from the code; change the code, then run it. -->\n"


def commands() -> str:
    """Return the page of commands: what each says of itself."""
    whole = typer.main.get_command(app)
    parts = ["# Commands\n", NOTE, paragraphs(whole.help or "")]
    for path, command in below(whole, "dibao"):
        parts.append(f"## `{path}`\n")
        parts.append(paragraphs(command.help or ""))
        rows = [row for parameter in command.params if (row := describe(parameter))]
        if rows:
            parts.append("| | |\n|---|---|\n" + "".join(f"| {name} | {said} |\n" for name, said in rows))
    return "\n".join(parts)


def below(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every command with the words that call it."""
    for name in group.list_commands(None):
        command = group.commands[name]
        yield f"{path} {name}", command
        if hasattr(command, "commands"):
            yield from below(command, f"{path} {name}")


def describe(parameter: Any) -> tuple[str, str] | None:
    """Return a parameter's name and what it is for."""
    said = getattr(parameter, "help", None)
    if not said:
        return None
    if parameter.param_type_name == "argument":
        return f"`{(parameter.metavar or parameter.name.upper()).replace('|', chr(92) + '|')}`", said
    return ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts)), said


def paragraphs(text: str) -> str:
    """Return help text as Markdown."""
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


def settings() -> str:
    """Return the page of settings."""
    parts = [
        "# Settings\n",
        NOTE,
        "Settings stand in `dibao.toml` in the archive folder. Each has a default, and each can be set by an",
        "environment variable, which wins: `DIBAO_FETCH__PAUSE=2`; lists are written as JSON:",
        "`DIBAO_FETCH__ALLOW_PRIVATE='[\"127.0.0.1:8000\"]'`. A key that dibao does not know is refused.",
        "`dibao config` shows the values in force.\n",
    ]
    for table, field in Config.model_fields.items():
        model: Any = field.annotation
        parts.append(f"## [{table}]\n\n{model.__doc__}\n\n| key | default | |\n|---|---|---|")
        for key, each in model.model_fields.items():
            default = model().model_dump(mode="json")[key]
            parts.append(f"| `{key}` | `{default!r}` | {each.description} |")
        parts.append("")
    return "\n".join(parts)


PAGES = {"commands.md": commands, "settings.md": settings}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
