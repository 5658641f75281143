"""The states that come after the deposit: what the caisse answers, and what can be done then."""

from app.demo.etat import Etat
from app.domain.demande import ChoixOrganisme, ModeDeGestion, OrganismesDuFoyer

_TWO = {
    "organisme": ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501"),
    "organismes_du_foyer": OrganismesDuFoyer(meme=False, choix={"k7qd": "caisse", "m3xw": "caisse"}, vu=True),
}


def message_states() -> list[Etat]:
    here, suivi, completer = "/echanges/{message}", "/suivi/{reference}", "/suivi/{reference}/completer"
    return [
        Etat("message-instruction", here, "étape 8", decision="instruction"),
        Etat("message-instruction-complete", here, "CRPA L114-5", decision="complete"),
        Etat("message-piece", here, "CRPA L114-5", decision="piece"),
        Etat("message-plusieurs-pieces", here, "CRPA L114-5", decision="pieces"),
        Etat("message-accord-gratuit", here, "L861-5", decision="accord_gratuit"),
        Etat("message-accord-participation", here, "R861-16-1", decision="accord_participation"),
        Etat("message-accord-en-urgence", here, "L861-5", decision="accord_en_urgence", reponses=_TWO),
        Etat("message-refus", here, "CRPA L211-2, R142-1", decision="refus"),
        Etat("message-refus-avec-chiffres", here, "CRPA L211-2, R142-1", decision="refus_chiffre"),
        Etat("message-complement", here, "CRPA L123-1", decision="complement"),
        Etat("suivi-instruction", suivi, "étape 8", decision="instruction"),
        Etat("suivi-instruction-complete", suivi, "CRPA L114-5", decision="complete"),
        Etat("suivi-piece", suivi, "CRPA L114-5", decision="piece"),
        Etat("suivi-plusieurs-pieces", suivi, "CRPA L114-5", decision="pieces"),
        Etat("suivi-accord-gratuit", suivi, "L861-5", decision="accord_gratuit"),
        Etat("suivi-accord-participation", suivi, "R861-16-3", decision="accord_participation"),
        Etat("suivi-accord-en-urgence", suivi, "L861-5", decision="accord_en_urgence"),
        Etat("suivi-refus", suivi, "R142-1", decision="refus"),
        Etat("completer-piece", completer, "CRPA L114-5", decision="piece"),
        Etat("completer-decidee", completer, "CRPA L123-1", decision="refus"),
        Etat("completer-trop-tard", completer, "CRPA L123-1", decision="refus", statut=422,
             envoi={"message": "La pension de Lina est 1 200 €."}),
        Etat("demarches-decision", "/demarches", "étape 8", decision="accord_gratuit"),
        Etat("demande-apres-un-refus", "/demande", "étape 8", decision="refus"),
        Etat("echanges-non-lus", "/echanges", "étape 8", decision="piece"),
    ]  # fmt: skip
