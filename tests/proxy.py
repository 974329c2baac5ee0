"""The nginx configuration that is shipped, run as it stands but for ports, folders and the certificate."""

import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers import ROOT, free_port

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SECONDS = 15
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/starting.log;
{user}
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""
"""What a distribution's nginx.conf has around ours."""


@dataclass(frozen=True)
class Proxy:
    """Where nginx answers, with which certificate, and where it writes."""

    address: str
    plain_address: str
    certificate: str
    folder: Path

    def log(self) -> list[str]:
        """The lines of the access log."""
        return (self.folder / "fairlead.log").read_text("utf-8").splitlines()


def certificate(folder: Path) -> Path:
    """A certificate for localhost that signs itself; its key lies beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    begin = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(encoding))
    (folder / "privkey.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    return folder / "fullchain.pem"


@contextmanager
def proxied(folder: Path, replicas: Sequence[int], *, port: int) -> Iterator[Proxy]:
    """nginx with TLS at https://localhost:`port`, in front of what listens on these ports of this machine."""
    plain_port, chain = free_port(), certificate(folder)
    replaced = {
        "https://fairlead.example.org": f"https://localhost:{port}",
        "fairlead.example.org": "localhost",
        "/etc/ssl/fairlead": str(folder),
        "/var/log/nginx": str(folder),
        "/run/": f"{folder}/",
        "listen 80 ": f"listen 127.0.0.1:{plain_port} ",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen [::]:80 ": f"listen [::1]:{plain_port} ",
        "listen [::]:443 ": f"listen [::1]:{port} ",
    }
    _written(folder, "nginx.conf", replaced)
    _written(
        folder, "nginx-replicas.conf", {f"127.0.0.1:{8501 + n}": f"127.0.0.1:{at}" for n, at in enumerate(replicas)}
    )
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers could not write into the folder of a test
    (folder / "around.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
    process = subprocess.Popen([str(NGINX), "-p", folder, "-e", folder / "starting.log", "-c", folder / "around.conf"])
    try:
        _wait_until_it_listens(port, process, folder)
        yield Proxy(f"https://localhost:{port}", f"http://localhost:{plain_port}", str(chain), folder)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def _written(folder: Path, name: str, replaced: dict[str, str]) -> None:
    """A shipped file with some texts replaced, each of which must be there."""
    text = (DEPLOY / name).read_text("utf-8")
    for old, new in replaced.items():
        assert old in text, f"deploy/{name} does not hold {old!r}"
        text = text.replace(old, new)
    if not _has_ipv6():
        text = "\n".join(line for line in text.splitlines() if "listen [::1]" not in line)
    (folder / "conf.d").mkdir(exist_ok=True)
    (folder / "conf.d" / name).write_text(text, "utf-8")


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "starting.log").read_text("utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nginx does not listen: {(folder / 'starting.log').read_text('utf-8')}")
