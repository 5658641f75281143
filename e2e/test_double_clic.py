"""Buttons pressed twice, or again when nothing comes: what is filed is what one press would have filed."""

import pytest

from e2e import records
from e2e.conftest import FALLING, RISING, WITH_SCRIPTS
from e2e.hands import Again, Hands, Twice
from e2e.nadia import nadia_depose
from e2e.pages.foyer import Foyer
from e2e.records import assert_filed
from e2e.service import Service
from e2e.twin import Twin
from e2e.window import CUT, Window


@RISING
def test_nadia_clicks_twice_on_everything(window: Window, service: Service) -> None:
    _files_once(window, service, Twice())


@FALLING
def test_nadia_presses_again_when_an_answer_is_lost(window: Window, service: Service) -> None:
    window.expect(*CUT)
    _files_once(window, service, Again())


def _files_once(window: Window, service: Service, hands: Hands) -> None:
    window.hands = hands
    terminee = nadia_depose(window)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.NADIA)


@WITH_SCRIPTS
@pytest.mark.parametrize("prenoms", [("Sami",), ("Sami", "Lina")], ids=len)
@pytest.mark.parametrize("arrived", [True, False], ids=["htmx", "plain"])
def test_the_second_press_of_a_double_click_undoes_nothing(
    window: Window, twin: Twin, prenoms: tuple[str, ...], arrived: bool
) -> None:
    """The answer came between the two: another person's words, or « Remettre », are now under the finger."""
    if not arrived:  # the deferred script is still on its way: a press sends the plain form
        window.expect(*CUT)
        window.page.route("**/vif*.js", lambda route: route.abort())
    twin.give(window)
    foyer, mouse = window.open("/demande/foyer", Foyer), window.page.mouse
    for restent, prenom in zip((2, 1), prenoms, strict=False):
        foyer.retirer(prenom, restent=restent)
        mouse.down(click_count=2)
        mouse.up(click_count=2)
        foyer.est_retire(prenom, restent=restent)
    assert len(twin.demande(window).foyer.retires) == len(prenoms)
