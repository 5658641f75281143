"""Stretches of the démarche that several people walk in the same way."""

from e2e.pages._page import Then
from e2e.pages.autres_ressources import AutresRessources
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import Complements
from e2e.pages.connexion import Connexion
from e2e.pages.consentement import Consentement
from e2e.pages.foyer import Foyer
from e2e.pages.organisme import Organisme
from e2e.pages.pieces import BIEN, ETRANGER, Pieces
from e2e.pages.recapitulatif import Recapitulatif
from e2e.pages.ressources import Ressources
from e2e.pages.situation import Situation
from e2e.pages.terminee import Terminee
from e2e.pages.validation import Validation
from e2e.window import Window
from tests.support import samples


def demarre(window: Window, prenom: str, then: type[Then]) -> Then:
    """Sign in, and begin a demande."""
    return Connexion.open(window).en_tant_que(prenom).demander().demarrer(then)


def vers_l_organisme(situation: Situation, then: type[Then], *, nationalite: str = "") -> Then:
    """Étapes 1 and 2, with nothing to say but the nationality."""
    situation.remplir(nationalite)
    return situation.suivant(Foyer).suivant(Beneficiaires).suivant(then)


def vers_le_recapitulatif(consentement: Consentement, *prenoms: str) -> Recapitulatif:
    """Authorise, declare nothing, answer « Non » for each of these people."""
    consentement.autoriser()
    autres = consentement.suivant(Ressources).suivant(AutresRessources)
    autres.cocher(autres.aucune)
    complements = autres.suivant(Complements)
    complements.tout_non(*prenoms)
    return complements.suivant(Recapitulatif)


def joint_son_avis(pieces: Pieces, prenom: str) -> Pieces:
    """Étape 6 with an avis of two pages, and nothing else to join."""
    pieces.envoyer(f"{prenom} (vous)", "avis.pdf", samples.pdf(pages=2))
    pieces.repondre(BIEN, "Non")
    pieces.repondre(ETRANGER, "Non")
    return pieces


def depose(pieces: Pieces) -> Terminee:
    """Étape 6 is answered: file the demande."""
    return pieces.suivant(Validation).valider()


def seul(organisme: Organisme, prenom: str) -> Terminee:
    """From étape 3, answered, to the end, alone in the household."""
    recapitulatif = vers_le_recapitulatif(organisme.suivant(Consentement))
    return depose(joint_son_avis(recapitulatif.suivant(Pieces), prenom))
