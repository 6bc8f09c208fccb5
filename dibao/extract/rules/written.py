"""Rules as people write them: TOML in, rules out, with words about what is wrong; and rules back to TOML."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from dibao.extract.rules.finding import objection
from dibao.extract.rules.rule import Rule, Sample

SELECTORS = ("select", "strip", "title", "byline", "date", "next", "single")
_DAYS = {"from": "since", "until": "until"}  # `from` is a word of Python's
KEYS = (*_DAYS, "relay", *SELECTORS, "strip_text", "replace", "note", "test")
_TEST_WORDS = ("url", "page", "title", "byline", "date", "next")
_TEST_LISTS = ("contains", "lacks")
TEST_KEYS = (*_TEST_WORDS, *_TEST_LISTS)


class _WrongError(ValueError):
    """What can't be taken as it is written, in words."""


def read_rules(text: str, host: str, file: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules of a file, and a line about each that is left out: where, what, what to do."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (), (f"{file}: not TOML ({error}); the file is left out",)
    complaints = [
        f"{file}: {name!r} is no table of rules. Write [[rule]]" for name in tables if name != "rule"
    ]
    found = tables.get("rule", [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        return (), (f"{file}: write [[rule]], with two brackets; the file is left out",)
    rules = []
    for number, table in enumerate(found, 1):
        try:
            rules.append(_rule(table, host, file))
        except _WrongError as error:
            complaints.append(f"{file}, rule {number}{_line(text, number)}: {error}; this rule is left out")
    return tuple(rules), tuple(complaints)


def _line(text: str, number: int) -> str:
    """Return where a rule begins, in words."""
    starts = [at for at, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    return f" (line {starts[number - 1]})" if number <= len(starts) else ""


def _rule(table: dict[str, Any], host: str, file: str) -> Rule:
    _refuse_unknown(table, KEYS)
    values: dict[str, Any] = {field: _day(table, key) for key, field in _DAYS.items()}
    values |= {key: _selectors(table, key) for key in SELECTORS}
    values["strip_text"] = _strings(table, "strip_text")
    _of_type(table, "note", str, 'a text, as "…"')
    values["relay"] = _of_type(table, "relay", bool, "true or false") or False
    values["replace"] = tuple(_pairs(table))
    values["tests"] = tuple(_test(each, number) for number, each in enumerate(_tables(table), 1))
    rule = Rule(host=host, file=file, **values)
    if rule.since and rule.until and rule.until <= rule.since:
        raise _WrongError(f"until: {rule.until} is not after {rule.since}, where it begins")
    if not any(getattr(rule, name) for name in (*SELECTORS, "strip_text", "replace")):
        raise _WrongError("it says nothing. Give it select, strip, title, byline, date or next")
    return rule


def _refuse_unknown(table: dict[str, Any], keys: Iterable[str], where: str = "") -> None:
    unknown = [key for key in table if key not in keys]
    if unknown:
        raise _WrongError(f"{where}{unknown[0]}: there is no such key. There are {', '.join(keys)}")


def _of_type(table: dict[str, Any], key: str, kind: type, words: str, where: str = "") -> Any:
    value = table.get(key)
    if value is not None and (not isinstance(value, kind) or (kind is date and isinstance(value, datetime))):
        raise _WrongError(f"{where}{key}: write {words}")
    return value


def _day(table: dict[str, Any], key: str) -> date | None:
    day: date | None = _of_type(table, key, date, "a day without quotes, as 2026-11-24")
    return day


def _strings(table: dict[str, Any], key: str, where: str = "") -> tuple[str, ...]:
    value = table.get(key, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) and each.strip() for each in listed):
        raise _WrongError(f'{where}{key}: write a list of texts, as ["…"]')
    return tuple(listed)


def _selectors(table: dict[str, Any], key: str) -> tuple[str, ...]:
    found = _strings(table, key)
    for number, selector in enumerate(found, 1):
        why = objection(selector)
        if why:
            raise _WrongError(f"{key}, selector {number}: {why}")
    return found


def _pairs(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    value = table.get("replace", [])
    for pair in value if isinstance(value, list) else [None]:
        match pair:
            case [str(what), str(by)] if what:
                yield what, by
            case _:
                raise _WrongError(
                    'replace: write pairs, as [["what stands there", "what is to stand there"]]'
                )


def _tables(table: dict[str, Any]) -> list[dict[str, Any]]:
    found = table.get("test", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _WrongError("test: write [[rule.test]], with two brackets")
    return found


def _test(table: dict[str, Any], number: int) -> Sample:
    where = f"test {number}, "
    _refuse_unknown(table, TEST_KEYS, where)
    if isinstance(table.get("date"), date):
        table = table | {"date": f"{table['date']:%Y-%m-%d}"}
    words: dict[str, Any] = {key: _of_type(table, key, str, 'a text, as "…"', where) for key in _TEST_WORDS}
    if not words["url"] or not urlsplit(words["url"]).scheme.startswith("http"):
        raise _WrongError(f"{where}url: name the address of the page")
    return Sample(**words | {key: _strings(table, key, where) for key in _TEST_LISTS})


# --- and back -------------------------------------------------------------------------------------


def as_toml(rule: Rule, note: Iterable[str] = ()) -> str:
    """Return a rule as a [[rule]] table, with comments before it."""
    lines = [*(f"# {each}" for each in note), "[[rule]]"]
    lines += [f"{key} = {day}" for key, name in _DAYS.items() if (day := getattr(rule, name))]
    lines += ["relay = true"] if rule.relay else []
    lines += [
        f"{name} = {_list(value)}" for name in (*SELECTORS, "strip_text") if (value := getattr(rule, name))
    ]
    lines += [f"replace = [{', '.join(_list(pair) for pair in rule.replace)}]"] if rule.replace else []
    for sample in rule.tests:
        lines += ["", "[[rule.test]]", *_sample(sample)]
    return "\n".join(lines) + "\n"


def _sample(sample: Sample) -> Iterator[str]:
    for each in fields(sample):
        value = getattr(sample, each.name)
        if value:
            yield f"{each.name} = {_text(value) if isinstance(value, str) else _list(value)}"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
