"""Étape 3 — « Je choisis ma Complémentaire santé solidaire » : qui gère la C2S."""

from collections.abc import Mapping

from app.domain.assure import OrganismeConnu
from app.domain.demande import ChoixOrganisme, Demande, ModeDeGestion
from app.domain.dossier import Dossier
from app.forms.form import Question, Sent, Value
from app.forms.typography import jour
from app.steps._gestionnaire import GONE, chosen_note, listed, name_of, read_choix
from app.steps._recherche import SEARCH, Recherche, make_recherche, search_from_form, shown_search
from app.steps._said import Said, SaidAnywhere
from app.steps._step import Action, Done, Step, Visit

NONE = "aucun"
CAISSE_LABEL = (
    "Je choisis ma caisse d'Assurance Maladie comme gestionnaire de ma Complémentaire santé solidaire."
)
WHICH_IS_MISSING = "Choisissez votre organisme complémentaire actuel, ou « Aucun de ces organismes »."
MISSING = "Choisissez l'organisme gestionnaire : un organisme complémentaire ou votre caisse."
NOT_A_MANAGER = "{} ne gère pas la C2S. Choisissez un organisme de la liste, ou votre caisse."


class OrganismeSaid(Said):
    """The organisme that is the right one has been named."""

    DESIGNE = "designe"


def _say_current(visit: Visit, _: str) -> str:
    actuel = visit.dossier.organisme_actuel
    nom = actuel.nom if actuel else "aucun de ceux qui sont enregistrés"
    return f"Votre organisme complémentaire actuel : {nom}. Choisissez maintenant l'organisme gestionnaire."


class OrganismeStep(Step):
    slug = "organisme"
    title = "Je choisis ma Complémentaire santé solidaire"
    sentences = {OrganismeSaid.DESIGNE: _say_current}

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        if _must_designate(visit):
            return {"actuel": _which(visit.dossier)}
        return {"gestionnaire": _who(visit), "choix_organisme": Question("Choisissez un organisme"), **SEARCH}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        choix = visit.dossier.demande.organisme or ChoixOrganisme()
        assure, actuel = visit.dossier.assure, choix.actuel
        reperes = {assure.repere(connu): connu.cle for connu in assure.organismes_a_departager}
        return {
            "actuel": "" if actuel is None else reperes.get(actuel, NONE),
            "gestionnaire": choix.mode or "",
            "choix_organisme": choix.code or "",
            **_search(visit).typed,
        }

    def drawn_with(self, sent: Sent) -> Mapping[str, str]:
        return shown_search(sent)

    def read(self, visit: Visit, sent: Sent) -> Demande:
        demande = visit.dossier.demande
        if _must_designate(visit):
            sent.refuse("actuel", WHICH_IS_MISSING)
            return demande
        choix = read_choix(sent, _who(visit), _search(visit), missing=_missing(visit, sent))
        if choix is None:
            return demande
        actuel = demande.organisme.actuel if demande.organisme else None
        return _with(
            demande, ChoixOrganisme(actuel=actuel, mode=ModeDeGestion(choix.mode), code=choix.code or None)
        )

    def answered(self, dossier: Dossier) -> bool:
        return dossier.gestionnaire is not None

    def actions(self) -> Mapping[str, Action]:
        return {"rechercher": _rechercher, "actuel": _designate}

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier, recherche = visit.dossier, _search(visit)
        choix = dossier.demande.organisme or ChoixOrganisme()
        return {
            "designer": _must_designate(visit),
            "actuel": dossier.organisme_actuel,
            "gere": _manager(visit) is not None,
            "a_departager": bool(dossier.assure.organismes_a_departager),
            "changer_actuel": recherche.url_with(modifier="actuel"),
            "recherche": recherche,
            "annonce": recherche.annonce,
            "trouve": lambda code: listed(recherche, code),
            "disparu": _gone(visit, choix),
            **({"adresse": recherche.url_with(modifier="actuel")} if _must_designate(visit) else {}),
        }


def _search(visit: Visit) -> Recherche:
    return make_recherche(visit, STEP.url)


def _rechercher(visit: Visit, sent: Sent, _: str) -> Done:
    return search_from_form(_search(visit), visit, sent)


# Several organismes recorded: which one is right?


