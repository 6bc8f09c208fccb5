"""Answers without secrets: what leaves this room may be kept for ever and shown to anybody."""

import re
from collections.abc import Callable
from dataclasses import replace

from dibao.fetch.ask import Answer
from dibao.fetch.secrets import REDACTED, is_secret_name
from dibao.model import Exchange, Failure

Scrub = Callable[[bytes], bytes]
Headers = tuple[tuple[str, str], ...]

_LINE = re.compile(rb"(?m)^([^:\r\n]+):([^\r\n]*)")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FRAMING = ("transfer-encoding", "content-encoding", "content-length")


def redacted(answer: Answer, scrub: Scrub | None) -> Answer:
    """Return an answer without secrets; bytes that hold none stay exact.

    Where a secret stands in the body, the response is written anew without transfer and content
    encoding, so that it can still be read. Of a failure that may hold one only the head stays.
    """
    if scrub is None:
        return replace(answer, exchange=answer.exchange and _bare_request(answer.exchange))
    head, gap, payload = _split(answer.exchange.response if answer.exchange else b"")
    body = scrub(answer.body)
    headers = tuple((on_text(scrub, name), on_text(scrub, value)) for name, value in answer.headers)
    if answer.failure:
        payload = b""
    elif body != answer.body or scrub(payload) != payload:
        head, gap, payload, headers = _reframed_head(head, body), b"\r\n\r\n", body, _reframed(headers, body)
    return replace(
        answer,
        url=on_text(scrub, answer.url),
        headers=headers,
        body=body,
        failure=answer.failure and in_words(scrub, answer.failure),
        exchange=answer.exchange and _scrubbed(answer.exchange, scrub, scrub(head) + gap + payload),
    )


def on_text(scrub: Scrub | None, text: str) -> str:
    """Return a text without secrets."""
    return scrub(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass") if scrub else text


def in_words(scrub: Scrub | None, failure: Failure) -> Failure:
    """Return a failure without secrets."""
    return replace(failure, detail=on_text(scrub, failure.detail))


def _bare_request(exchange: Exchange) -> Exchange:
    return replace(exchange, request=_LINE.sub(_redacted_line, exchange.request))


def _redacted_line(line: re.Match[bytes]) -> bytes:
    name = line.group(1)
    return name + b": " + REDACTED.encode() if is_secret_name(name.decode("latin-1")) else line.group()


def _scrubbed(exchange: Exchange, scrub: Scrub, response: bytes) -> Exchange:
    request = scrub(_bare_request(exchange).request)
    return replace(exchange, url=on_text(scrub, exchange.url), request=request, response=response)


def _split(response: bytes) -> tuple[bytes, bytes, bytes]:
    end = _END_OF_HEAD.search(response)
    return (response[: end.start()], end.group(), response[end.end() :]) if end else (response, b"", b"")


def _reframed(headers: Headers, body: bytes) -> Headers:
    kept = tuple(pair for pair in headers if pair[0].lower() not in _FRAMING)
    return (*kept, ("Content-Length", str(len(body))))


def _reframed_head(head: bytes, body: bytes) -> bytes:
    lines = [line for line in re.split(rb"\r?\n", head) if _name(line) not in _FRAMING]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)])


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("latin-1")
