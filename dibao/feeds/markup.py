"""Relative links in the HTML of entries -> absolute ones, with all else as it was written."""

import re
from html import escape, unescape
from urllib.parse import urljoin

_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_LINK = re.compile(
    r"""(\s(?:action|background|cite|codebase|data|href|longdesc|poster|profile|src|usemap)\s*=\s*)"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.I,
)


def resolved(html: str, base: str) -> str:
    """Return HTML with its relative links made absolute; nothing else in it is touched."""
    return _TAG.sub(lambda tag: _LINK.sub(lambda link: _absolute(link, base), tag[0]), html)


def _absolute(link: re.Match[str], base: str) -> str:
    before, written = link[1], link[2] or link[3] or link[4] or ""
    try:
        whole = urljoin(base, unescape(written.strip()))
    except ValueError:  # brackets left open: nothing to make of it
        return link[0]
    return link[0] if whole == unescape(written) else f'{before}"{escape(whole)}"'
