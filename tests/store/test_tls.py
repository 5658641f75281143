"""A base on another machine, reached as docs/exploitation.md says: over TLS, and at the server that its certificate names."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy.exc import OperationalError

from app.store.faults import say_of_elsewhere
from tests.support import postgres
from tests.support.office import Office

pytestmark = pytest.mark.xdist_group("objets")
THIS_CONNECTION = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


def certificate(name: str) -> tuple[bytes, bytes]:
    """A certificate that `name` has signed for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM), secret


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a base, and the authority that answers for its server."""
    authority = tmp_path_factory.mktemp("autorite") / "autorite.pem"
    made, key = certificate("localhost")
    authority.write_bytes(made)
    with postgres.over_tls(made, key) as url:
        yield url, authority


@pytest.fixture
def office(elsewhere: tuple[str, Path], tmp_path: Path) -> Office:
    url, authority = elsewhere
    return Office(tmp_path, C2S_DATABASE_URL=f"{url}?sslmode=verify-full&sslrootcert={authority}")


def test_a_base_is_reached_over_tls(office: Office) -> None:
    office.done("init")
    with office.database() as db:
        encrypted, version = db.connection().exec_driver_sql(THIS_CONNECTION).one()
    assert encrypted
    assert version in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("wrong", ["another authority", "another name"])
def test_a_server_that_is_not_the_right_one_is_told_nothing(
    office: Office, tmp_path: Path, wrong: str
) -> None:
    url = office.env["C2S_DATABASE_URL"]
    if wrong == "another name":
        url = url.replace("localhost", "127.0.0.1")
    else:
        other = tmp_path / "autre.pem"
        other.write_bytes(certificate("localhost")[0])
        url = f"{url.partition('sslrootcert=')[0]}sslrootcert={other}"
    said = office.refused("init", C2S_DATABASE_URL=url)
    assert said.startswith("La connexion chiffrée à PostgreSQL ne s'établit pas : ")
    assert office.refused("doctor", C2S_DATABASE_URL=url).count("La connexion chiffrée à PostgreSQL") == 1


@pytest.mark.parametrize(
    ("said", "of_tls"),
    [
        ("SSL error: certificate verify failed", True),
        ("server does not support SSL, but SSL was required", True),
        ('root certificate file "/etc/ssl/interne.pem" does not exist', True),
        ('server certificate for "a.fr" does not match host name "b.fr"', True),
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.5", user "c2s", database "c2s", SSL encryption',
            False,
        ),
        ("connection refused", False),
    ],
)
def test_what_libpq_says_of_tls_is_told_from_an_account_that_is_refused(said: str, of_tls: bool) -> None:
    refused = OperationalError("", {}, psycopg.OperationalError(said))
    assert ("connexion chiffrée" in say_of_elsewhere(refused)) is of_tls
    assert ("refuse ce compte" in say_of_elsewhere(refused)) is not of_tls
