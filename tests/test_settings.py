"""The settings: a wrong value stops the start with a sentence that names it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.settings import WrongSetting, load_settings

KEY = "k" * 64


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({}, "C2S_SECRET_KEYS n'a pas de valeur", id="sans clé"),
        pytest.param({"C2S_SECRET_KEYS": KEY}, "C2S_DATA_KEYS n'a pas de valeur", id="sans clé de données"),
        pytest.param({"C2S_SECRET_KEYS": "courte", "C2S_DATA_KEYS": KEY}, "C2S_SECRET_KEYS", id="clé courte"),
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
        pytest.param(
            {"C2S_DEMO": "on", "C2S_DATABASE_URL": "mysql://x"}, "C2S_DATABASE_URL", id="autre base"
        ),
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


def test_keys_are_a_list_newest_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("C2S_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("C2S_SECRET_KEYS", f"{'n' * 40}, {'o' * 40}")
    monkeypatch.setenv("C2S_DATA_KEYS", KEY)
    settings = load_settings()
    assert settings.secret_keys == ("n" * 40, "o" * 40)
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
