"""Étape 2 — une personne du foyer : ajoutée, ou corrigée. Une page par personne."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.caf import DefautCaf
from app.domain.dates import DefautDate
from app.domain.demande import FOYER_MAXIMAL, Demande, Personne
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.nir import cle_du_nir
from app.forms.asked import Asked, Questionnaire
from app.forms.form import Question, Sent, Value
from app.forms.kinds import BirthDate, Box, CafNumber, Name, OneOf
from app.forms.readers import read_nir
from app.forms.words import LIENS, NATIONALITES, prenom
from app.steps import beneficiaires
from app.steps._personne import check_person, new_key
from app.steps._step import RECAP, Done, Step, Visit
from app.steps.foyer import FULL_HOUSE, FoyerSaid, obstacle

ASKED = Questionnaire(
    Personne,
    {
        "prenom": Asked(
            Name("prénom", ("Jean-Baptiste", "Jean-Baptiste"), "Cette personne n'a pas de prénom"),
            "Prénom",
            "Comme sur la carte Vitale, la pièce d'identité ou l'acte de naissance.",
            missing="Saisissez le prénom de cette personne.",
        ),
        "nom": Asked(
            Name("nom", ("Martin", "D'Almeida"), "Cette personne n'a pas de nom"),
            "Nom",
            "Nom de famille.",
            missing="Saisissez le nom de cette personne.",
        ),
        "lien": Asked(
            OneOf(LIENS),
            "Lien de parenté",
            "Le lien de cette personne avec vous.",
            missing="Choisissez le lien de parenté de cette personne avec vous.",
            unknown="Choisissez un des quatre liens de parenté de la liste.",
        ),
        "naissance": Asked(
            BirthDate(
                {
                    DefautDate.JOUR: "Il manque le jour de naissance. Saisissez un nombre de 1 à 31, par exemple 12.",
                    DefautDate.MOIS: "Il manque le mois de naissance. Saisissez un nombre de 1 à 12, par exemple 03.",
                    DefautDate.ANNEE: "Il manque l'année de naissance. Saisissez 4 chiffres, par exemple 2016.",
                    DefautDate.ANNEE_COURTE: "L'année de naissance compte 4 chiffres. Complétez-la, par exemple 2016.",
                    DefautDate.LETTRES: "Saisissez la date de naissance avec des chiffres, par exemple 12 03 2016.",
                    DefautDate.INEXISTANTE: "Cette date de naissance n'existe pas dans le calendrier. "
                    "Vérifiez le jour et le mois, par exemple 12 03 2016.",
                },
                box="naissance_incomplete",
                label="Je ne connais pas le jour exact",
                unknown="Le jour ou le mois est 00. Saisissez la date écrite sur l'acte de naissance ou l'attestation "
                "de droits. Le jour ou le mois n'y est pas ? Cochez « Je ne connais pas le jour exact ».",
            ),
            "Date de naissance",
            "Exemple : 12 03 2016",
            missing="Saisissez la date de naissance : jour, mois, année. Par exemple 12 03 2016.",
        ),
        "nationalite": Asked(
            OneOf(NATIONALITES),
            "Nationalité",
            sentence="{}",
            missing="Choisissez la nationalité de cette personne.",
            unknown="Choisissez une des trois nationalités de la liste.",
        ),
        "numero_caf": Asked(
            CafNumber(
                {
                    DefautCaf.LONGUEUR: "Le numéro d'allocataire CAF compte 7 chiffres. Vous en avez saisi {n}. "
                    "Vérifiez-le, par exemple 0123456, ou laissez vide.",
                    DefautCaf.LETTRE: "Saisissez les 7 chiffres du numéro d'allocataire CAF, sans la lettre, "
                    "par exemple 0123456. Ou laissez vide.",
                    DefautCaf.CARACTERES: "Saisissez le numéro d'allocataire CAF avec des chiffres seulement, "
                    "par exemple 0123456. Ou laissez vide.",
                }
            ),
            "N° Allocataire CAF",
            "7 chiffres. Exemple : 0123456",
            sentence="N° Allocataire CAF : {}",
            optional=True,
            control="caf",
        ),
        "garde_alternee": Asked(
            Box(),
            "Garde alternée",
            sentence="En garde alternée",
            optional=True,
            control="garde",
        ),
        "rsa_en_cours": Asked(
            Box(),
            "Demande de RSA en cours",
            "L'étape 6 demande une attestation.",
            sentence="Demande de RSA en cours",
            optional=True,
            control="rsa",
        ),
        "c2s_en_cours": Asked(
            Box(),
            "Demande de complémentaire santé en cours",
            sentence="Demande de complémentaire santé en cours",
            optional=True,
            control="c2s",
        ),
    },
    by_hand=frozenset({"cle", "nir"}),  # drawn at random; read with its key, and against the date of birth
)
NUMBER = {
    "pas_de_numero": Question(
        "Cette personne n'a pas encore de numéro",
        "Bébé qui vient de naître, arrivée récente en France. Laissez alors vides le numéro et la clé. "
        "Votre caisse demande ensuite un document, comme un acte de naissance.",
        kind="box",
        required=False,
    ),
    "nir": Question(
        "N° de sécurité sociale (13 chiffres)",
        "Exemple : 2910475111234",
        size="c13",
        capitals=True,
    ),
    "cle": Question(
        "Clé (2 chiffres)",
        "Avec le zéro du début. Exemple : 04",
        size="c2",
        inputmode="numeric",
    ),
}
NO_NUMBER = NUMBER | {
    name: replace(NUMBER[name], hint="Laissez vide tant que la case est cochée.", required=False)
    for name in ("nir", "cle")
}
CONFIRMED = {
    "nir_confirme": Question("C'est bien ce numéro", kind="box", required=False),
    "autre_personne": Question("Ce n'est pas la même personne", kind="box", required=False),
    "age_confirme": Question("C'est bien sa date de naissance", kind="box", required=False),
    "sans_conjoint": Question("C'est bien ce lien", kind="box", required=False),
}
"""What is asked about once, then accepted. Not kept: a person recorded so is not asked about again."""
AFTER: Mapping[str, Sequence[str]] = {
    "lien": ["sans_conjoint"],
    "naissance_incomplete": ["age_confirme", "autre_personne"],
    "nationalite": [*NUMBER, "nir_confirme"],
}
"""What the page draws by hand, after each of these controls."""


class BeneficiaireStep(Step):
    """The form of one person; made for one request, since its address is the person's."""

    slug = "beneficiaire"
    title = beneficiaires.STEP.title
    forward = "Enregistrer cette personne"

    def __init__(self, cle: str | None) -> None:
        self._cle = cle  # None for a new person
        self._saved = ""  # the key of the person just recorded
        self._no_number: bool | None = None  # what was sent, once it is read
        self._key_filled = False

    @property
    def url(self) -> str:
        return f"{beneficiaires.STEP.url}/{self._cle or 'ajouter'}"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        asked = ASKED.questions(visit.dossier)
        no_number = self._no_number
        if no_number is None:
            personne = visit.dossier.personne(self._cle or "")
            no_number = personne is not None and not personne.nir
        drawn = asked | (NO_NUMBER if no_number else NUMBER) | CONFIRMED
        names = (name for control in asked for name in (control, *AFTER.get(control, ())))
        return {name: drawn[name] for name in names}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        personne = visit.dossier.personne(self._cle or "")
        if personne is None:
            return {}
        nir = personne.nir or ""
        number = {"nir": nir, "cle": cle_du_nir(nir) if nir else "", "pas_de_numero": "" if nir else "oui"}
        return ASKED.values(personne) | number

    def context(self, visit: Visit) -> Mapping[str, object]:
        retour = visit.query.get("retour") == RECAP
        membre = visit.dossier.membre(self._cle or "")
        return {
            # a first name would stay in the history of a browser that others use
            "precision": "modifier les informations d'une personne" if self._cle else "ajouter une personne",
            "sous_titre": f"Modifier les informations : {prenom(visit.dossier, membre)}"
            if membre
            else "Ajouter une personne",
            "retour": beneficiaires.STEP.url + (f"?retour={RECAP}" if retour else ""),
            "cle_remplie": self._key_filled,
            "cle": self._cle or "",
        }

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier, demande = visit.dossier, visit.dossier.demande
        personnes, retires = demande.beneficiaires.personnes, demande.beneficiaires.retires
        if self._cle is None and (deja := _already_there(dossier, sent)):
            self._saved = deja.cle
            return _with(demande, personnes, [cle for cle in retires if cle != deja.cle])
        others = [membre for membre in dossier.foyer if membre.cle != self._cle]
        if len(others) >= FOYER_MAXIMAL:
            sent.refuse("foyer", FULL_HOUSE, at="contenu")  # nothing else is worth correcting
            return demande
        typed_key, self._no_number = sent.text("cle"), sent.box("pas_de_numero")
        personne = _read_person(dossier, sent, others, self._cle or new_key(dossier))
        self._key_filled = sent.text("cle") != typed_key
        if personne is None:
            sent.order(self.questions(visit))
            return demande
        self._saved = personne.cle
        if self._cle is None:
            return _with(demande, [*personnes, personne], retires)
        return _with(demande, [personne if p.cle == self._cle else p for p in personnes], retires)

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        """Back to the list, where the user may add others; or to the récapitulatif, if they came from there."""
        if visit.query.get("retour") == RECAP:
            return Done(demande, url=onward)
        fait = FoyerSaid.CORRIGEE if self._cle else FoyerSaid.AJOUTEE
        return Done(demande, fait=fait, qui=self._saved, url=beneficiaires.STEP.url)


