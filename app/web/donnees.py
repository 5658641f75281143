"""« Mon compte, mes données »: what the service knows, who used it, where the account is open, what must stay a while."""

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from app.domain.accuse import Accuse
from app.domain.assure import Adresse, Assure, Enfant, OrganismeConnu, Sexe
from app.domain.format import FORMAT
from app.forms.typography import heure, jour
from app.steps.ressources import FAMILLES
from app.store.conservation import kept_until
from app.store.journal import Fait, mark_of, note
from app.store.mes_donnees import MaDemande, MesDonnees, gather, journal_of
from app.store.seals import unless_broken
from app.store.sessions import close_session, open_sessions
from app.store.suivi import demandes_of, echanges_of, find_accuse, read_body
from app.web.account import ASK_FIRST
from app.web.ask import Ask
from app.web.hypermedia import PRIVATE, go_to
from app.web.messages import open_message
from app.web.milestones import history

HERE = "/informations/donnees"
TITLE = "Mon compte, mes données"
READABLE, FOR_PROGRAMS = "mes-donnees.html", "mes-donnees.json"
SEXES = {Sexe.FEMININ: "féminin", Sexe.MASCULIN: "masculin"}

LABELS: Mapping[type[BaseModel], Mapping[str, str]] = {
    Assure: {
        "prenom": "Prénom",
        "nom": "Nom",
        "naissance": "Date de naissance",
        "nir": "Numéro de sécurité sociale",
        "caisse": "Caisse (code)",
        "courriel": "Adresse e-mail",
        "telephone": "Téléphone",
        "adresse": "Adresse",
        "coordonnees_a_confirmer": "Coordonnées à confirmer",
        "adresse_a_corriger": "Adresse à corriger",
        "droit_ouvert": "Droit ouvert à l'Assurance Maladie",
        "organismes": "Organismes complémentaires",
        "enfants": "Enfants",
        "familles_collectees": "Ressources déjà connues",
        "nom_naissance": "Nom de naissance",
        "prenoms": "Tous les prénoms",
        "sexe": "Sexe",
        "lieu_naissance": "Commune de naissance (code)",
        "pays_naissance": "Pays de naissance (code)",
    },
    Enfant: {
        "cle": "Repère dans ce service",
        "prenom": "Prénom",
        "nom": "Nom",
        "naissance": "Date de naissance",
        "nir": "Numéro de sécurité sociale",
    },
    OrganismeConnu: {
        "nom": "Nom",
        "gere_c2s": "Gère la C2S",
        "depuis": "Depuis",
        "actif": "Actif",
        "code": "Code",
    },
    Adresse: {
        "voie": "Numéro et rue",
        "complement": "Complément",
        "code_postal": "Code postal",
        "commune": "Ville",
    },
}


@dataclass(frozen=True)
class Device:
    """A device where the account is open. `nom` names it in the form; none for this device."""

    nom: str
    since: str
    until: str
    has_draft: bool


def donnees(ask: Ask) -> Response:
    """Show it all (GET); close a session (POST)."""
    if ask.request.method == "POST":
        return _close(ask, ask.sent.text("session"))
    demandes = demandes_of(ask.db, ask.open_session.compte_id)
    return ask.page(
        "informations/donnees.html",
        TITLE,
        ici=HERE,
        fichiers=(READABLE, FOR_PROGRAMS),
        journaux=[(demande.reference, history(journal_of(ask.db, demande))) for demande in demandes],
        appareils=list(_devices(ask)),
        gardees=[
            (demande, unless_broken(kept_until, ask.db, ask.house.ring, demande)) for demande in demandes
        ],
        fermee=ask.query.get("fait") == "fermee",
        demander=ask.query.get("appareil") if ask.query.get("fait") == ASK_FIRST else None,
        telephone=ask.caisse.telephone,
        courriels=ask.house.settings.has_news,
        retour="/informations",
    )


def name_of_device(session_id: str) -> str:
    """
    What forms and addresses call a session of this account, whatever opens or closes elsewhere.

    A digest made for that alone: it opens nothing, and says nothing of the token nor of its row.
    """
    return hashlib.sha256(f"appareil {session_id}".encode()).hexdigest()[:12]


