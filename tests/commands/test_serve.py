"""`c2s serve`, where it cannot listen: a sentence says which of its two settings to change."""

import socket

import pytest
from starlette.applications import Starlette

from tests.support.runner import refused


def test_a_port_that_is_taken_is_said(service: Starlette) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(service, "serve", "--port", port)
    assert said == f"Le port {port} est déjà utilisé. Choisissez-en un autre, par exemple PORT={port + 1}.\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "pas-un-nom.invalid"])
def test_an_address_of_another_machine_is_not_a_port_that_is_taken(service: Starlette, host: str) -> None:
    said = refused(service, "serve", "--host", host, "--port", 0)
    assert (
        said
        == f"Cette machine n'a pas l'adresse {host}. Choisissez-en une autre, par exemple HOST=127.0.0.1.\n"
    )


def test_a_port_that_is_for_root_is_said(service: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", denied)
    assert "n'a pas le droit d'ouvrir le port 80." in refused(service, "serve", "--port", 80)


def test_a_name_that_is_no_setting_is_told_at_the_start(service: Starlette) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused(service, "serve", "--port", taken.getsockname()[1], C2S_DATADIR="/srv/c2s")
    assert said.startswith("Attention : ce service ne lit pas C2S_DATADIR (peut-être C2S_DATA_DIR).\n")
