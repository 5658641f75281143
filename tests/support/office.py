"""An installation outside the demonstration: its settings, its data, and its commands."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import Session
from typer.testing import CliRunner, Result

from app.cli import cli
from app.domain.nir import cle_du_nir
from app.settings import ROOT, Settings, load_settings
from app.store.database import open_database, reading

SIGNING, SEALING, NEWER = (hashlib.sha256(name).hexdigest() for name in (b"signing", b"sealing", b"newer"))
CAISSE = {
    "code": "931",
    "nom": "CPAM de la Seine-Saint-Denis",
    "departement": "93",
    "ville": "Bobigny",
    "adresse": "195 avenue Paul-Vaillant-Couturier, 93000 Bobigny",
    "code_postal": "93000",
    "telephone": "36 46",
    "courriel": "c2s@caisse-931.fr",
    "dpo": "dpo@caisse-931.fr",
    "service": "Service Complémentaire santé solidaire",
    "recours": "Commission de recours amiable, 93000 Bobigny",
}
NIR = "2870675990101"
PASSWORD = "un mot de passe assez long"
NADIA: dict[str, Any] = {
    "prenom": "Nadia",
    "nom": "Exemple",
    "naissance": "1987-06-14",
    "nir": NIR,
    "caisse": "931",
    "courriel": "nadia@courriel.fr",
    "telephone": "06 39 98 10 01",
    "adresse": {"voie": "12 rue de l'Exemple", "code_postal": "93200", "commune": "Saint-Denis"},
    "mot_de_passe": PASSWORD,
}


class Office:
    """One folder of data, and the settings that go with it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.env = {
            "C2S_DATA_DIR": str(folder / "donnees"),
            "C2S_SECRET_KEYS": SIGNING,
            "C2S_DATA_KEYS": SEALING,
            "C2S_PUBLIC_URL": "https://c2s.caisse-931.fr",
            "C2S_TRUSTED_PROXIES": "127.0.0.1",
            "C2S_OPERATEUR_NOM": "La caisse 931",
            "C2S_OPERATEUR_ADRESSE": "195 avenue Paul-Vaillant-Couturier, 93000 Bobigny",
            "C2S_OPERATEUR_COURRIEL": "service@caisse-931.fr",
            "C2S_OPERATEUR_TELEPHONE": "36 46",
            "C2S_DIRECTEUR_PUBLICATION": "Ada L'Exemple",
            "C2S_HEBERGEUR": "La caisse 931, 93000 Bobigny. Téléphone : 36 46",
            **settings,
        }

    def run(self, *words: object, given: str | None = None, **settings: str) -> Result:
        """`c2s WORDS…`; `given` comes on the standard input."""
        try:
            return CliRunner().invoke(
                cli,
                [str(word) for word in words],
                input=given,
                env=self.env | settings,
                catch_exceptions=False,
            )
        finally:
            structlog.reset_defaults()  # the command logs on an output that ends with it

    def done(self, *words: object, **more: Any) -> str:
        """What a command that succeeds writes."""
        result = self.run(*words, **more)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *words: object, **more: Any) -> str:
        """What a command that is refused writes."""
        result = self.run(*words, **more)
        assert result.exit_code == 1, result.output
        return result.output

    def open(self) -> "Office":
        """Create the database and a caisse."""
        self.done("init")
        self.done("caisses", "import", self.write("caisses.json", json.dumps([CAISSE])))
        return self

    def write(self, name: str, text: str | bytes) -> Path:
        """A file to import."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def people(self, *people: Mapping[str, Any]) -> Path:
        """A file of accounts, one a line."""
        return self.write("assures.jsonl", "\n".join(json.dumps(person) for person in people))

    @property
    def settings(self) -> Settings:
        """The settings a service of this installation would have."""
        names = {name.removeprefix("C2S_").lower(): value for name, value in self.env.items()}
        return load_settings(**names)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session on the database."""
        engine = open_database(self.settings.database)
        try:
            with reading(engine) as db:
                yield db
        finally:
            engine.dispose()


def organismes() -> list[dict[str, str]]:
    """The list of the demonstration."""
    with (ROOT / "data" / "demo" / "organismes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table as a spreadsheet writes it."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def with_key(nir: str) -> str:
    """A number as it stands on a card: its key at the end, spaces between."""
    return f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:]} {cle_du_nir(nir)}"