def _read_person(dossier: Dossier, sent: Sent, others: Sequence[Membre], cle: str) -> Personne | None:
    """Read the person described, beside these others; None when refused, with the reasons in `sent.errors`."""
    read = ASKED.read(dossier, sent)
    nir = check_person(dossier, sent, read, others, cle)
    return None if sent.errors else Personne(cle=cle, nir=nir, **read)


def _already_there(dossier: Dossier, sent: Sent) -> Personne | None:
    """The person this same form has added before: it was sent twice. A person removed since is found again too."""
    copy = Sent({name: sent.many(name) for name in sent.names()})
    read, nir = ASKED.read(dossier, copy), read_nir(copy, {})
    described = None if copy.errors else Personne(cle="", nir=nir, **read)
    for personne in dossier.demande.beneficiaires.personnes:
        if personne.model_copy(update={"cle": ""}) == described:
            membre = dossier.membre(personne.cle)
            assert membre is not None
            return None if obstacle(dossier, membre) else personne
    return None


def _with(demande: Demande, personnes: Sequence[Personne], retires: Sequence[str]) -> Demande:
    update = {"personnes": tuple(personnes), "retires": tuple(retires)}
    return demande.model_copy(update={"beneficiaires": demande.beneficiaires.model_copy(update=update)})
