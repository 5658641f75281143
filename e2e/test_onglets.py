"""Two tabs of one browser: the last answers sent are kept, nothing is mixed, and one demande is filed."""

import pytest

from app.domain.demande import Beneficiaires as Ajoutes
from app.domain.demande import Changement, Nationalite
from app.domain.demande import Pieces as Jointes
from e2e.conftest import ON_PHONES
from e2e.pages.beneficiaire import Correction
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import LOGEMENT, Complements
from e2e.pages.erreurs import SessionExpiree
from e2e.pages.foyer import Foyer
from e2e.pages.organisme import OrganismeDUnePersonne
from e2e.pages.organismes_du_foyer import OrganismesDuFoyer
from e2e.pages.pieces import Pieces
from e2e.pages.recapitulatif import Recapitulatif
from e2e.pages.situation import Situation
from e2e.pages.validation import Validation
from e2e.service import Service
from e2e.twin import Twin
from e2e.window import Window
from tests.support.household import SITUATION, une_personne

pytestmark = ON_PHONES

GONE = "Ce que vous vouliez changer n'est plus là. Voici la page telle qu'elle est maintenant."
CHANGED = "Vos réponses ont changé depuis cette page"
SAMI = "k7qd"


@pytest.fixture
def other(window: Window) -> Window:
    """The second tab."""
    return window.another()


def test_the_last_answers_sent_are_kept_and_nothing_is_mixed(
    window: Window, other: Window, twin: Twin
) -> None:
    twin.give(window)
    before = window.open("/demande/situation", Situation)
    now = other.open("/demande/situation", Situation)
    now.remplir("Union européenne, EEE ou Suisse", caf="0123456")
    now.suivant(Foyer).retirer("Sami", restent=2)
    before.remplir("Autre nationalité", changement="Célibataire")
    before.suivant(Foyer).says("Sami ne fait plus partie de votre foyer")
    demande = twin.demande(window)
    assert demande.situation == SITUATION.model_copy(
        update={"changement": Changement.CELIBATAIRE, "nationalite": Nationalite.AUTRE}
    )
    later = window.open("/demande/complements", Complements)
    other.open("/demande/foyer", Foyer).remettre("Sami", sont=3)
    later.repondre(LOGEMENT, "Oui")
    later.suivant(Recapitulatif).montre("Nationalité", "Autre nationalité")
    demande = twin.demande(window)
    assert (demande.foyer.retires, demande.complements and demande.complements.logement) == ((), True)


def test_somebody_who_left_in_the_other_tab_is_not_changed(window: Window, other: Window, twin: Twin) -> None:
    twin.give(window, beneficiaires=Ajoutes(personnes=(une_personne("jjjj"),), vu=True))
    jules = window.open("/demande/beneficiaires/jjjj", Correction)
    other.open("/demande/beneficiaires", Beneficiaires).retirer("Jules", restent=0)
    jules.press(jules.forward, Beneficiaires).says(GONE)
    sami = window.open(f"/demande/organismes-du-foyer?personne={SAMI}", OrganismeDUnePersonne)
    sami.rechercher(ville="lyon")
    other.open("/demande/foyer", Foyer).retirer("Sami", restent=2)
    sami.choisir_le_premier()
    sami.enregistrer(OrganismesDuFoyer).says(GONE).silent_on("Sami")
    assert SAMI not in twin.demande(window).organismes_du_foyer.choix


def test_a_stale_validation_files_nothing_and_two_good_ones_file_one(
    window: Window, other: Window, twin: Twin, service: Service
) -> None:
    joined = Jointes(bien=False, etranger=False, absentes=("avis_moi",), vu=True)
    twin.give(window, "benoit", pieces=joined)
    stale = window.open("/demande/validation", Validation)
    situation = other.open("/demande/recapitulatif", Recapitulatif).modifier("nationalité", Situation)
    situation.pick(situation.nationalite, "Autre nationalité")
    fresh = situation.suivant(Recapitulatif).suivant(Pieces).suivant(Validation)
    stale.tick(stale.certifie)
    recapitulatif = stale.suivant(Recapitulatif)
    recapitulatif.says(CHANGED).montre("Nationalité", "Autre nationalité")
    assert service.deposits() == []
    here = recapitulatif.suivant(Pieces).suivant(Validation)
    here.tick(here.certifie)
    here.button(here.forward).click()
    receipt = fresh.valider()
    reference = service.deposited().demande.reference
    receipt.reference(reference)
    window.open("/demande/terminee", type(receipt)).reference(reference)


def test_signed_out_in_the_other_tab(window: Window, other: Window, twin: Twin) -> None:
    """Whatever is pressed here, « Se déconnecter » too, leads to the page that says so."""
    twin.give(window)
    foyer = window.open("/demande/foyer", Foyer)
    other.open("/demande/foyer", Foyer).quitter()
    foyer.press(foyer.forward, SessionExpiree)
    twin.give(window)
    stale = window.open("/demande/foyer", Foyer)
    other.open("/demande/foyer", Foyer).quitter()
    stale.se_deconnecter()
    SessionExpiree(window).se_reconnecter()
