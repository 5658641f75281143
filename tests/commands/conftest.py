"""A demande for the commands to answer."""

import pytest
from starlette.applications import Starlette

from tests.commands.runner import file_demande


@pytest.fixture
def reference(service: Starlette) -> str:
    """The demande of Nadia, filed on 12 November 2026."""
    return file_demande(service)
