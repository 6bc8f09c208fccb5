"""XPath as CSS, where both find the same: a page need not be mirrored for it."""

import re

_ATTRIBUTE = r"@(class|id|itemprop|name|property|href|src|role|title|(?:data|aria)-[a-z0-9-]+)"
_TEXT = r"""(?:'([^'"\\\n]+)'|"([^'"\\\n]+)")"""
_CLASSES = r"concat\(\s*(?:' '|\" \")\s*,\s*normalize-space\(\s*@class\s*\)\s*,\s*(?:' '|\" \")\s*\)"
_STEP = re.compile(r"(//?)([a-z][a-z0-9]*|\*)((?:\[[^\[\]]*\])*)")
_PREDICATE = re.compile(r"\[([^\[\]]*)\]")
_TESTS = (  # the attribute and two ways to quote a text -> the CSS operator
    (re.compile(rf"{_ATTRIBUTE}\s*=\s*{_TEXT}"), "="),
    (re.compile(rf"contains\(\s*{_ATTRIBUTE}\s*,\s*{_TEXT}\s*\)"), "*="),
    (re.compile(rf"starts-with\(\s*{_ATTRIBUTE}\s*,\s*{_TEXT}\s*\)"), "^="),
)
_CLASS = re.compile(rf"""contains\(\s*{_CLASSES}\s*,\s*(?:' ([^'"\\\s]+) '|" ([^'"\\\s]+) ")\s*\)""")
_PRESENT = re.compile(_ATTRIBUTE)


def as_css(expression: str) -> str | None:
    """Return the CSS selector that finds what an XPath expression does; None unless that is sure."""
    parts = [_path(part.strip()) for part in expression.split("|")]
    return ", ".join(filter(None, parts)) if all(parts) else None


def _path(path: str) -> str | None:
    """Return one path, without unions, as CSS."""
    steps = list(_STEP.finditer(path))
    if not steps or "".join(step[0] for step in steps) != path or steps[0][1] != "//":
        return None
    selector = ""
    for step in steps:
        tests = [_tests(found[1]) for found in _PREDICATE.finditer(step[3])]
        if None in tests:
            return None
        joint = "" if not selector else " > " if step[1] == "/" else " "
        selector += f"{joint}{step[2]}{''.join(filter(None, tests))}"
    return selector


def _tests(predicate: str) -> str | None:
    """Return what stands in brackets as CSS; several tests may be joined by "and"."""
    found = [_test(test.strip()) for test in re.split(r"\sand\s", predicate)]
    return "".join(filter(None, found)) if all(found) else None


def _test(test: str) -> str | None:
    for pattern, operator in _TESTS:
        found = pattern.fullmatch(test)
        if found:
            return f'[{found[1]}{operator}"{found[2] or found[3]}"]'
    found = _CLASS.fullmatch(test)
    if found:
        return f'[class~="{found[1] or found[2]}"]'
    found = _PRESENT.fullmatch(test)
    return f"[{found[1]}]" if found else None
