"""Étape 2 — une personne du foyer : ajoutée, ou corrigée. Une page par personne."""

from collections.abc import Mapping, Sequence

from app.domain.demande import FOYER_MAXIMAL, Demande, Personne
from app.domain.nir import cle_du_nir
from app.forms.form import Question, Sent, Value
from app.forms.words import LIENS, NATIONALITES, prenom
from app.steps import beneficiaires
from app.steps._personne import already_there, new_key, read_person
from app.steps._step import Done, Step, Visit
from app.steps.foyer import FULL_HOUSE

RECAP = "recapitulatif"

QUESTIONS = {
    "prenom": Question("Prénom", "Comme sur la carte Vitale ou la pièce d'identité. Exemple : Jean-Baptiste"),
    "nom": Question("Nom", "Nom de famille, comme sur la pièce d'identité. Exemple : Martin"),
    "lien": Question(
        "Lien de parenté",
        "Le lien de cette personne avec vous. Exemple : Enfant",
        kind="select",
        options=tuple(LIENS.items()),
    ),
    "naissance": Question(
        "Date de naissance", "Jour, mois, année sur 4 chiffres. Exemple : 12 03 2016", kind="date"
    ),
    "nationalite": Question(
        "Nationalité",
        "Choisissez une réponse. Exemple : Française",
        kind="select",
        options=tuple(NATIONALITES.items()),
    ),
    "nir": Question(
        "N° de sécurité sociale (13 chiffres)",
        "13 caractères, espaces acceptés. Exemple : 2910475111234. Pour une naissance en Corse, il peut contenir 2A ou 2B.",
        size="c13",
        capitals=True,
    ),
    "cle": Question(
        "Clé (2 chiffres)",
        "Les 2 derniers chiffres, avec le zéro du début. Exemple : 04",
        size="c2",
        inputmode="numeric",
    ),
    "nir_confirme": Question("C'est bien ce numéro", kind="box", required=False),
    "pas_de_numero": Question(
        "Cette personne n'a pas encore de numéro",
        "Pour un bébé qui vient de naître, ou une personne arrivée depuis peu en France. "
        "Laissez alors le numéro et la clé vides.",
        kind="box",
        required=False,
    ),
    "caf": Question(
        "N° Allocataire CAF",
        "7 chiffres, avec le zéro du début. Exemple : 0123456",
        optional=True,
        size="c7",
        inputmode="numeric",
    ),
    "garde": Question(
        "Garde alternée", "Pour un enfant qui vit une partie du temps chez vous.", kind="box", optional=True
    ),
    "rsa": Question(
        "Demande de RSA en cours",
        "Cette personne a demandé le RSA et attend la réponse. Une attestation est demandée à l'étape 6.",
        kind="box",
        optional=True,
    ),
    "c2s": Question(
        "Demande de complémentaire santé en cours",
        "Cette personne a déjà demandé la C2S et attend la réponse.",
        kind="box",
        optional=True,
    ),
}


class BeneficiaireStep(Step):
    """The form of one person; made for one request, since its address is the person's."""

    slug = "beneficiaire"
    title = beneficiaires.STEP.title
    forward = "Enregistrer cette personne"

    def __init__(self, cle: str | None) -> None:
        self._cle = cle  # none: somebody new
        self._saved = ""  # the key of whoever has been recorded
        self._key_filled = False

    @property
    def url(self) -> str:
        return f"{beneficiaires.STEP.url}/{self._cle or 'ajouter'}"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return QUESTIONS

    def values(self, visit: Visit) -> Mapping[str, Value]:
        personne = visit.dossier.personne(self._cle or "")
        if personne is None:
            return {}
        naissance = personne.naissance
        return {
            "prenom": personne.prenom,
            "nom": personne.nom,
            "lien": personne.lien,
            "naissance": (f"{naissance:%d}", f"{naissance:%m}", str(naissance.year)),
            "nationalite": personne.nationalite,
            "nir": personne.nir or "",
            "cle": cle_du_nir(personne.nir) if personne.nir else "",
            "pas_de_numero": "" if personne.nir else "oui",
            "caf": personne.numero_caf or "",
            "garde": "oui" if personne.garde_alternee else "",
            "rsa": "oui" if personne.rsa_en_cours else "",
            "c2s": "oui" if personne.c2s_en_cours else "",
        }

    def context(self, visit: Visit) -> Mapping[str, object]:
        retour = visit.query.get("retour") == RECAP
        membre = visit.dossier.membre(self._cle or "")
        return {
            "sous_titre": f"Modifier les informations : {prenom(visit.dossier, membre)}"
            if membre
            else "Ajouter une personne",
            "retour": beneficiaires.STEP.url + (f"?retour={RECAP}" if retour else ""),
            "cle_remplie": self._key_filled,
        }

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier, demande = visit.dossier, visit.dossier.demande
        personnes, retires = demande.beneficiaires.personnes, demande.beneficiaires.retires
        if self._cle is None and (deja := already_there(dossier, sent)):
            self._saved = deja.cle
            return _with(demande, personnes, [cle for cle in retires if cle != deja.cle])
        others = [membre for membre in dossier.foyer if membre.cle != self._cle]
        if len(others) >= FOYER_MAXIMAL:
            sent.refuse("foyer", FULL_HOUSE, at="contenu")  # nothing else is worth correcting
            return demande
        typed_key = sent.text("cle")
        personne = read_person(dossier, sent, others, self._cle or new_key(dossier))
        self._key_filled = sent.text("cle") != typed_key
        if personne is None:
            return demande
        self._saved = personne.cle
        if self._cle is None:
            return _with(demande, [*personnes, personne], retires)
        return _with(demande, [personne if p.cle == self._cle else p for p in personnes], retires)

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        """Back to the list, where others may be added; to the récapitulatif if one came from there."""
        if visit.query.get("retour") == RECAP:
            return Done(demande, url=onward)
        fait = "corrigee" if self._cle else "ajoutee"
        return Done(demande, fait=fait, qui=self._saved, url=beneficiaires.STEP.url)


def _with(demande: Demande, personnes: Sequence[Personne], retires: Sequence[str]) -> Demande:
    update = {"personnes": tuple(personnes), "retires": tuple(retires)}
    return demande.model_copy(update={"beneficiaires": demande.beneficiaires.model_copy(update=update)})
