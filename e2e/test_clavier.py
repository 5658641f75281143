"""Nadia makes her whole démarche with the keyboard alone: people added, removed and put back, files, amounts."""

from e2e import records
from e2e.conftest import RISING
from e2e.keyboard import Keyboard
from e2e.nadia import nadia_depose
from e2e.records import assert_filed
from e2e.service import Service
from e2e.window import Window


@RISING
def test_nadia_needs_no_mouse(window: Window, service: Service) -> None:
    window.hands = Keyboard(window.page)
    terminee = nadia_depose(window)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.NADIA)
