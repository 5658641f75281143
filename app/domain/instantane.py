"""Ce qui est déposé : les réponses qui comptent, et rien de celles devenues inutiles."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain._fige import Fige
from app.domain.assure import Adresse
from app.domain.demande import (
    MOI,
    Complements,
    ComplementsDuFoyer,
    Lien,
    Nationalite,
    QuestionsDesPieces,
    Situation,
    SituationDuFoyer,
    SituationDUnePersonne,
)
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.moins_de_25_ans import Motif
from app.domain.naissance import Naissance
from app.domain.periode import Periode, periode_reference, quatre_trimestres
from app.domain.pieces import DescriptionDeFichier, Document
from app.domain.ressources import ressource

DU_DEMANDEUR = Situation.model_fields.keys() - SituationDuFoyer.model_fields.keys()
PAR_PERSONNE = Complements.model_fields.keys() - ComplementsDuFoyer.model_fields.keys()


class Intervalle(Fige):
    """Deux dates, comprises."""

    du: date
    au: date


class PersonneDeposee(SituationDUnePersonne):
    """
    Une personne du foyer. `lien` vide : la personne qui demande. `gestionnaire` : code, ou `caisse`.

    `garde_alternee` vide : rien n'en est dit.
    """

    cle: str
    prenom: str
    nom: str
    naissance: Naissance
    lien: Lien | None
    nationalite: Nationalite | None  # vide pour un enfant du compte : la caisse la connaît
    nir: str | None
    garde_alternee: bool | None = None
    gestionnaire: str
    stage: bool | None = None  # vide sous 16 ans : la question n'est pas posée
    arret: bool | None = None


class TotalDepose(Fige):
    """Un total en euros pour une personne. `periode` vide : une somme détenue, ou celle du dernier avis."""

    ressource: str
    personne: str
    euros: Decimal
    periode: Intervalle | None
    libelle: str = ""


class DocumentManquant(Fige):
    """Un document requis sans fichier : « Je n'ai pas ce document »."""

    document: Document
    personne: str


class Reponses(SituationDuFoyer, ComplementsDuFoyer):
    """Les réponses du récapitulatif."""  # une question nouvelle de ces pages y est, sans une ligne de plus

    caisse: str
    periode: Intervalle
    motif_avant_25_ans: Motif | None = None  # vide à 25 ans et plus, et avant le format 7
    engagements: tuple[str, ...]
    foyer: tuple[PersonneDeposee, ...]
    retirees: tuple[str, ...]  # prénoms des enfants du compte qui ne font plus partie du foyer
    consentement: str  # date et heure, ISO 8601
    ressources: tuple[TotalDepose, ...]
    logement: bool


class Instantane(QuestionsDesPieces):
    """La demande entière, telle qu'elle est gardée."""

    reponses: Reponses
    courriel: str  # coordonnées du compte : la caisse les a, le récapitulatif ne les demande pas
    telephone: str
    adresse: Adresse
    bien: bool
    etranger: bool
    figurent_sur_l_avis: tuple[str, ...]
    pieces: tuple[DescriptionDeFichier, ...]
    manquants: tuple[DocumentManquant, ...]


def reponses(dossier: Dossier) -> Reponses:
    """Les réponses d'un dossier où tout est répondu jusqu'au récapitulatif."""
    demande, compte = dossier.demande, dossier.assure
    situation = demande.situation
    assert situation is not None
    return Reponses(
        caisse=compte.caisse,
        periode=_intervalle(dossier.periode),
        motif_avant_25_ans=dossier.motif_avant_25_ans,
        engagements=dossier.engagements,
        foyer=tuple(_personne(dossier, membre) for membre in dossier.foyer),
        retirees=tuple(enfant.appel for enfant in dossier.enfants if dossier.est_retire(enfant.cle)),
        consentement=demande.consentement or "",
        ressources=tuple(_totaux(dossier)),
        **_repondu(SituationDuFoyer, situation),
        **_repondu(ComplementsDuFoyer, demande.complements),
    )


