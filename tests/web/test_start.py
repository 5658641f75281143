"""What a service prepares by itself when it starts, and what a second one in the same process need not make again."""

from collections.abc import Callable
from typing import Any

import brotli
import pytest
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.web import assets, templates
from tests.support.soon import eventually


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates compiled from now on, as if nothing had been compiled in this process."""
    names: list[str] = []
    real = Environment.compile

    def watched(env: Environment, source: Any, name: str | None = None, *rest: Any, **more: Any) -> Any:
        names.append(name or "")
        return real(env, source, name, *rest, **more)

    monkeypatch.setattr(templates, "_COMPILED", templates.Compiled())
    monkeypatch.setattr(Environment, "compile", watched)
    return names


def test_every_template_is_compiled_once_the_port_is_open_whoever_comes(
    make_service: Callable[..., Starlette], compiled: list[str]
) -> None:
    app = make_service()
    with TestClient(app) as client:
        every = set(app.state.house.env.list_templates(extensions=["html"]))
        eventually(lambda: set(compiled) == every)
        assert client.get("/connexion").status_code == 200
        assert client.get("/etats/situation-vide").status_code == 200
    assert len(compiled) == len(every)


def test_a_second_service_compiles_and_compresses_nothing(
    make_service: Callable[..., Starlette], compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_service()
    every = set(app.state.house.env.list_templates(extensions=["html"]))
    with TestClient(app):
        eventually(lambda: set(compiled) == every)
    compiled.clear()
    monkeypatch.setattr(brotli, "compress", lambda *_: pytest.fail("compressed again"))
    assets.Assets()
    with TestClient(make_service()):
        assert compiled == []
