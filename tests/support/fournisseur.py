"""
An OpenID provider with the engine and the manners of FranceConnect (`tests/fournisseur`), for tests and `make run-oidc`.

Node and npm run it. Its packages are pinned by their digests, in a lock that names no host: npm asks its own registry.
"""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from sqlmodel import Session

from app.cli import main as c2s
from app.demo.comptes import account_entry, demo_accounts, make_assure
from app.domain.assure import Assure
from app.files.sealing import KeyRing
from app.main import build_house
from app.settings import ROOT, load_settings
from app.store.comptes import add_compte, find_demo, hash_password
from app.store.database import reading, writing
from tests.support.ports import HOST, free_port

SOURCE = ROOT / "tests" / "fournisseur"
FOLDER = ROOT / ".venv" / "fournisseur"
CLIENT, SECRET = "c2s", "un-secret-d-essai-de-plus-de-trente-deux-signes"
SECONDS = 60
TRIES = 3  # once in many runs it never listens; nothing said why
OLDEST_NODE = 20
HOMONYMS = ("camille-1", "camille-2")
People = dict[str, dict[str, Any]]


def why_not() -> str:
    """Why there is no provider here; empty once it is installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or _version(node) < OLDEST_NODE:
        return f"Node {OLDEST_NODE} ou plus récent, ou npm, manque : le fournisseur d'identité des essais ne démarre pas."
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of the suite start together
        return _install(npm)


def _version(node: str) -> int:
    written = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(written.removeprefix("v").split(".")[0] or 0)


def _install(npm: str) -> str:
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "installe"
    for name in ("package.json", "package-lock.json", "provider.mjs"):
        shutil.copyfile(SOURCE / name, FOLDER / name)
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"npm n'installe pas le fournisseur d'identité des essais : {done.stderr.strip() or done.stdout.strip()}"
    stamp.write_text(wanted)
    return ""


def people(le: date) -> People:
    """The people of the demonstration as FranceConnect knows them, and a twin of each case that opens no account."""
    accounts = {account.cle: make_assure(account_entry(account.cle), le) for account in demo_accounts()}
    known = {cle: _person(assure, assure.prenom) for cle, assure in accounts.items()}
    fatou, yves, camille = accounts["fatou"], accounts["yves"], _homonym(accounts["nadia"], 1)
    return known | {
        "sans-compte": _person(camille, "Sacha, qui n'a pas de compte", given_name_array=["Sacha"]),
        "deux-comptes": _person(camille, "Camille, dont deux comptes ont l'état civil"),
        "nom-change": _person(fatou, "Fatou, qui a changé de nom de naissance", family_name="NOUVEAU-NOM"),
        "jour-inconnu": _person(
            yves, "Yves, dont le jour est inconnu", birthdate=f"{yves.naissance:%Y-%m}-01"
        ),
    }


def _person(assure: Assure, name: str, **other: Any) -> dict[str, Any]:
    claims = {
        "given_name": " ".join(assure.prenoms),
        "given_name_array": list(assure.prenoms),
        "family_name": assure.nom_naissance.upper(),
        "birthdate": assure.naissance.isoformat(),
        "gender": "male" if assure.nir[0] == "1" else "female",
        "birthplace": "" if assure.nir[5:7] == "99" else assure.nir[5:10],
        "birthcountry": assure.nir[5:10] if assure.nir[5:7] == "99" else "99100",
    }
    return {"name": name, "claims": claims | other}


def _homonym(like: Assure, rank: int) -> Assure:
    return like.model_copy(
        update={
            "prenom": "Camille",
            "prenoms": ("Camille",),
            "nom": "Homonyme",
            "nom_naissance": "Homonyme",
            "nir": f"{like.nir[:-3]}90{rank}",
        }
    )


def add_homonyms(db: Session, ring: KeyRing, le: date) -> None:
    """Two accounts that nothing tells apart but their number; once."""
    if find_demo(db, HOMONYMS[0]) is not None:
        return
    nadia = make_assure(account_entry("nadia"), le)
    with writing(db):
        for rank, cle in enumerate(HOMONYMS, 1):
            add_compte(db, ring, _homonym(nadia, rank), hash_password(f"demo-{cle}"), cle)


def issuer_at(port: int) -> str:
    """What the provider on this port is called."""
    return f"http://{HOST}:{port}/api/v2"


def settings_for(port: int, public_url: str) -> dict[str, str]:
    """The settings of a service that this provider knows."""
    named = {"issuer": issuer_at(port), "client_id": CLIENT, "client_secret": SECRET}
    return {"public_url": public_url, **{f"oidc_{name}": value for name, value in named.items()}}


@contextmanager
def providing(port: int, public_url: str, who: People) -> Iterator[None]:
    """The provider, for a service at this address."""
    back = [f"{public_url}/connexion/franceconnect/retour", f"{public_url}/deconnexion"]
    told = {"port": port, "client": CLIENT, "secret": SECRET, "back": back, "people": who}
    process = _started(told, port)
    try:
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def _started(told: dict[str, Any], port: int) -> subprocess.Popen[bytes]:
    for _ in range(TRIES):
        process = subprocess.Popen(
            ["node", "provider.mjs", json.dumps(told)], cwd=FOLDER, stdout=subprocess.DEVNULL
        )
        if _answers(process, port):
            return process
        process.kill()
        process.wait()
    raise AssertionError("the provider does not start")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    end = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return True
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    return False


def main() -> None:
    """`make run-oidc`: the demonstration, with FranceConnect's engine on this machine."""
    if why := why_not():
        sys.exit(f"{why}\nLa démonstration sans lui : make run")
    port, own = free_port(), f"http://{os.environ['HOST']}:{os.environ['PORT']}"
    chosen = {"demo": "on", "data_dir": str(ROOT / "data" / "run" / "oidc"), **settings_for(port, own)}
    os.environ.update({f"C2S_{name.upper()}": value for name, value in chosen.items()})
    settings = load_settings()
    house = build_house(settings)
    with reading(house.engine) as db:
        add_homonyms(db, settings.data_ring, settings.day())
    house.engine.dispose()
    with providing(port, own, people(settings.day())):
        sys.argv = ["c2s", "serve"]
        c2s()


if __name__ == "__main__":
    main()
