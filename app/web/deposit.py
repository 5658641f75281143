"""Étape 7: everything is checked again, then filed once; and the page that says so."""

from starlette.responses import Response

from app.domain.demande import CAISSE
from app.domain.instantane import empreinte_de_la_demande, empreinte_des_reponses, instantane
from app.forms.form import Form
from app.journey import JOURNEY
from app.steps import pieces, recapitulatif, validation
from app.steps._said import SaidAnywhere
from app.steps._step import Visit
from app.steps.accuse import accuse_body, deadline
from app.steps.validation import DIGEST
from app.store.demandes import AlreadyOpen, Changed, Deposit, FileLost, deposit, is_filed
from app.store.organismes import organisme
from app.store.seals import unless_broken
from app.store.suivi import accuse_of, find_demande
from app.web import avis, nouvelles
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.message_pdf import keep_accuse_pdf, offered
from app.web.pages import make_visit, read_draft, show, visit_step
from app.web.session import drop_draft
from app.web.start import obstacles

DONE = "/demande/terminee"


def validation_page(ask: Ask) -> Response:
    """Show étape 7, or file the demande (POST): pressed twice or replayed, there is one, and the same receipt."""
    draft = read_draft(ask)
    if draft is None:
        return go_to(DONE if ask.open_session.derniere_reference else "/demande")
    if ask.request.method != "POST":
        return visit_step(ask, validation.STEP, validation.STEP)
    visit = make_visit(ask, draft)
    if elsewhere := _to_settle(ask, visit):
        return go_to(DONE if is_filed(visit.db, visit.dossier.demande.id) else elsewhere)
    validation.STEP.read(visit, ask.sent)
    if ask.sent.errors:
        form = Form.again(validation.STEP.questions(visit), ask.sent)
        return show(ask, validation.STEP, validation.STEP, visit, form, 422)
    if ask.sent.text(DIGEST) != empreinte_de_la_demande(visit.dossier):
        return go_to(f"{recapitulatif.STEP.url}?fait={recapitulatif.RecapitulatifSaid.CHANGE}")
    return _file(ask, visit)


def _to_settle(ask: Ask, visit: Visit) -> str:
    """Where to go first, if anything no longer holds: nothing is filed, nothing is lost."""
    if obstacles(ask):
        return "/demande?fait=revalidation"
    first = JOURNEY.first_open(visit.dossier)
    if first is recapitulatif.STEP:
        return f"{first.url}?fait={recapitulatif.RecapitulatifSaid.CHANGE}"
    if first is not validation.STEP:
        return f"{first.url}?fait={SaidAnywhere.CONTROLE}"
    for membre in visit.dossier.foyer:
        code = visit.dossier.gestionnaire_de(membre.cle) or ""
        if code != CAISSE and organisme(visit.db, code) is None:
            page = "organisme" if code == visit.dossier.gestionnaire else "organismes-du-foyer"
            return f"/demande/{page}?fait={SaidAnywhere.ORGANISME_DISPARU}"
    return ""


def _file(ask: Ask, visit: Visit) -> Response:
    dossier, caisse = visit.dossier, visit.caisse
    filed = Deposit(
        dossier=dossier,
        instantane=instantane(dossier),
        empreinte=empreinte_des_reponses(dossier),
        date_limite=deadline(caisse, dossier),
        file_key=visit.file_key,
        body=lambda reference: accuse_body(visit.db, caisse, dossier, reference, visit.now),
    )
    ring = ask.house.ring
    try:
        reference = deposit(visit.db, visit.shelf, ring, visit.compte_id, visit.session_id, filed, visit.now)
    except AlreadyOpen:
        return go_to("/demande?fait=revalidation")
    except Changed:
        return go_to(f"{recapitulatif.STEP.url}?fait={recapitulatif.RecapitulatifSaid.CHANGE}")
    except FileLost as lost:
        place = lost.fichier.emplacement
        return go_to(f"{pieces.STEP.url}?fait={pieces.PiecesSaid.PERDU}&qui={lost.fichier.id}#slot_{place}")
    keep_accuse_pdf(visit.db, visit.shelf, ring, reference)
    response = go_to(DONE)
    drop_draft(response, ask.house.settings)
    return response


def terminee(ask: Ask) -> Response:
    """
    The receipt of the demande filed in this session, as its accusé tells it, whatever has come since.

    It takes the choice of news that it offers (POST).
    """
    reference = ask.open_session.derniere_reference
    demande = find_demande(ask.db, ask.open_session.compte_id, reference) if reference else None
    accuse = unless_broken(accuse_of, ask.db, ask.house.ring, demande) if demande else None
    if demande is None or accuse is None:  # none was filed, it has been erased, or does not open
        return go_to("/demarches")
    echange, corps = accuse
    refused = None
    if ask.request.method == "POST":
        taken = nouvelles.take(ask)
        if not isinstance(taken, nouvelles.RefusedChoice):
            return go_to(f"{DONE}?fait={taken}#nouvelles")
        refused = taken
    return ask.page(
        "terminee.html",
        "Votre demande est maintenant terminée !",
        refused.status if refused else 200,
        demande=demande,
        corps=corps,
        accuse=f"/echanges/{echange.id}",
        pdf=offered(ask, echange),
        satisfaction=avis.satisfaction_form(),
        nouvelles=refused.form if refused else nouvelles.form_in_passing(ask),
        limite=refused.limit if refused else None,
        prevenu=nouvelles.SAID.get(ask.query.get("fait", ""), ""),
    )
