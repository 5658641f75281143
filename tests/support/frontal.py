"""The example nginx of docs/exploitation, in front of a service: only its ports, paths and certificate are others."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from app.settings import ROOT
from tests.conftest import TODAY
from tests.support.certificate import draw_certificate
from tests.support.data import server_of
from tests.support.ports import HOST, free_port
from tests.support.services import Service

EXAMPLES = ROOT / "docs" / "exploitation"
SITE = "c2s.exemple.fr"
LOG = "journal.txt"
SERVER = "    server 127.0.0.1:{} fail_timeout=3s;\n"
MAIN = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/main.log warn;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/corps;
    proxy_temp_path {folder}/reponses;
    fastcgi_temp_path {folder}/autres;
    uwsgi_temp_path {folder}/autres;
    scgi_temp_path {folder}/autres;
    include {folder}/site.conf;
}}
"""


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """`c2s serve` on these data, with the settings a host gives it behind a proxy; its port."""
    settings = {
        "C2S_DATA_DIR": str(folder),
        "C2S_TODAY": TODAY.isoformat(),
        "C2S_COOKIES_SECURE": "on",
        "C2S_PUBLIC_URL": f"https://{SITE}",
        "C2S_TRUSTED_PROXIES": HOST,
        **server_of(folder),
    }
    service = Service(folder / LOG, settings)
    service.start()
    try:
        service.ready()
        yield service.port
    finally:
        service.stop()


@dataclass(frozen=True)
class Front:
    """A running nginx."""

    folder: Path
    port: int
    plain_port: int

    def client(self, address: str = HOST) -> httpx2.Client:
        """A browser that calls from this address, and believes the certificate of the test."""
        trust = ssl.create_default_context(cafile=str(self.folder / "certificat.pem"))
        return httpx2.Client(
            base_url=f"https://{HOST}:{self.port}",
            transport=httpx2.HTTPTransport(verify=trust, local_address=address),
            headers={"Host": SITE},
            timeout=60,
        )

    def log(self) -> str:
        """Everything that the nginx of a host writes down."""
        return (self.folder / "c2s.log").read_text() + (self.folder / "main.log").read_text()

    def warnings(self) -> str:
        """What it says when it is asked for more."""
        return (self.folder / "warnings.log").read_text()


def nginx() -> str:
    """The nginx of this machine; its tests fail without one where it can be installed."""
    path = find_nginx()
    if path is None and os.geteuid() == 0:
        pytest.fail("nginx is missing: apt-get install nginx-light")
    if path is None:
        pytest.skip("nginx is not installed, and only root can install it")
    return path


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def fronting(folder: Path, *services: int, tls: bool = True, port: int = 0) -> Iterator[Front]:
    """Run the example configuration in front of the services on these ports, in a folder of its own."""
    program, front = nginx(), Front(folder, port or free_port(), free_port())
    folder.mkdir()
    draw_certificate(folder, SITE)
    (folder / "site.conf").write_text(
        _moved(front, services) if tls else _without_tls(_moved(front, services))
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(user=user, folder=folder))
    run = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*run, "-t", "-q"], check=True)
    subprocess.run(run, check=True)  # it goes to the background once it listens
    try:
        yield front
    finally:
        subprocess.run([*run, "-s", "stop"], check=True)


def _moved(front: Front, services: Sequence[int]) -> str:
    """The example, where a test can run it; a line that is not there any more fails the test."""
    text = (EXAMPLES / "nginx.conf").read_text(encoding="utf-8")
    live = f"/etc/letsencrypt/live/{SITE}"
    for written, here in {
        "listen 80;": f"listen {HOST}:{front.plain_port};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen {HOST}:{front.port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        f"{live}/fullchain.pem": str(front.folder / "certificat.pem"),
        f"{live}/privkey.pem": str(front.folder / "cle.pem"),
        SERVER.format(8000): "".join(SERVER.format(port) for port in services),
        "/opt/c2s/docs/exploitation/": f"{EXAMPLES}/",
        "error_log /var/log/nginx/c2s.log": f"error_log {front.folder}/warnings.log warn;\n"
        f"    error_log {front.folder}/c2s.log",
    }.items():
        assert written in text, written
        text = text.replace(written, here)
    return text


def _without_tls(site: str) -> str:
    """The same on plain http, as a browser of this machine takes it without a warning."""
    first, second = site.split("\nserver {")[0], site.split("\nserver {")[2]
    return (
        first
        + "\nserver {"
        + re.sub(r"^ +ssl_.*\n", "", second.replace(" ssl http2", ""), flags=re.MULTILINE)
    )
