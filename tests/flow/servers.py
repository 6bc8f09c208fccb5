"""A small real web server for flow tests: what it answers is set by the test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, str, bytes]


@dataclass
class Site:
    """Answers by path; a callable is asked each time. Everything that was asked is noted."""

    port: int = 0
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], Answer]] = field(default_factory=dict)
    more: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # further headers by path
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on loopback until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits a twentieth of a second for an ACK

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path.partition("?")[0], (404, "text/plain", b"nothing here"))
            status, kind, body = page(self) if callable(page) else page
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{sha256(body).hexdigest()[:16]}"')
            for name, value in site.more.get(self.path.partition("?")[0], ()):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(*items: tuple[str, str, str], title: str = "青楓社") -> Answer:
    """Return the answer of an RSS feed of (title, link, description)."""
    body = "".join(
        f"<item><title>{name}</title><link>{link}</link><description><![CDATA[{text}]]></description></item>"
        for name, link, text in items
    )
    whole = f'<rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'
    return 200, "application/rss+xml; charset=utf-8", whole.encode()


def rss_by_guid(*items: tuple[str, str, str | None, str]) -> Answer:
    """Return the answer of an RSS feed of (guid, title, link or None, description)."""
    body = "".join(
        f'<item><guid isPermaLink="false">{guid}</guid><title>{name}</title>'
        f"{f'<link>{link}</link>' if link else ''}<description><![CDATA[{text}]]></description></item>"
        for guid, name, link, text in items
    )
    whole = f'<rss version="2.0"><channel><title>青楓社</title>{body}</channel></rss>'
    return 200, "application/rss+xml; charset=utf-8", whole.encode()


def article(title: str, text: str) -> Answer:
    """Return the answer of an article's page, long enough to be read as one."""
    paragraphs = "".join(
        f"<p>{text}（之{n}）居民代表在說明會上逐一提問，主管機關允諾兩週內答覆。</p>" for n in range(6)
    )
    head = f"<head><title>{title}</title></head>"
    html = f"<html lang='zh-Hant'>{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    return 200, "text/html; charset=utf-8", html.encode()
