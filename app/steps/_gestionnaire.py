"""Who manages the C2S: their names, and the answer « a kind of manager, or an organisme of the results »."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.domain.demande import CAISSE, ModeDeGestion
from app.forms.form import Question, Sent
from app.steps._recherche import Recherche
from app.store.organismes import organisme
from app.store.tables import Caisse, OrganismeGestionnaire

ORGANISME = ModeDeGestion.ORGANISME
GONE = (
    "{} n'est plus dans la liste des organismes qui gèrent la C2S. Choisissez un autre organisme, "
    "ou votre caisse."
)


def nom_du_gestionnaire(db: Session, caisse: Caisse, code: str) -> tuple[str, str]:
    """The name and the address of who manages the C2S of a person; an organisme that left the list keeps its own."""
    if code == CAISSE:
        return "Ma caisse d'Assurance Maladie", caisse.nom
    found = db.get(OrganismeGestionnaire, code)
    return (found.nom, found.adresse_complete) if found else ("", "")


@dataclass(frozen=True)
class Choix:
    """Who manages: `mode` is a value of the first group; `code` an organisme of the list, when it is one."""

    mode: str
    code: str = ""


def read_choix(sent: Sent, question: Question, recherche: Recherche, *, missing: str) -> Choix | None:
    """
    What was chosen, in two groups of radios; a refusal is left in `sent` (None).

    A result that has just been ticked is a choice of « un organisme », whatever stands ticked above. The form
    says what was ticked when it was drawn (`vu_…`), so that an old tick never wins over a new one. When both
    groups have a new tick, the answer is ambiguous: the page asks again.
    """
    labels = dict(question.options)
    mode, code = sent.text("gestionnaire"), sent.text("choix_organisme")
    if mode not in labels:
        mode = ""
    if not mode and not code:
        sent.refuse("gestionnaire", missing)
    elif mode in ("", ORGANISME):
        return _listed(sent, recherche, code)
    elif code in ("", sent.text("vu_organisme")):
        return Choix(mode)
    elif mode == sent.text("vu_gestionnaire"):
        return _listed(sent, recherche, code)
    else:
        sent.refuse("gestionnaire", _both(labels, mode, name_of(recherche, code)))
    return None


def listed(recherche: Recherche, code: str) -> OrganismeGestionnaire | None:
    """The organisme of this code, if it may be chosen."""
    return organisme(recherche.db, code) if code else None


def chosen_note(recherche: Recherche, code: str) -> dict[str, str]:
    """The second line of « un organisme »: which one is chosen, if one is."""
    chosen = listed(recherche, code)
    return {ORGANISME: f"Organisme choisi : {chosen.nom}, {chosen.adresse_complete}"} if chosen else {}


def name_of(recherche: Recherche, code: str) -> str:
    """How an organisme is called, even one that left the list."""
    found = recherche.db.get(OrganismeGestionnaire, code)
    return found.nom if found else "L'organisme choisi"


def _listed(sent: Sent, recherche: Recherche, code: str) -> Choix | None:
    if not code:
        message = (
            "Vous choisissez un organisme complémentaire. Cherchez-le, puis choisissez-le dans la liste."
        )
        sent.refuse("choix_organisme", message, at="o_1" if recherche.found.rows else "organisme")
    elif listed(recherche, code) is None:
        sent.refuse("choix_organisme", GONE.format(name_of(recherche, code)), at="organisme")
    else:
        return Choix(ORGANISME, code)
    return None


def _both(labels: Mapping[str, str], mode: str, nom: str) -> str:
    return f"Deux réponses sont cochées : « {labels[mode]} » et « {nom} ». Gardez-en une seule."