def _devices(ask: Ask) -> Iterator[Device]:
    settings = ask.house.settings

    def shown(moment: datetime) -> str:
        local = settings.shown(moment)
        return f"{jour(local.date())} à {heure(local)}"

    for row in open_sessions(ask.db, ask.open_session.compte_id, settings.clock()):
        here = row.id == ask.open_session.id
        yield Device(
            "" if here else name_of_device(row.id),
            shown(row.ouverte_le),
            shown(row.expire_le),
            bool(row.brouillon),
        )


def _close(ask: Ask, nom: str) -> Response:
    """
    Close a session of this account, on another device; one that is closed already changes nothing.

    Where a demande has begun there, the page asks first (RGAA 11.12).
    """
    rows = open_sessions(ask.db, ask.open_session.compte_id, ask.house.settings.clock())
    for row in rows:
        if name_of_device(row.id) == nom and row.id != ask.open_session.id:
            if row.brouillon and "effacer" not in ask.sent:
                return go_to(f"{HERE}?fait={ASK_FIRST}&appareil={nom}#appareil_{nom}")
            close_session(ask.db, ask.house.shelf, row.id)
            note(Fait.DECONNEXION, mark_of(ask.house.ring, ask.open_session))
    return go_to(f"{HERE}?fait=fermee#sessions")


def copie(ask: Ask) -> Response:
    """All of it in a file: a page to read, or JSON for another service. Its name says nothing of anybody."""
    nom = ask.request.path_params["fichier"]
    if nom not in (READABLE, FOR_PROGRAMS):
        raise HTTPException(404)
    settings, ring = ask.house.settings, ask.house.ring
    mine = gather(ask.db, ring, ask.open_session.compte_id, ask.assure, ask.now, settings.clock())
    note(Fait.COPIE, mark_of(ring, ask.open_session))
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{nom}"'}
    if nom == FOR_PROGRAMS:
        return Response(mine.model_dump_json(indent=2), 200, headers, "application/json")
    return HTMLResponse(_readable(ask, mine), 200, headers)


def _readable(ask: Ask, mine: MesDonnees) -> str:
    db, ring, compte_id = ask.db, ask.house.ring, ask.open_session.compte_id
    accuses, journals, newer = {}, {}, set()
    for demande in demandes_of(db, compte_id):
        if demande.format > FORMAT:
            newer.add(demande.reference)
        if accuse := find_accuse(db, demande):
            accuses[demande.reference] = unless_broken(read_body, ring, accuse, Accuse)
            journals[demande.reference] = history(journal_of(db, demande))
    there = tuple(demande for demande in mine.demandes if demande.reference in accuses)
    return ask.house.env.get_template("mes_donnees.html").render(
        titre=TITLE,
        mes=mine.model_copy(update={"demandes": there}),
        caisse=ask.caisse,
        compte=list(lines_of(mine.compte)),
        accuses=accuses,
        journaux=journals,
        messages=[(row, unless_broken(open_message, ring, row)) for row in echanges_of(db, compte_id)],
        a_venir=newer,
        abime=any(_is_damaged(demande, newer) for demande in there),
    )


def _is_damaged(demande: MaDemande, newer: Container[str]) -> bool:
    """Something of it does not open any more. `newer`: the demandes whose answers are of a newer format."""
    lost = demande.demande is None and demande.reference not in newer
    unknown = lost or demande.gardee_jusqu_au is None
    return unknown or bool(demande.echanges_perdus) or not all(piece.nom for piece in demande.pieces)


def lines_of(model: BaseModel) -> Iterator[tuple[str, Any]]:
    """(label, value) of each field that has one; a value is text, or the lines of each thing of a list."""
    for name, label in LABELS[type(model)].items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield label, [list(lines_of(value))]
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            yield label, [list(lines_of(each)) for each in value]
        elif value not in (None, "", ()):
            yield label, _text(value)


def _text(value: object) -> str:
    if isinstance(value, Sexe):
        return SEXES[value]
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return jour(value)
    return (
        ", ".join(FAMILLES.get(part, str(part)) for part in value) if isinstance(value, tuple) else str(value)
    )
