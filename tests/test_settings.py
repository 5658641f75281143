"""The settings: a wrong value stops the start with a sentence that names it."""

import hashlib
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.settings import Settings, WrongSetting, load_settings
from app.settings.values import is_guessed

KEY, OTHER_KEY = (hashlib.sha256(name).hexdigest() for name in (b"one", b"other"))

FC = {
    "C2S_OIDC_ISSUER": "https://fc.exemple/api/v2",
    "C2S_OIDC_CLIENT_ID": "c2s",
    "C2S_OIDC_CLIENT_SECRET": "secret",
}

SAID_TO_BE_WRONG = [
    ("PUBLIC_URL", "ftp://c2s.exemple.fr", "cette adresse ne commence ni par https:// ni par http://."),
    ("PUBLIC_URL", "c2s.exemple.fr", "cette adresse ne commence ni par https:// ni par http://."),
    ("PUBLIC_URL", "c2s.exemple.fr:8443", "cette adresse ne commence ni par https:// ni par http://."),
    ("PUBLIC_URL", "https://c2s.exemple.fr/c2s", "cette adresse continue après le nom de la machine."),
    ("PUBLIC_URL", "https://c2s.exemple.fr?x=1", "cette adresse continue après le nom de la machine."),
    ("PUBLIC_URL", "https://c2s.exemple.fr/#x", "cette adresse continue après le nom de la machine."),
    ("PUBLIC_URL", "https://moi:secret@c2s.exemple.fr", "cette adresse contient le nom d'un compte."),
    (
        "PUBLIC_URL",
        "https://",
        "cette adresse ne nomme pas une machine. Un nom de machine a des lettres sans",
    ),
    ("PUBLIC_URL", "https://santé.exemple.fr", "cette adresse ne nomme pas une machine."),
    ("PUBLIC_URL", "https://c2s.exemple.fr:0", "le port va de 1 à 65535."),
    ("PUBLIC_URL", "https://c2s.exemple.fr:port", "la valeur ne convient pas."),
    ("HOSTS", "https://a.exemple.fr/x", "« https://a.exemple.fr/x » n'est pas un nom de machine."),
    ("HOSTS", "a.exemple.fr, *", "« * » n'est pas un nom de machine."),
    ("HOSTS", "a.exemple.fr:8443", "« a.exemple.fr:8443 » n'est pas un nom de machine."),
    ("OPERATEUR_COURRIEL", "toto", "ce n'est pas une adresse e-mail."),
    ("SMTP_FROM", "équipe@exemple.fr", "cette adresse a un accent avant @."),
    ("DATABASE_URL", "sqlite:///", "cette adresse ne nomme pas de fichier."),
    ("DATABASE_URL", "sqlite:////srv/c2s/", "cette adresse ne nomme pas de fichier."),
    ("DATABASE_URL", "sqlite:///:memory:", "cette adresse ne nomme pas de fichier."),
    ("DATABASE_URL", "sqlite:///file::memory:?uri=true", "cette adresse ne nomme pas de fichier."),
    ("DATABASE_URL", "sqlite:///file:c2s?mode=memory&uri=true", "cette adresse ne nomme pas de fichier."),
]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({}, "C2S_SECRET_KEYS n'a pas de valeur", id="sans clé"),
        pytest.param({"C2S_SECRET_KEYS": KEY}, "C2S_DATA_KEYS n'a pas de valeur", id="sans clé de données"),
        pytest.param({"C2S_SECRET_KEYS": "courte", "C2S_DATA_KEYS": KEY}, "C2S_SECRET_KEYS", id="clé courte"),
        pytest.param({"C2S_SECRET_KEYS": "0" * 64, "C2S_DATA_KEYS": KEY}, "C2S_SECRET_KEYS", id="des zéros"),
        pytest.param(
            {"C2S_SECRET_KEYS": KEY, "C2S_DATA_KEYS": "a1b2c3d4e5f6a7b8" * 4}, "C2S_DATA_KEYS", id="répétée"
        ),
        pytest.param(
            {"C2S_SECRET_KEYS": "0123456789abcdefghijklmnopqrstuvwxyz", "C2S_DATA_KEYS": KEY},
            "C2S_SECRET_KEYS",
            id="suite",
        ),
        pytest.param({"C2S_DEMO": "peut-être"}, "C2S_DEMO", id="ni on ni off"),
        pytest.param({"C2S_DEMO": "on", "C2S_TODAY": "demain"}, "C2S_TODAY", id="date illisible"),
        pytest.param(
            {"C2S_SECRET_KEYS": KEY, "C2S_DATA_KEYS": KEY, "C2S_TODAY": "2025-05-15"},
            "C2S_TODAY",
            id="hors démo",
        ),
        pytest.param(
            {"C2S_SECRET_KEYS": KEY, "C2S_DATA_KEYS": KEY, "C2S_PUBLIC_URL": "https://c2s.exemple.fr"},
            "C2S_TRUSTED_PROXIES n'a pas de valeur",
            id="frontal non déclaré",
        ),
        pytest.param({"C2S_DEMO": "on", "C2S_TRUSTED_PROXIES": "*"}, "C2S_TRUSTED_PROXIES", id="tous"),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_TRUSTED_PROXIES": "::/0"}, "C2S_TRUSTED_PROXIES", id="tous (v6)"
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_TRUSTED_PROXIES": "frontal"}, "C2S_TRUSTED_PROXIES", id="un nom"
        ),
        *(
            pytest.param({"C2S_DEMO": "on", "C2S_SMTP_URL": url}, "C2S_SMTP_URL", id=f"courrier {url}")
            for url in (
                "courrier.exemple.fr",
                "http://x",
                "smtp://",
                "smtp://x:abc",
                "smtp://x:0",
                "smtp://[",
            )
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_SMTP_URL": "smtp://x:secr%C3%A9t@y", "C2S_SMTP_FROM": "a@exemple.fr"},
            "C2S_SMTP_URL",
            id="accent",
        ),
        pytest.param({"C2S_DEMO": "on", "C2S_SMTP_FROM": "personne"}, "C2S_SMTP_FROM", id="expéditeur"),
        pytest.param({"C2S_DEMO": "on", "C2S_SMTP_URL": "smtp://x"}, "C2S_SMTP_FROM", id="sans expéditeur"),
        pytest.param({"C2S_DEMO": "on", "C2S_SMTP_FROM": "a@exemple.fr"}, "C2S_SMTP_URL", id="sans serveur"),
        pytest.param(
            {"C2S_SMTP_URL": "smtp://x", "C2S_SMTP_FROM": "a@exemple.fr"},
            "C2S_PUBLIC_URL",
            id="sans adresse publique",
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_DATABASE_URL": "mysql://x"}, "C2S_DATABASE_URL", id="autre base"
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_OIDC_ISSUER": "http://fc.exemple/api/v2"},
            "C2S_OIDC_ISSUER",
            id="sans TLS",
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_OIDC_ISSUER": "https://fc.exemple/api/v2/"},
            "C2S_OIDC_ISSUER",
            id="/ de trop",
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_OIDC_ISSUER": "fc.exemple"}, "C2S_OIDC_ISSUER", id="un nom seul"
        ),
        pytest.param(
            {"C2S_DEMO": "on", **FC, "C2S_OIDC_CLIENT_SECRET": ""},
            "C2S_OIDC_CLIENT_SECRET n'a pas de valeur",
            id="sans secret",
        ),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_OIDC_CLIENT_ID": "c2s"},
            "C2S_OIDC_ISSUER n'a pas de valeur",
            id="sans adresse",
        ),
        *(
            pytest.param(
                {"C2S_DEMO": "on", f"C2S_{name}": value}, f"C2S_{name} : {said}", id=f"{name} {value}"
            )
            for name, value, said in SAID_TO_BE_WRONG
        ),
        pytest.param({"C2S_DEMO": "on", "C2S_JDMA_URL": "javascript:alert(1)"}, "C2S_JDMA_URL", id="avis"),
        pytest.param(
            {"C2S_DEMO": "on", "C2S_SCHEMA_PLURIANNUEL_URL": "javascript:alert(1)"},
            "C2S_SCHEMA_PLURIANNUEL_URL : la valeur ne convient pas. Attendu : l'adresse https où",
            id="schéma",
        ),
        pytest.param({"C2S_DEMO": "on", **FC}, "C2S_PUBLIC_URL n'a pas de valeur", id="sans retour"),
    ],
)
def test_a_wrong_setting_is_named(
    environment: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as stopped:
        load_settings()
    assert named in str(stopped.value)
    assert KEY not in str(stopped.value)
    assert "moi:secret" not in str(stopped.value)


@pytest.mark.parametrize("nothing", ["", " "])
def test_an_empty_setting_is_no_setting(
    nothing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without = load_settings(demo=True, data_dir=tmp_path)
    for name in Settings.model_fields:
        monkeypatch.setenv(f"C2S_{name.upper()}", nothing)
    monkeypatch.setenv("C2S_DEMO", "on")
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    assert load_settings() == without


@pytest.mark.parametrize(
    ("name", "url", "driver"),
    [
        ("C2S_FILES_URL", "s3://c2s?endpoint=https://objets.exemple.fr", "obstore"),
        ("C2S_DATABASE_URL", "postgresql://c2s@base.exemple.fr/c2s", "psycopg"),
    ],
)
def test_a_driver_that_is_missing_is_named_with_what_installs_it(
    name: str, url: str, driver: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("C2S_DEMO", "on")
    monkeypatch.setenv(name, url)
    load_settings()
    monkeypatch.setattr("app.settings.values.find_spec", {}.get)
    with pytest.raises(WrongSetting) as stopped:
        load_settings()
    said = str(stopped.value)
    assert said.startswith(f"{name} : il manque le pilote ")
    assert f"({driver}). Installez-le : {sys.executable} -m pip install --require-hashes -r " in said
    lock = Path(said.rpartition(" ")[2])
    assert f"\n{driver}==" in f"\n{lock.read_text()}"


def test_keys_are_a_list_newest_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("C2S_SECRET_KEYS", f"{KEY}, {OTHER_KEY}")
    monkeypatch.setenv("C2S_DATA_KEYS", KEY)
    settings = load_settings()
    assert settings.secret_keys == (KEY, OTHER_KEY)
    assert settings.secure, "cookies travel over TLS only, outside the demonstration"


def test_the_demonstration_draws_its_own_keys_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("C2S_DEMO", "on")
    first, second = load_settings(), load_settings()
    assert first.secret_keys == second.secret_keys
    assert not first.secure


def test_demonstrations_that_start_together_have_the_same_keys(tmp_path: Path) -> None:
    """What one of them seals, the others open."""
    together = Barrier(8)

    def start(_: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        together.wait()
        settings = load_settings(demo=True, data_dir=tmp_path)
        return settings.secret_keys, settings.data_keys

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


def test_a_key_that_is_drawn_is_never_said_to_be_guessed() -> None:
    assert not is_guessed("0123456789abcdef0123f8b6e2d9475a"), "half of it follows, by chance"
    assert not any(is_guessed(secrets.token_hex(16)) for _ in range(2_000))
    assert not any(is_guessed(secrets.token_urlsafe(24)) for _ in range(2_000))


def test_damaged_keys_of_a_demonstration_stop_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cles-de-demonstration.json").write_text('{"secret_keys": "abc')
    with pytest.raises(WrongSetting, match="est abîmé"):
        load_settings(demo=True, data_dir=tmp_path)


def test_a_folder_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(WrongSetting, match=r"C2S_DATA_DIR : .*fichier/sous ne peut pas servir"):
        load_settings(demo=True, data_dir=tmp_path / "fichier" / "sous")


@pytest.mark.parametrize(
    ("given", "kept"), [(" equipe@EXEMPLE.fr ", "equipe@exemple.fr"), ("equipe@serveur", "equipe@serveur")]
)
def test_a_contact_may_be_on_a_network_of_the_host(given: str, kept: str, tmp_path: Path) -> None:
    assert load_settings(demo=True, data_dir=tmp_path, operateur_courriel=given).operateur_courriel == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://c2s.exemple.fr/", "https://c2s.exemple.fr"),
        ("HTTPS://C2S.exemple.fr:443", "https://c2s.exemple.fr"),
        ("https://c2s.exemple.fr:8443", "https://c2s.exemple.fr:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_the_one_that_a_browser_says(given: str, kept: str, tmp_path: Path) -> None:
    assert load_settings(demo=True, data_dir=tmp_path, public_url=given).public_url == kept


def test_an_address_without_a_name_is_a_host_too(tmp_path: Path) -> None:
    settings = load_settings(demo=True, data_dir=tmp_path, hosts="10.0.0.7,[::1],::2,nom.exemple.fr.")
    assert settings.known_hosts == {"10.0.0.7", "::1", "::2", "nom.exemple.fr"}


def test_the_hosts_are_those_of_the_list_and_of_the_public_address(tmp_path: Path) -> None:
    settings = load_settings(
        demo=True,
        data_dir=tmp_path,
        hosts="Interne.exemple.fr, autre.exemple.fr",
        public_url="https://c2s.exemple.fr:8443",
    )
    assert settings.known_hosts == {"interne.exemple.fr", "autre.exemple.fr", "c2s.exemple.fr"}