def instantane(dossier: Dossier) -> Instantane:
    """La demande entière d'un dossier prêt à être déposé."""
    pieces = dossier.demande.pieces
    demandes = {membre.cle for membre in dossier.membres_de_16_ans}
    return Instantane(
        reponses=reponses(dossier),
        courriel=dossier.assure.courriel or "",
        telephone=dossier.assure.telephone or "",
        adresse=dossier.assure.adresse,
        **_repondu(QuestionsDesPieces, pieces),
        figurent_sur_l_avis=tuple(cle for cle in pieces.figure if cle in demandes and cle != MOI),
        pieces=dossier.fichiers_utiles,
        manquants=tuple(
            DocumentManquant(document=emplacement.document, personne=emplacement.personne)
            for emplacement in dossier.manquants
        ),
    )


def empreinte_des_reponses(dossier: Dossier) -> str:
    """L'empreinte de ce que montre le récapitulatif : une réponse ou un mois de plus la change."""
    return dossier.une_fois(_empreinte_des_reponses)


def empreinte_de_la_demande(dossier: Dossier) -> str:
    """L'empreinte de tout ce qui sera déposé."""
    return dossier.une_fois(_empreinte_de_la_demande)


def _empreinte_des_reponses(dossier: Dossier) -> str:
    return _empreinte(_declare(reponses(dossier)))


def _empreinte_de_la_demande(dossier: Dossier) -> str:
    entiere = instantane(dossier)
    return _empreinte({**entiere.model_dump(mode="json"), "reponses": _declare(entiere.reponses)})


def _declare(reponses: Reponses) -> dict[str, Any]:
    """
    Ce que l'empreinte compte, comme la version d'avant pour qui ne dit rien de plus qu'avec elle.

    Un motif que personne n'a donné n'y est pas. Une garde alternée dont rien n'est dit y est fausse ; un « non », à part.
    """
    contenu = reponses.model_dump(mode="json")
    for personne in contenu["foyer"]:
        personne["garde_alternee"] = {None: False, False: "non", True: True}[personne["garde_alternee"]]
    if reponses.motif_avant_25_ans is None:
        del contenu["motif_avant_25_ans"]
    return contenu


def _personne(dossier: Dossier, membre: Membre) -> PersonneDeposee:
    ajoutee = dossier.personne(membre.cle)
    situation, complements = dossier.demande.situation, dossier.demande.complements
    assert situation is not None
    interrogee = membre in dossier.membres_de_16_ans
    return PersonneDeposee(
        cle=membre.cle,
        prenom=membre.prenom,
        nom=membre.nom,
        naissance=membre.naissance,
        lien=membre.lien,
        nir=membre.nir,
        gestionnaire=dossier.gestionnaire_de(membre.cle) or "",
        **(
            {nom: getattr(situation, nom) for nom in DU_DEMANDEUR}
            if membre.cle == MOI
            else {
                "nationalite": ajoutee and ajoutee.nationalite,
                **_repondu(SituationDUnePersonne, ajoutee),
                "garde_alternee": dossier.garde_alternee(membre),
            }
        ),
        **({nom: getattr(complements, nom).get(membre.cle) for nom in PAR_PERSONNE} if interrogee else {}),
    )


def _repondu(forme: type[Fige], reponses: Fige | None) -> dict[str, Any]:
    """Les champs de cette forme, tels qu'ils ont été répondus ; rien pour un enfant du compte."""
    return {nom: getattr(reponses, nom) for nom in forme.model_fields} if reponses else {}


def _totaux(dossier: Dossier) -> list[TotalDepose]:
    montants = dossier.demande.montants
    periodes = {
        "reference": _intervalle(periode_reference(dossier.le)),
        "trimestres": _intervalle(quatre_trimestres(dossier.le)),
        "somme_detenue": None,
    }
    return [
        TotalDepose(
            ressource=code,
            personne=membre.cle,
            euros=montants.totaux[code][membre.cle],
            periode=periodes[ressource(code).periode],
            libelle=montants.libelle_autres if code == "autres" else "",
        )
        for code in dossier.demande.autres_ressources or ()
        for membre in dossier.foyer
    ]


def _intervalle(periode: Periode) -> Intervalle:
    return Intervalle(du=periode.debut, au=periode.fin)


def _empreinte(contenu: object) -> str:
    """L'empreinte SHA-256 (hexadécimal) d'un contenu JSON, écrit d'une seule façon."""
    texte = json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()
