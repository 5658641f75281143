"""The states that come after the deposit: what the caisse answers, and what can be done then."""

from app.demo.state import State
from app.domain.demande import ChoixOrganisme, ModeDeGestion, OrganismesDuFoyer

_TWO = {
    "organisme": ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501"),
    "organismes_du_foyer": OrganismesDuFoyer(meme=False, choix={"k7qd": "caisse", "m3xw": "caisse"}, vu=True),
}


def message_states() -> list[State]:
    here, suivi, completer = "/echanges/{message}", "/suivi/{reference}", "/suivi/{reference}/completer"
    return [
        State("message-instruction", here, "étape 8", decision="instruction"),
        State("message-instruction-complete", here, "CRPA L114-5", decision="complete"),
        State("message-piece", here, "CRPA L114-5", decision="piece"),
        State("message-plusieurs-pieces", here, "CRPA L114-5", decision="pieces"),
        State("message-accord-gratuit", here, "L861-5", decision="accord_gratuit"),
        State("message-accord-participation", here, "R861-16-1", decision="accord_participation"),
        State("message-accord-en-urgence", here, "L861-5", decision="accord_en_urgence", reponses=_TWO),
        State("message-refus", here, "CRPA L211-2, R142-1", decision="refus"),
        State("message-refus-avec-chiffres", here, "CRPA L211-2, R142-1", decision="refus_chiffre"),
        State("message-complement", here, "CRPA L123-1", decision="complement"),
        State("message-illisible", here, "étape 8", decision="illisible"),
        State("suivi-instruction", suivi, "étape 8", decision="instruction"),
        State("suivi-instruction-complete", suivi, "CRPA L114-5", decision="complete"),
        State("suivi-piece", suivi, "CRPA L114-5", decision="piece"),
        State("suivi-plusieurs-pieces", suivi, "CRPA L114-5", decision="pieces"),
        State("suivi-liste-illisible", suivi, "étape 8", decision="illisible"),
        State("suivi-accord-gratuit", suivi, "L861-5", decision="accord_gratuit"),
        State("suivi-accord-participation", suivi, "R861-16-3", decision="accord_participation"),
        State("suivi-accord-en-urgence", suivi, "L861-5", decision="accord_en_urgence"),
        State("suivi-refus", suivi, "R142-1", decision="refus"),
        State("completer-piece", completer, "CRPA L114-5", decision="piece"),
        State("completer-decidee", completer, "CRPA L123-1", decision="refus"),
        State("completer-trop-tard", completer, "CRPA L123-1", decision="refus", statut=409,
             envoi={"message": "La pension de Lina est 1 200 €."}),
        State("demarches-decision", "/demarches", "étape 8", decision="accord_gratuit"),
        State("demande-apres-un-refus", "/demande", "étape 8", decision="refus"),
        State("echanges-non-lus", "/echanges", "étape 8", decision="piece"),
    ]  # fmt: skip
