"""The publishers of the declared sources on this machine, behind a proxy that answers for any host.

The proxy takes `http` requests itself. For `https` it is asked to CONNECT, and then speaks TLS with a certificate for
the host that a test authority signs. So commands run against the declared addresses unchanged, and nothing leaves the
machine.
"""

import datetime
import ssl
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.servers import Answer, Visit, missing

File = Callable[[], bytes] | Path
"""The bytes of a file: where they lie, or what makes them."""


class Authority:
    """A certificate authority of a test, and the certificates of hosts that it signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MedINST test authority")])
        self.lock = threading.Lock()
        self.contexts: dict[str, ssl.SSLContext] = {}
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._signed(self.name, self.key, None).public_bytes(serialization.Encoding.PEM))

    def context(self, host: str) -> ssl.SSLContext:
        """What a server of a host speaks TLS with."""
        with self.lock:
            if host not in self.contexts:
                key = ec.generate_private_key(ec.SECP256R1())
                name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
                path = self.folder / f"{host}.pem"
                path.write_bytes(
                    key.private_bytes(
                        serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8,
                        serialization.NoEncryption(),
                    )
                    + self._signed(name, key, host).public_bytes(serialization.Encoding.PEM)
                )
                self.contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.contexts[host].load_cert_chain(path)
            return self.contexts[host]

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, host: str | None) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        built = (
            x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(issuer, critical=False)
        )
        if host is not None:
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return built.sign(self.key, hashes.SHA256())


class Publishers:
    """All publishers.

    Attributes:
        url: of the proxy.
        files: what they have, by address.
        plan: how addresses misbehave; those that are not named send their file.
        asked: the requests that came: method and address.
    """

    def __init__(self, url: str, authority: Authority, files: Mapping[str, File]) -> None:
        self.url, self.authority = url, authority
        self.files: dict[str, File] = {as_asked(url): file for url, file in files.items()}
        self.plan: dict[str, Answer] = {}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()

    @cached_property
    def environment(self) -> dict[str, str]:
        """The variables with which a command finds the publishers."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.url)
        return {**proxies, "SSL_CERT_FILE": str(self.authority.file)}

    def begin(self) -> None:
        """Forget what was asked, and behave."""
        self.asked.clear()
        self.plan.clear()

    def answer(self, visit: "ProxyVisit", url: str) -> None:
        with self.lock:
            self.asked[visit.command, url] += 1
        if url in self.plan:
            self.plan[url](visit)
        elif url in self.files:
            self.send(visit, url)
        else:
            missing(visit)

    def send(self, visit: Visit, url: str) -> None:
        """Send the file of an address as if nothing were wrong."""
        send(visit, self.files[url])


def send(visit: Visit, file: File) -> None:
    """Send a file with its size and version, the head alone if that is asked for."""
    if isinstance(file, Path):
        about = file.stat()
        size, version = about.st_size, f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        data = b""
    else:
        data = file()
        size, version = len(data), f'"{zlib.crc32(data):x}"'
    visit.send_response(200)
    for name, value in {
        "Content-Length": str(size),
        "ETag": version,
        "Content-Type": "application/octet-stream",
    }.items():
        visit.send_header(name, value)
    visit.end_headers()
    if visit.command == "HEAD":
        return
    if isinstance(file, Path):
        with file.open("rb") as opened:
            while chunk := opened.read(2**20):
                visit.wfile.write(chunk)
    else:
        visit.wfile.write(data)


class ProxyVisit(Visit):
    """One connection to the proxy; after CONNECT it is one to the host that was named."""

    publishers: Publishers
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:
        self.host = self.path.rpartition(":")[0]
        self.send_response(200, "Connection established")
        self.end_headers()
        try:
            self.connection = self.publishers.authority.context(self.host).wrap_socket(
                self.connection, server_side=True
            )
        except (ssl.SSLError, OSError):  # whoever asked does not believe the authority
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def do_GET(self) -> None:
        url = f"https://{self.host}{self.path}" if self.host else self.path
        try:
            self.publishers.answer(self, url)
        except (BrokenPipeError, ConnectionResetError):  # whoever asked has seen enough
            self.close_connection = True

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def finish(self) -> None:
        super().finish()
        if self.host:
            self.connection.close()

    def reply(self, status: int, data: bytes = b"", length: int | None = None, **headers: str) -> None:
        if length is not None and length != len(data):
            self.close_connection = True  # the promise is broken
        super().reply(
            status, b"" if self.command == "HEAD" else data, len(data) if length is None else length, **headers
        )


@contextmanager
def running_publishers(folder: Path, files: Mapping[str, File]) -> Iterator[Publishers]:
    """Run the proxy as long as the block does.

    Args:
        folder: an empty one, for certificates.
        files: what the publishers have, by address.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), ProxyVisit)
    server.daemon_threads = True
    publishers = Publishers(f"http://127.0.0.1:{server.server_port}", Authority(folder), files)
    server.RequestHandlerClass = type("Publisher", (ProxyVisit,), {"publishers": publishers})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield publishers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def as_asked(url: str) -> str:
    """An address as it is asked for: without fragment, and encoded."""
    asked = httpx.URL(url)
    return f"{asked.scheme}://{asked.host}{asked.raw_path.decode()}"
