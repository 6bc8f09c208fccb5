"""Rules in the ``site_config`` format of Full-Text RSS, which wallabag and Graby read too.

Spec: https://help.fivefilters.org/full-text-rss/site-patterns.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dibao.extract.rules.finding import gives_words, objection
from dibao.extract.rules.rule import XPATH, Rule, Sample
from dibao.extract.rules.translating import as_css

_LINE = re.compile(r"\s*([A-Za-z_]+)(?:\((.*)\))?\s*:\s*(.*?)\s*")
_LISTS = {
    "title": "title",
    "body": "select",
    "strip": "strip",
    "author": "byline",
    "date": "date",
    "next_page_link": "next",
    "single_page_link": "single",
}
# How Full-Text RSS reads pages. dibao reads all in its own way.
_MOOT_WORDS = (
    "tidy prune parser autodetect_on_failure autodetect_next_page convert_double_br_tags footnotes "
    "strip_comments insert_detected_image skip_json_ld src_lazy_load_attr strip_attr post_strip_attr "
    "dissolve test_urls"
)
_MOOT = frozenset(_MOOT_WORDS.split())


@dataclass(slots=True)
class _Draft:
    lists: dict[str, list[str]] = field(default_factory=dict)
    replace: list[tuple[str, str]] = field(default_factory=list)
    finds: list[str] = field(default_factory=list)
    puts: list[str] = field(default_factory=list)
    tests: list[tuple[str, list[str]]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    last_link: str | None = None  # the list that an if_page_contains is about
    last_written: str = ""  # its last expression

    def add(self, name: str, selector: str) -> None:
        self.lists.setdefault(name, []).append(selector)


def names(host: str) -> Iterator[str]:
    """Yield the names of the files that may be about a host: its own, then those for all below a domain."""
    if not host or host.startswith("["):
        return
    yield f"{host}.txt"
    above = host.partition(".")[2]
    while above and not host.rpartition(".")[2].isdecimal():
        yield f".{above}.txt"
        above = above.partition(".")[2]


def read_rules(text: str, host: str, file: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rule of a file, and a line about each of its lines that is left out."""
    draft = _Draft()
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            why = _take(draft, line)
            if why:
                draft.complaints.append(f"{file}, line {number}: {why}; the line is left out")
    if len(draft.finds) != len(draft.puts):
        draft.complaints.append(
            f"{file}: find_string and replace_string must come in pairs; they are left out"
        )
    else:
        draft.replace += zip(draft.finds, draft.puts, strict=True)
    lists: dict[str, Any] = {name: tuple(found) for name, found in draft.lists.items()}
    tests = tuple(Sample(url=url, contains=tuple(words)) for url, words in draft.tests)
    rule = Rule(host=host, file=file, replace=tuple(draft.replace), tests=tests, **lists)
    return (rule,), tuple(draft.complaints)


def _take(draft: _Draft, line: str) -> str | None:
    """Add what a line says, or return why it can't be."""
    found = _LINE.fullmatch(line)
    if not found:
        return "it is not written as `name: value`"
    name, argument, value = found[1].lower(), found[2], found[3]
    if not value and name != "replace_string":
        return "it says nothing"
    if name in _LISTS:
        return _expression(draft, _LISTS[name], value)
    if name == "if_page_contains":
        return _condition(draft, value)
    if name in ("strip_id_or_class", "strip_image_src"):
        draft.add("strip", _containing(name, value))
        return None
    return _words(draft, name, argument, value)


def _expression(draft: _Draft, name: str, value: str) -> str | None:
    why = objection(XPATH + value)
    if why is None:
        draft.add(name, as_css(value) or XPATH + value)
    draft.last_link, draft.last_written = name if name in ("next", "single") and why is None else None, value
    return why


def _condition(draft: _Draft, value: str) -> str | None:
    """Let the link before count only on pages where an expression finds something."""
    if draft.last_link is None:
        return "if_page_contains must follow a single_page_link or next_page_link"
    draft.lists[draft.last_link].pop()
    link = draft.last_written
    if gives_words(link):
        whole = f"substring({link}, 1, string-length({link}) * number(boolean({value})))"
    else:
        whole = f"({link})[boolean({value})]"
    return _expression(draft, draft.last_link, whole)


def _containing(name: str, value: str) -> str:
    bare = value.translate(str.maketrans("", "", "\"'\\"))
    return f'[class*="{bare}"],[id*="{bare}"]' if name == "strip_id_or_class" else f'img[src*="{bare}"]'


def _words(draft: _Draft, name: str, argument: str | None, value: str) -> str | None:
    if name == "replace_string" and argument is not None:
        draft.replace.append((argument, value))
    elif name == "find_string":
        draft.finds.append(value)
    elif name == "replace_string":
        draft.puts.append(value)
    elif name == "test_url":
        draft.tests.append((value, []))
    elif name == "test_contains" and draft.tests:
        draft.tests[-1][1].append(value)
    elif name not in _MOOT:
        return f"dibao does not know {name!r}"
    return None
