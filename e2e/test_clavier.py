"""benoit makes his whole démarche with the keyboard alone."""

from e2e import records
from e2e.keyboard import Keyboard
from e2e.pages._page import PageObject, Then
from e2e.pages.autres_ressources import AutresRessources
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import ARRET, LOGEMENT, STAGE, Complements
from e2e.pages.connexion import Connexion
from e2e.pages.consentement import Consentement
from e2e.pages.demande import Demande
from e2e.pages.demarches import Demarches
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
from e2e.window import Window
from tests.files import samples


def test_benoit_needs_no_mouse(window: Window, service: Service) -> None:
    hands = Keyboard(window.page)

    def suivant(page: PageObject, then: type[Then]) -> Then:
        hands.press(page.button(page.forward))
        arrived = then(window)
        hands.skip_to_content()
        return arrived

    def follow(page: PageObject, link: str, then: type[Then]) -> Then:
        hands.press(page.link(link))
        arrived = then(window)
        hands.skip_to_content()
        return arrived

    connexion = Connexion.open(window)
    hands.skip_to_content()
    hands.press(connexion.button("Se connecter en tant que Benoit"))
    demarches = Demarches(window)
    demande = follow(demarches, "Faire une demande de Complémentaire santé solidaire", Demande)
    hands.press(demande.button("Je démarre ma demande"))
    situation = Situation(window)
    hands.skip_to_content()
    hands.pick(situation.list(situation.nationalite), "Fra", "fr")
    beneficiaires = suivant(suivant(situation, Foyer), Beneficiaires)
    organisme = suivant(beneficiaires, Organisme)
    hands.choose(organisme.group(organisme.question), organisme.radio(organisme.question, CAISSE))
    consentement = suivant(organisme, Consentement)
    hands.tick(consentement.box(consentement.accord))
    autres = suivant(suivant(consentement, Ressources), AutresRessources)
    hands.tick(autres.box(autres.aucune))
    complements = suivant(autres, Complements)
    for question in (STAGE, LOGEMENT, ARRET):
        hands.choose(complements.group(question), complements.radio(question, "Non"))
    pieces = suivant(suivant(complements, Recapitulatif), Pieces)
    avis = pieces.group("Benoit (vous)")
    hands.choose_file(avis.get_by_label("Choisir un fichier"), "avis.pdf", samples.pdf(pages=2))
    for question in (BIEN, ETRANGER):
        hands.choose(pieces.group(question), pieces.radio(question, "Non"))
    validation = suivant(pieces, Validation)
    hands.tick(validation.box(validation.certifie))
    terminee = suivant(validation, Terminee)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.BENOIT)
