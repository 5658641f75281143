"""Buttons pressed twice, or again when nothing comes: what is filed is what one press would have filed."""

import pytest

from e2e import records
from e2e.conftest import ON_PHONES
from e2e.hands import Again, Hands, Twice
from e2e.nadia import nadia_depose
from e2e.records import assert_filed
from e2e.service import Service
from e2e.window import CUT, Window

pytestmark = ON_PHONES


@pytest.mark.parametrize("hands", [Twice(), Again()], ids=["double-click", "answers lost"])
def test_nadia_presses_everything_twice(window: Window, service: Service, hands: Hands) -> None:
    window.hands = hands
    window.expect(*CUT)
    terminee = nadia_depose(window)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.NADIA)
