"""« Mes informations »: what the caisse knows of this person, and where blocking situations 1, 2 and 4 are solved."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from app.domain.assure import Assure, OrganismeConnu
from app.forms.form import Form, Question, Value
from app.forms.typography import jour
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.liens import linked_on
from app.store.sessions import hold_account
from app.web.ask import Ask
from app.web.contact import (
    ADRESSE,
    COORDONNEES,
    read_adresse,
    read_coordonnees,
    suggested_towns,
)
from app.web.hypermedia import go_to
from app.web.nouvelles import SAID, courriel_of, news_form
from app.web.start import obstacles

HERE = "/informations"
NONE = "aucun"


def informations(ask: Ask) -> Response:
    """Everything at a glance, and what has just been changed."""
    free = not obstacles(ask)
    return ask.page(
        "informations.html",
        "Mes informations",
        assure=ask.assure,
        caisse=ask.caisse,
        fait=ask.query.get("fait", ""),
        statut=_said(ask.assure, ask.query.get("fait", "")),
        libre=free,
        nouvelles=news_form(ask) if ask.house.settings.has_news else None,
        perdue=courriel_of(ask) == "",
        lie_le=linked_on(ask.db, ask.open_session.compte_id),
    )


def coordonnees(ask: Ask) -> Response:
    """The e-mail address, the telephone number or both (situation 1); to record them is to confirm them."""
    if ask.request.method != "POST":
        shown = {"courriel": ask.assure.courriel or "", "telephone": ask.assure.telephone or ""}
        return _show(ask, "coordonnees", "Mes coordonnées", Form(COORDONNEES, shown), vu=shown)
    courriel, telephone = read_coordonnees(ask.sent)
    vu = {name: ask.sent.text(f"vu_{name}") for name in COORDONNEES}
    if ask.sent.errors:
        return _show(ask, "coordonnees", "Mes coordonnées", Form.again(COORDONNEES, ask.sent), vu=vu)

    def change(assure: Assure) -> Assure:
        """A field that was drawn empty and comes back so erases nothing that the account has received meanwhile."""
        return assure.avec_coordonnees(
            courriel or ("" if vu["courriel"] else assure.courriel or ""),
            telephone or ("" if vu["telephone"] else assure.telephone or ""),
        )

    return _save(ask, "coordonnees", change)


def adresse(ask: Ask) -> Response:
    """The postal address (situation 4)."""
    if ask.request.method != "POST":
        form = Form(ADRESSE, ask.assure.adresse.model_dump())
        return _show(ask, "adresse", "Mon adresse", form, villes=[])
    nouvelle = read_adresse(ask.sent, ask.assure.adresse)
    if ask.sent.errors:
        form = Form.again(ADRESSE, ask.sent)
        return _show(ask, "adresse", "Mon adresse", form, villes=suggested_towns(ask.sent))
    return _save(ask, "adresse", lambda assure: assure.avec_adresse(nouvelle))


def organismes(ask: Ask) -> Response:
    """Which organisme complémentaire is the right one (situation 2)."""
    known = {organisme.cle: organisme for organisme in ask.assure.organismes}
    if not known:
        return _show(ask, "organismes", "Mes organismes complémentaires", Form({}, {}), assure=ask.assure)
    questions = {"organisme": _question(known)}
    if ask.request.method != "POST":
        actif = ask.assure.organismes_actifs
        shown: Mapping[str, Value] = {"organisme": actif[0].cle} if len(actif) == 1 else {}
        form = Form(questions, shown)
        return _show(ask, "organismes", "Mes organismes complémentaires", form, assure=ask.assure)
    chosen = ask.sent.text("organisme")
    if chosen not in known and chosen != NONE:
        ask.sent.refuse(
            "organisme",
            "Choisissez l'organisme complémentaire que vous avez aujourd'hui, ou « Aucun de ces organismes ».",
        )
        form = Form.again(questions, ask.sent)
        return _show(ask, "organismes", "Mes organismes complémentaires", form, assure=ask.assure)
    organisme = known.get(chosen)
    fait = "organisme" if organisme else "sans-organisme"
    return _save(ask, fait, lambda assure: assure.avec_organisme(organisme))


def _question(known: Mapping[str, OrganismeConnu]) -> Question:
    return Question(
        "Quel organisme complémentaire avez-vous aujourd'hui ?",
        "Son nom est sur votre carte de mutuelle.",
        kind="radio",
        options=(
            *((cle, organisme.nom) for cle, organisme in known.items()),
            (NONE, "Aucun de ces organismes"),
        ),
        notes={
            cle: f"{'Actif' if organisme.actif else 'Enregistré, mais pas actif,'} depuis le {jour(organisme.depuis)}"
            for cle, organisme in known.items()
        },
    )


def _show(ask: Ask, page: str, titre: str, form: Form, **context: object) -> Response:
    status = 422 if form.errors else 200
    return ask.page(f"informations/{page}.html", titre, status, form=form, retour=HERE, **context)


def _save(ask: Ask, fait: str, change: Callable[[Assure], Assure]) -> Response:
    with writing(ask.db):
        compte = hold_account(ask.db, ask.open_session.compte_id, ask.open_session.id)
        write_assure(ask.house.ring, compte, change(read_assure(ask.house.ring, compte)))
        ask.db.add(compte)
    return go_to(f"{HERE}?fait={fait}")


def _said(assure: Assure, fait: str) -> str:
    if fait == "organisme":
        actuel = assure.organisme_actuel
        return f"Votre organisme complémentaire est maintenant : {actuel.nom}." if actuel else ""
    return {
        "coordonnees": "Vos coordonnées sont mises à jour.",
        "adresse": "Votre adresse est mise à jour.",
        **SAID,
        "delie": "FranceConnect n'ouvre plus ce compte.",
        "sans-organisme": "Votre compte n'a plus d'organisme complémentaire actif.",
    }.get(fait, "")
