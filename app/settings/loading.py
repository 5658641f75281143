"""
The settings are read once, at the start.

A value that is wrong, or that is missing while another setting needs it, stops the start with a sentence.
"""

import fcntl
import json
import os
import re
import secrets
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.settings.model import ROOT, Settings
from app.settings.values import MissingDriver, WrongValue

OF_AN_ORCHESTRATOR = re.compile(r"C2S_(SERVICE_|PORT(_|$))")  # Kubernetes adds them for a service called c2s


class WrongSetting(Exception):
    """The start must stop: the message says which setting, what is expected, and an example."""


class NoDriver(WrongSetting):
    """The value may be right: what speaks to such a server is not installed. `said` names no setting."""

    def __init__(self, field: str, driver: str) -> None:
        lock = ROOT / ".ci" / "lock" / "distribue.txt"
        self.said = (
            f"il manque {driver}. Installez-le : {sys.executable} -m pip install --require-hashes -r {lock}"
        )
        super().__init__(f"C2S_{field.upper()} : {self.said}")


def unread_names() -> str:
    """The names of the environment that look like settings of ours and are none, in a sentence; empty without any."""
    ours = {f"C2S_{field.upper()}" for field in Settings.model_fields}
    names = {name for name in os.environ if name.upper().startswith("C2S_")}
    unread = sorted(name for name in names if name.upper() not in ours and not OF_AN_ORCHESTRATOR.match(name))
    near = {
        name: "".join(f" (peut-être {meant})" for meant in get_close_matches(name.upper(), ours, 1))
        for name in unread
    }
    named = ", ".join(name + meant for name, meant in near.items())
    return f"ce service ne lit pas {named}." if named else ""


def load_settings(**given: Any) -> Settings:
    """
    Read and check the environment; `given` wins over it.

    Raises WrongSetting with a French sentence that names the setting.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        field, cause = str(first["loc"][0]), first.get("ctx", {}).get("error")
        if isinstance(cause, MissingDriver):
            raise NoDriver(field, str(cause)) from None
        expected, example = Settings.expected(field)
        said = str(cause) if isinstance(cause, WrongValue) else "la valeur ne convient pas."
        raise WrongSetting(
            f"C2S_{field.upper()} : {said} Attendu : {expected}. Exemple : {example}"
        ) from None
    if settings.today and not settings.demo:
        raise WrongSetting(
            "C2S_TODAY : réservé à la démonstration. Retirez ce réglage, ou ajoutez C2S_DEMO=on."
        )
    if not settings.demo and settings.public_url.startswith("https:") and not settings.trusted_proxies:
        raise WrongSetting(
            "C2S_TRUSTED_PROXIES n'a pas de valeur. C2S_PUBLIC_URL est en https : un serveur frontal est devant ce "
            "service, qui ne parle que http. Sans l'adresse du frontal, toutes les personnes en auraient une seule, "
            "et les essais de connexion de l'une feraient attendre les autres. Exemple : "
            + Settings.expected("trusted_proxies")[1]
        )
    _check_mail(settings)
    _check_oidc(settings)
    for field in ("secret_keys", "data_keys"):
        if not getattr(settings, field):
            if not settings.demo:
                example = Settings.expected(field)[1]
                raise WrongSetting(
                    f"C2S_{field.upper()} n'a pas de valeur. Elle est nécessaire hors démonstration (C2S_DEMO=on). "
                    f"Exemple : {example}"
                )
            settings = settings.model_copy(update={field: (_demo_key(settings.data_dir, field),)})
    return settings


def _check_mail(settings: Settings) -> None:
    """An e-mail has a server, a sender, and the address of the service, which only the demonstration knows by itself."""
    for name, needed in (("smtp_url", "smtp_from"), ("smtp_from", "smtp_url"), ("smtp_url", "public_url")):
        known = getattr(settings, needed) or (settings.demo and needed == "public_url")
        if getattr(settings, name) and not known:
            raise WrongSetting(
                f"C2S_{needed.upper()} n'a pas de valeur. Elle est nécessaire avec C2S_{name.upper()}. "
                f"Exemple : {Settings.expected(needed)[1]}"
            )


def _check_oidc(settings: Settings) -> None:
    """All of them, or none; and the address that the issuer sends people back to."""
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    missing = [field for field in needed if not getattr(settings, field)]
    if len(missing) == len(needed):
        return
    if missing:
        expected, example = Settings.expected(missing[0])
        raise WrongSetting(
            f"C2S_{missing[0].upper()} n'a pas de valeur. Elle va avec les autres réglages C2S_OIDC_. "
            f"Attendu : {expected}. Exemple : {example}"
        )
    if not settings.public_url:
        raise WrongSetting(
            "C2S_PUBLIC_URL n'a pas de valeur. Elle est nécessaire avec C2S_OIDC_ISSUER : le fournisseur d'identité "
            f"y renvoie les personnes. Exemple : {Settings.expected('public_url')[1]}"
        )


def _demo_key(folder: Path, name: str) -> str:
    """A key of the demonstration, drawn once and kept beside its data."""
    path = folder / "cles-de-demonstration.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # services that start together keep the same
            keys: dict[str, str] = json.loads(file.read() or "{}")
            if name not in keys:
                keys[name] = secrets.token_hex(32)
                file.seek(0)
                json.dump(keys, file)
        return keys[name]
    except OSError as problem:
        expected, example = Settings.expected("data_dir")
        raise WrongSetting(
            f"C2S_DATA_DIR : {folder} ne peut pas servir ({problem.strerror}). "
            f"Attendu : {expected}. Exemple : {example}"
        ) from None
    except (ValueError, TypeError):
        raise WrongSetting(
            f"{path} est abîmé : les clés de cette démonstration ne se lisent plus. "
            "Videz ses données avec make reset, ou choisissez un autre dossier, par exemple C2S_DATA_DIR=data/demo."
        ) from None
