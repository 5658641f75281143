"""The whole démarche at 400 kbps with 400 ms of latency: slow, and otherwise the same."""

from e2e import records
from e2e.conftest import ON_PHONES
from e2e.pages.organisme import Organisme
from e2e.pages.situation import Situation
from e2e.records import assert_filed
from e2e.service import Service
from e2e.walks import demarre, seul, vers_l_organisme
from e2e.window import Window

pytestmark = ON_PHONES

SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}


def test_benoit_on_a_slow_network(window: Window, service: Service) -> None:
    network = window.page.context.new_cdp_session(window.page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    organisme = vers_l_organisme(demarre(window, "Benoit", Situation), Organisme)
    organisme.rechercher(ville="lyon")
    organisme.choisir_la_caisse()
    terminee = seul(organisme, "Benoit")
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.BENOIT)
