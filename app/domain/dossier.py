"""Le dossier : une demande, le compte de la personne, un jour. Tout ce qui s'en déduit est ici."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Self, TypeVar

from app.domain.age import AGE_AVIS_PROPRE, AGE_FIN_DE_CHARGE, AGE_GARDE_ALTERNEE, age
from app.domain.assure import Assure, OrganismeConnu
from app.domain.demande import (
    CAISSE,
    FOYER_MAXIMAL,
    MOI,
    Changement,
    Demande,
    Lien,
    ModeDeGestion,
    Personne,
)
from app.domain.membre import Membre
from app.domain.moins_de_25_ans import Decision, MoinsDe25Ans, Motif, decide, engagements, motif
from app.domain.periode import Periode, periode_reference
from app.domain.pieces import PEUT_NE_PAS_EXISTER, Document, Emplacement, Fichier

Calcule = TypeVar("Calcule")


def _aucun_fichier() -> Sequence[Fichier]:
    return ()


@dataclass(frozen=True)
class Dossier:
    """Ce qu'on sait le jour `le`. `lit_fichiers` : les fichiers reçus, lus seulement s'il le faut."""

    demande: Demande
    assure: Assure
    le: date
    lit_fichiers: Callable[[], Sequence[Fichier]] = field(default=_aucun_fichier, compare=False)

    def avec(self, demande: Demande) -> Self:
        """Le même dossier, avec d'autres réponses."""
        return replace(self, demande=demande)

    def une_fois(self, calcul: Callable[[Self], Calcule]) -> Calcule:
        """Ce que ce calcul donne pour ce dossier. Il n'est fait qu'une fois : un dossier ne change pas."""
        if calcul not in self._deja_faits:
            self._deja_faits[calcul] = calcul(self)
        fait: Calcule = self._deja_faits[calcul]
        return fait

    @cached_property
    def _deja_faits(self) -> dict[Callable[[Self], Any], Any]:
        return {}

    @cached_property
    def fichiers(self) -> tuple[Fichier, ...]:
        """Les fichiers reçus pendant cette session, dans l'ordre d'arrivée."""
        return tuple(self.lit_fichiers())

    # Étape 0 bis

    @property
    def age_du_demandeur(self) -> int:
        """En années révolues, le jour du dépôt."""
        return age(self.assure.naissance, self.le)

    @property
    def a_moins_de_25_ans(self) -> bool:
        """Le questionnaire de l'étape 0 bis s'applique. 25 ans le jour même : non."""
        return self.age_du_demandeur < AGE_FIN_DE_CHARGE

    @property
    def decision_moins_de_25_ans(self) -> Decision:
        """Ce que la table de décision répond aux réponses données (L861-1, R861-16)."""
        return decide(self.age_du_demandeur, self.demande.moins_de_25_ans or MoinsDe25Ans())

    @property
    def engagements(self) -> tuple[str, ...]:
        """Les engagements sur l'honneur vraiment pris, quand le questionnaire s'applique."""
        if not self.a_moins_de_25_ans:
            return ()
        return engagements(self.demande.moins_de_25_ans or MoinsDe25Ans())

    @property
    def motif_avant_25_ans(self) -> Motif | None:
        """Ce qui permet de demander pour soi-même avant 25 ans ; rien au-delà."""
        return motif(self.age_du_demandeur, self.demande.moins_de_25_ans or MoinsDe25Ans())

    # Étape 2

    @cached_property
    def demandeur(self) -> Membre:
        """La personne qui demande."""
        return Membre.demandeur(self.assure)

    @cached_property
    def enfants(self) -> tuple[Membre, ...]:
        """Tous les enfants du compte, retirés ou trop âgés compris."""
        return tuple(Membre.enfant(enfant) for enfant in self.assure.enfants)

    def est_trop_age(self, membre: Membre) -> bool:
        """
        Une personne à charge a moins de 25 ans le jour du dépôt (R861-2).

        Le conjoint et la personne qui demande n'ont pas de limite d'âge.
        """
        return (
            membre.lien not in (None, Lien.CONJOINT) and age(membre.naissance, self.le) >= AGE_FIN_DE_CHARGE
        )

    def est_retire(self, cle: str) -> bool:
        """La personne a été retirée du foyer, et peut y être remise."""
        return cle in self.demande.foyer.retires or cle in self.demande.beneficiaires.retires

    def peut_etre_en_garde_alternee(self, membre: Membre) -> bool:
        """Un enfant du compte, mineur et compté dans le foyer (R861-2). Une personne ajoutée l'a dit sur sa page."""
        return (
            membre in self.enfants
            and membre in self.foyer
            and age(membre.naissance, self.le) < AGE_GARDE_ALTERNEE
        )

    def garde_alternee(self, membre: Membre) -> bool | None:
        """Ce qui en est dit, vide sinon. Sa part du plafond est réduite de moitié si la charge est égale (R861-3)."""
        ajoutee, foyer = self.personne(membre.cle), self.demande.foyer
        if ajoutee:
            return ajoutee.garde_alternee or None
        if not self.peut_etre_en_garde_alternee(membre):
            return None
        if membre.cle in foyer.en_garde_alternee:
            return True
        return False if membre.cle in foyer.pas_en_garde_alternee else None

    @cached_property
    def ajoutes(self) -> tuple[Membre, ...]:
        """Toutes les personnes ajoutées à l'étape 2, retirées comprises."""
        return tuple(Membre.ajoute(personne) for personne in self.demande.beneficiaires.personnes)

    @cached_property
    def foyer(self) -> tuple[Membre, ...]:
        """Le foyer de la demande : demandeur d'abord, enfants du compte, personnes ajoutées."""
        return (self.demandeur, *self.autres_membres)

    @cached_property
    def autres_membres(self) -> tuple[Membre, ...]:
        """Le foyer sans la personne qui demande."""
        return tuple(
            membre
            for membre in (*self.enfants, *self.ajoutes)
            if not self.est_retire(membre.cle) and not self.est_trop_age(membre)
        )

    @property
    def a_plusieurs_personnes(self) -> bool:
        """Le foyer compte quelqu'un d'autre que la personne qui demande."""
        return bool(self.autres_membres)

    @property
    def foyer_est_plein(self) -> bool:
        """Une personne de plus dépasserait la place du brouillon."""
        return len(self.foyer) >= FOYER_MAXIMAL

    @property
    def conjoint(self) -> Membre | None:
        """Le conjoint du foyer, s'il y en a un."""
        return next((membre for membre in self.foyer if membre.lien is Lien.CONJOINT), None)

    @property
    def dit_vivre_en_couple(self) -> bool:
        """Une réponse le dit : le changement de l'étape 1, ou le questionnaire des moins de 25 ans."""
        situation = self.demande.situation
        return (
            situation is not None and situation.changement is Changement.COUPLE
        ) or self.motif_avant_25_ans is Motif.COUPLE

    @property
    def membres_de_16_ans(self) -> tuple[Membre, ...]:
        """Les personnes « de plus de 15 ans » : 16 ans révolus le jour du dépôt [INF]."""
        return tuple(membre for membre in self.foyer if age(membre.naissance, self.le) >= AGE_AVIS_PROPRE)

    def personne(self, cle: str) -> Personne | None:
        """La personne ajoutée qui porte cette clé, retirée ou non."""
        return next((p for p in self.demande.beneficiaires.personnes if p.cle == cle), None)

    def membre(self, cle: str) -> Membre | None:
        """La personne connue qui porte cette clé : demandeur, enfant du compte ou personne ajoutée."""
        return next((m for m in (self.demandeur, *self.enfants, *self.ajoutes) if m.cle == cle), None)

    @cached_property
    def _prenoms(self) -> Counter[str]:
        connus = (self.demandeur, *self.enfants, *self.ajoutes)
        return Counter(membre.appel.casefold() for membre in connus)

    def est_homonyme(self, membre: Membre) -> bool:
        """Deux personnes connues ont ce prénom : il faut dire aussi la date de naissance."""
        return self._prenoms[membre.appel.casefold()] > 1

    # Étape 3

    @property
    def organisme_actuel(self) -> OrganismeConnu | None:
        """Celui du compte, ou celui que la personne a désigné parmi plusieurs."""
        if self.assure.organismes_a_departager:
            designe = self.demande.organisme.actuel if self.demande.organisme else None
            connus = self.assure.organismes_a_departager
            return next((connu for connu in connus if self.assure.repere(connu) == designe), None)
        return self.assure.organisme_actuel

    @property
    def a_departage(self) -> bool:
        """La personne a dit lequel est le bon, ou il n'y avait rien à départager."""
        choix = self.demande.organisme
        return not self.assure.organismes_a_departager or (choix is not None and choix.actuel is not None)

    @property
    def gestionnaire(self) -> str | None:
        """Le code de l'organisme gestionnaire choisi, `caisse`, ou rien si le choix ne tient plus."""
        choix = self.demande.organisme
        if choix is None or not self.a_departage:
            return None
        match choix.mode:
            case ModeDeGestion.CAISSE:
                return CAISSE
            case ModeDeGestion.ORGANISME:
                return choix.code
            case ModeDeGestion.GARDER:
                actuel = self.organisme_actuel
                return actuel.code if actuel and actuel.gere_c2s else None
        return None

    def gestionnaire_de(self, cle: str) -> str | None:
        """Le gestionnaire d'une personne : le sien, sinon celui de la personne qui demande."""
        par_personne = self.demande.organismes_du_foyer
        if cle == MOI or par_personne is None or par_personne.meme or not self.a_plusieurs_personnes:
            return self.gestionnaire
        return par_personne.choix.get(cle, self.gestionnaire)

    # Étape 5

    @property
    def periode(self) -> Periode:
        """La période de référence du mois de dépôt (R861-8)."""
        return periode_reference(self.le)

    @property
    def le_mois_a_change(self) -> bool:
        """La demande a été ouverte un autre mois : la période des ressources n'est plus la même."""
        ouverte = self.demande.ouverte_le
        return (ouverte.year, ouverte.month) != (self.le.year, self.le.month)

    # Étape 6

    @cached_property
    def emplacements(self) -> tuple[Emplacement, ...]:
        """
        Les documents demandés, dans l'ordre de la page.

        Un avis par personne de plus de 15 ans, deux taxes pour un bien non loué, un justificatif
        pour un séjour à l'étranger, une attestation par demande de RSA (étape 6 de la source).
        """
        pieces = self.demande.pieces
        places = [
            Emplacement(
                document=Document.AVIS,
                personne=membre.cle,
                requis=membre.cle == MOI or membre.cle not in pieces.figure,
            )
            for membre in self.membres_de_16_ans
        ]
        if pieces.bien:
            places += [Emplacement(document=Document.FONCIERE), Emplacement(document=Document.HABITATION)]
        if pieces.etranger:
            places.append(Emplacement(document=Document.ETRANGER))
        places += [
            Emplacement(document=Document.RSA, personne=membre.cle)
            for membre in self.foyer
            if membre.rsa_en_cours
        ]
        places.append(Emplacement(document=Document.RSA, requis=False))
        return tuple(places)

    def fichiers_de(self, emplacement: Emplacement) -> tuple[Fichier, ...]:
        """Les fichiers reçus pour ce document."""
        return tuple(f for f in self.fichiers if f.emplacement == emplacement.code)

    @property
    def fichiers_utiles(self) -> tuple[Fichier, ...]:
        """Les fichiers qui seront déposés : ceux d'un document encore demandé."""
        codes = {emplacement.code for emplacement in self.emplacements}
        return tuple(f for f in self.fichiers if f.emplacement in codes)

    def est_satisfait(self, emplacement: Emplacement) -> bool:
        """Un fichier est là, ou la personne a dit ne pas avoir ce document."""
        absent = emplacement.code in self.demande.pieces.absentes
        return not emplacement.requis or absent or bool(self.fichiers_de(emplacement))

    @property
    def manquants(self) -> tuple[Emplacement, ...]:
        """Les documents requis sans aucun fichier, et qui existent : la caisse les demandera (CRPA L114-5)."""
        return tuple(
            e
            for e in self.emplacements
            if e.requis and e.document not in PEUT_NE_PAS_EXISTER and not self.fichiers_de(e)
        )
