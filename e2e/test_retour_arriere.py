"""Back and forward: pages show the answers as they are now, and the last ones are filed."""

from playwright.sync_api import expect

from e2e import records
from e2e.conftest import ON_PHONES
from e2e.pages._page import PageObject
from e2e.pages.autres_ressources import AutresRessources
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import LOGEMENT, Complements
from e2e.pages.consentement import Consentement
from e2e.pages.foyer import Foyer
from e2e.pages.organisme import CAISSE, Organisme
from e2e.pages.pieces import BIEN, ETRANGER, Pieces
from e2e.pages.recapitulatif import Recapitulatif
from e2e.pages.ressources import Ressources
from e2e.pages.situation import Situation
from e2e.pages.terminee import Terminee
from e2e.pages.validation import Validation
from e2e.records import assert_filed
from e2e.service import Service
from e2e.twin import Twin
from e2e.walks import demarre, depose, joint_son_avis, vers_l_organisme, vers_le_recapitulatif
from e2e.window import Window

pytestmark = ON_PHONES

ALL: list[type[PageObject]] = [
    Situation, Foyer, Beneficiaires, Organisme, Consentement, Ressources, AutresRessources, Complements,
    Recapitulatif, Pieces, Validation,
]  # fmt: skip


def _vers_les_pieces(window: Window) -> Pieces:
    organisme = vers_l_organisme(demarre(window, "Benoit", Situation), Organisme)
    organisme.choisir_la_caisse()
    recapitulatif = vers_le_recapitulatif(organisme.suivant(Consentement))
    return joint_son_avis(recapitulatif.suivant(Pieces), "Benoit")


def test_back_to_the_start_then_forward_with_other_answers(window: Window, service: Service) -> None:
    """benoit goes back page after page, changes his nationality, and comes back to find everything answered."""
    pieces = _vers_les_pieces(window)
    behind = ALL[:-1] if pieces.a_des_scripts() else [*ALL[:-1], Pieces]  # a file sent was a page too
    pieces.suivant(Validation)
    for page in reversed(behind):
        window.page.go_back()
        page(window)
    situation = Situation(window)
    expect(situation.list(situation.nationalite)).to_have_value("fr")
    situation.pick(situation.nationalite, "Union européenne, EEE ou Suisse")
    organisme = situation.suivant(Foyer).suivant(Beneficiaires).suivant(Organisme)
    window.page.go_back()
    window.page.go_back()
    window.page.go_back()
    situation = Situation(window)
    expect(situation.list(situation.nationalite)).to_have_value("ue")
    for page in ALL[1:4]:
        window.page.go_forward()
        page(window)
    expect(organisme.radio(organisme.question, CAISSE)).to_be_checked()
    consentement = organisme.suivant(Consentement)
    expect(consentement.box(consentement.accord)).to_be_checked()
    autres = consentement.suivant(Ressources).suivant(AutresRessources)
    expect(autres.box(autres.aucune)).to_be_checked()
    complements = autres.suivant(Complements)
    complements.repondre(LOGEMENT, "Oui")
    recapitulatif = complements.suivant(Recapitulatif)
    recapitulatif.montre("Nationalité", "Union européenne, EEE ou Suisse")
    pieces = recapitulatif.suivant(Pieces)
    pieces.recu("Benoit (vous)", "avis.pdf")
    for question in (BIEN, ETRANGER):
        expect(pieces.radio(question, "Non")).to_be_checked()
    pieces.suivant(Validation).valider()
    expected = {**records.BENOIT, "reponses": {**records.BENOIT["reponses"], "logement": True}}
    expected["reponses"]["foyer"] = [{**records.BENOIT["reponses"]["foyer"][0], "nationalite": "ue"}]
    assert_filed(service.deposited().contenu, expected)


def test_back_from_the_receipt_leads_to_the_receipt(window: Window, service: Service, twin: Twin) -> None:
    twin.give(window, "benoit")
    depose(joint_son_avis(window.open("/demande/pieces", Pieces), "Benoit"))
    reference = service.deposited().demande.reference
    window.page.go_back()
    Terminee(window).reference(reference)
    window.page.go_forward()
    Terminee(window).reference(reference)
    assert len(service.deposits()) == 1
