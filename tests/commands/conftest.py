"""What the commands are played on: a demande to answer, or an installation outside the demonstration."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.support.data import copy_data
from tests.support.office import Office
from tests.support.runner import file_demande


@pytest.fixture
def reference(service: Starlette) -> str:
    """The demande of Nadia, filed on 12 November 2026."""
    return file_demande(service)


@pytest.fixture(scope="session")
def filled_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation that has a caisse, and nobody yet."""
    return Office(tmp_path_factory.mktemp("bureau")).open().folder


@pytest.fixture
def office(filled_office: Path, tmp_path: Path) -> Office:
    """An installation with a caisse, and nobody yet."""
    copy_data(filled_office / "donnees", tmp_path / "bureau" / "donnees")
    return Office(tmp_path / "bureau")