def _must_designate(visit: Visit) -> bool:
    """The question comes first; later, « Modifier » brings it back."""
    several = bool(visit.dossier.assure.organismes_a_departager)
    return several and (not visit.dossier.a_departage or visit.query.get("modifier") == "actuel")


def _which(dossier: Dossier) -> Question:
    assure = dossier.assure
    connus = {connu.cle: connu for connu in assure.organismes_a_departager}
    return Question(
        "Lequel est le bon ?",
        "Son nom est sur votre carte de mutuelle.",
        kind="radio",
        options=(
            *((cle, f"{connu.nom} {manages(connu.gere_c2s)}") for cle, connu in connus.items()),
            (NONE, "Aucun de ces organismes"),
        ),
        notes={
            cle: f"Depuis le {jour(connu.depuis)}"
            for cle, connu in connus.items()
            if assure.a_un_homonyme(connu)
        },
    )


def manages(gere: bool) -> str:
    """What the source says after the name of an organisme."""
    return "(gère la C2S)" if gere else "(ne gère pas la C2S)"


def _designate(visit: Visit, sent: Sent, value: str) -> Done | None:
    """Keep which one is right. « Je garde mon organisme » meant another one: the user has to say it again."""
    demande, assure = visit.dossier.demande, visit.dossier.assure
    if not assure.organismes_a_departager:
        return Done(demande, fait=SaidAnywhere.DISPARU)
    reperes = {connu.cle: assure.repere(connu) for connu in assure.organismes_a_departager} | {NONE: ""}
    if value not in reperes:
        sent.refuse("actuel", WHICH_IS_MISSING)
        return None
    choix = demande.organisme or ChoixOrganisme()
    kept = choix.mode is not ModeDeGestion.GARDER or choix.actuel == reperes[value]
    choix = ChoixOrganisme(
        actuel=reperes[value], mode=choix.mode if kept else None, code=choix.code if kept else None
    )
    return Done(_with(demande, choix), fait=OrganismeSaid.DESIGNE, url=_search(visit).url_with())


# Who manages the C2S?


def _manager(visit: Visit) -> OrganismeConnu | None:
    """The present organisme, if it can be kept: the list, more than the account, says that it manages the C2S."""
    actuel = visit.dossier.organisme_actuel
    return actuel if actuel and actuel.gere_c2s and listed(_search(visit), actuel.code or "") else None


def _who(visit: Visit) -> Question:
    actuel, garde = visit.dossier.organisme_actuel, _manager(visit)
    un = "un autre" if actuel else "un"
    options = [
        (ModeDeGestion.CAISSE, CAISSE_LABEL),
        (ModeDeGestion.ORGANISME, f"Je choisis {un} organisme complémentaire."),  # the search is under it
    ]
    if garde:
        options.insert(0, (ModeDeGestion.GARDER, f"Je garde mon organisme actuel : {garde.nom}."))
    return Question(
        "Quel organisme gestionnaire choisissez-vous ?",
        kind="radio",
        options=options,
        notes={ModeDeGestion.CAISSE: visit.caisse.nom, **chosen_note(_search(visit), _chosen_code(visit))},
    )


def _chosen_code(visit: Visit) -> str:
    choix = visit.dossier.demande.organisme
    return (choix.code if choix else "") or ""


def _gone(visit: Visit, choix: ChoixOrganisme) -> str:
    """What to say about an organisme that has left the list since the user chose it."""
    actuel, recherche = visit.dossier.organisme_actuel, _search(visit)
    kept = choix.mode is ModeDeGestion.GARDER
    code = actuel.code if kept and actuel else choix.code
    return GONE.format(name_of(recherche, code)) if code and not listed(recherche, code) else ""


def _missing(visit: Visit, sent: Sent) -> str:
    """An organisme that does not manage the C2S cannot be kept: a page from before may still ask for it."""
    actuel = visit.dossier.organisme_actuel
    if sent.text("gestionnaire") == ModeDeGestion.GARDER and actuel:
        return (GONE if actuel.gere_c2s else NOT_A_MANAGER).format(actuel.nom)
    return MISSING


def _with(demande: Demande, choix: ChoixOrganisme) -> Demande:
    return demande.model_copy(update={"organisme": choix})


STEP = OrganismeStep()
