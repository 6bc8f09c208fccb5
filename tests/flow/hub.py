"""A real WebSub hub on loopback, over TLS: what it asks back and pushes is for the test to say."""

import hmac
import http.client
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

Form = dict[str, str]


def make_certificate(folder: Path) -> Path:
    """Make a certificate for this machine, with its key beside it, and return its path."""
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*make, *files], check=True, capture_output=True)
    return folder / "cert.pem"


@dataclass
class Hub:
    """Notes every form; answers with `status` and `headers`, after `during` was called with the form."""

    port: int = 0
    status: int = 202
    headers: Form = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    during: Callable[[Form], object] = lambda form: None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/"

    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.forms]

    def ask_back(self, form: Form, **said: str) -> tuple[int, str]:
        """Verify the intent behind a form (§5.3), with other words where the test says so."""
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "a+b/c=港",
            "hub.lease_seconds": form["hub.lease_seconds"],
        } | {f"hub.{name}": value for name, value in said.items()}
        parts = urlsplit(form["hub.callback"])
        return call("GET", f"{parts.netloc}{parts.path}?{urlencode(query)}")

    def push(self, form: Form, body: bytes = b"<feed/>", *, signature: str | None = None) -> int:
        """Push a body to a form's callback, signed with its secret unless the test signs it otherwise."""
        made = "sha256=" + hmac.new(form["hub.secret"].encode(), body, "sha256").hexdigest()
        headers = {"X-Hub-Signature": made if signature is None else signature}
        parts = urlsplit(form["hub.callback"])
        return call("POST", f"{parts.netloc}{parts.path}", body, headers)[0]


def call(method: str, where: str, body: bytes | None = None, headers: Form | None = None) -> tuple[int, str]:
    """Return status and text of what an address of this machine answers."""
    host, _, path = where.partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request(method, f"/{path}", body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def running_hub(certificate: Path) -> Iterator[Hub]:
    """Run a hub until the block ends."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            hub.forms.append(form)
            hub.during(form)
            self.send_response(hub.status)
            for name, value in hub.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    hub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
