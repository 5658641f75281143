"""The page of one person of the household: it belongs to the list, whose row guards it."""

from starlette.responses import Response

from app.domain.dossier import Dossier
from app.steps import beneficiaires
from app.steps._said import SaidAnywhere
from app.steps._step import RECAP
from app.steps.beneficiaire import BeneficiaireStep
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.pages import make_visit, read_draft, visit_step


def ajouter(ask: Ask) -> Response:
    """A new person; a full household is explained on the list, before anything is typed."""
    dossier = _dossier(ask)
    if dossier and dossier.foyer_est_plein and ask.request.method != "POST":
        return go_to(_list(ask))
    return visit_step(ask, beneficiaires.STEP, BeneficiaireStep(None))


def corriger(ask: Ask) -> Response:
    """A person already added; a person who is gone, or was never there, leads back to the list."""
    cle = str(ask.request.path_params["cle"])
    dossier = _dossier(ask)
    if dossier and (dossier.personne(cle) is None or dossier.est_retire(cle)):
        return go_to(_list(ask, SaidAnywhere.DISPARU))
    return visit_step(ask, beneficiaires.STEP, BeneficiaireStep(cle))


def _dossier(ask: Ask) -> Dossier | None:
    draft = read_draft(ask)
    return make_visit(ask, draft).dossier if draft else None


def _list(ask: Ask, fait: SaidAnywhere | None = None) -> str:
    """The address of the list, on the way back to the récapitulatif if the user came from there."""
    said = [f"retour={RECAP}"] if ask.query.get("retour") == RECAP else []
    said += [f"fait={fait}"] if fait else []
    return beneficiaires.STEP.url + ("?" + "&".join(said) if said else "")
