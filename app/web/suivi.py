"""« Suivre ma demande », and « Corriger ou compléter ma demande » (CRPA L123-1), for the person who filed it."""

import secrets

from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain.pieces import Document, Fichier
from app.domain.suivi import Etat
from app.files.inspection import RefusedFile
from app.files.limits import FILES_PER_DEMANDE, FILES_PER_EMPLACEMENT
from app.forms.form import Form, Question, Sent
from app.forms.typography import heure, nombre
from app.forms.words import DOCUMENTS
from app.steps.pieces.words import ACCEPT, FORMATS, no_room, refusal
from app.store.envois import DemandeClosed, DemandeGone, TooManyFiles, add_envoi
from app.store.faults import is_no_room
from app.store.pieces import Full
from app.store.quotas import MESSAGES
from app.store.seals import unless_broken
from app.store.suivi import (
    awaited_documents,
    decision_of,
    echanges_of,
    evenements_of,
    find_accuse,
    find_demande,
)
from app.store.tables import Caisse, DemandeDeposee, Echange
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.milestones import accepted_on, decided_on, history, milestones

LONGEST_MESSAGE = 2_000  # characters
FILES = "fichier_complement"  # the field of the files; the slot they are sent for follows `fichier_`
TITLE = "Corriger ou compléter ma demande"
CLOSED = "Cette demande a reçu sa décision"
TOO_MANY = (
    f"Votre caisse a déjà reçu {FILES_PER_DEMANDE} fichiers ou presque après le dépôt de cette demande. "
    "Envoyez moins de fichiers, ou appelez le 36 46."
)
QUESTIONS = {
    "message": Question(
        "Mon message",
        f"Dites quelle réponse est à changer, et la bonne réponse. {nombre(LONGEST_MESSAGE)} caractères au plus. "
        "Exemple : la pension de Lina est 1 200 €, pas 120 €",
        kind="textarea",
        required=False,
    ),
    FILES: Question(
        "Choisir un fichier",
        f"{FORMATS}. {FILES_PER_EMPLACEMENT} fichiers au plus à la fois.",
        required=False,
    ),
}


def suivi(ask: Ask) -> Response:
    """Where a demande is, what happened to it, and what can be done now."""
    demande = _mine(ask)
    evenements = evenements_of(ask.db, demande)
    acceptation = accepted_on(demande, evenements)
    return ask.page(
        "suivi.html",
        "Suivre ma demande",
        demande=demande,
        precision=demande.reference,
        etat=Etat(demande.etat),
        etats=milestones(demande, evenements),
        evenements=history(evenements),
        decision=decided_on(demande, evenements),
        acceptation=acceptation,
        silence=acceptation is not None and ask.now.date() > acceptation,
        accuse=find_accuse(ask.db, demande),
        manquants=unless_broken(awaited_documents, ask.db, ask.house.ring, demande),
        issue=unless_broken(decision_of, ask.db, ask.house.ring, demande),
        message=_last_of_the_caisse(ask, demande),
        caisse=ask.db.get_one(Caisse, demande.caisse),
        fait=ask.query.get("fait", ""),
    )


def completer(ask: Ask) -> Response:
    """Write to the caisse and send files (POST): all of it arrives, or nothing."""
    demande = _mine(ask)
    if ask.request.method != "POST":
        new = Form(QUESTIONS, {})
        return (
            _show(ask, demande, new, secrets.token_urlsafe(12)) if demande.ouverte else _closed(ask, demande)
        )
    message, arrivals = _read(ask.sent)
    envoi = ask.sent.text("envoi")
    if ask.sent.errors:  # what no correction can mend is not to be corrected
        return _again(ask, demande, envoi, 422) if demande.ouverte else _closed(ask, demande, 409)
    if demande.ouverte and (end := ask.spend(MESSAGES)):
        limit = (
            "Beaucoup de messages en une heure",
            f"Vous avez envoyé {MESSAGES.most} messages en une heure. Votre caisse les a reçus. "
            "Celui-ci n'est pas envoyé. Son texte reste sur cette page. "
            f"Envoyez-le à partir de {heure(end)}, ou appelez le 36 46.",
        )
        return _again(ask, demande, envoi, 429, limit)
    try:
        add_envoi(
            ask.db,
            ask.house.ring,
            ask.house.shelf,
            demande,
            envoi=envoi,
            message=message,
            arrivals=arrivals,
            now=ask.now,
        )
    except DemandeGone:
        raise HTTPException(404) from None
    except DemandeClosed:
        return _closed(ask, demande, 409)
    except TooManyFiles:
        ask.sent.refuse(FILES, TOO_MANY)
        return _again(ask, demande, envoi, 422)
    except OSError as problem:
        if not is_no_room(problem):
            raise
        ask.sent.refuse(FILES, no_room(DOCUMENTS[Document.COMPLEMENT], arrivals[0].nom, Full.DISK))
        return _again(ask, demande, envoi, 422)
    return go_to(f"/suivi/{demande.reference}?fait=complement")


def _mine(ask: Ask) -> DemandeDeposee:
    demande = find_demande(ask.db, ask.open_session.compte_id, ask.request.path_params["reference"])
    if demande is None:
        raise HTTPException(404)
    return demande


def _last_of_the_caisse(ask: Ask, demande: DemandeDeposee) -> Echange | None:
    messages = echanges_of(ask.db, demande.compte_id)
    return next((m for m in messages if m.demande_id == demande.id and m.de_la_caisse), None)


def _again(
    ask: Ask, demande: DemandeDeposee, envoi: str, status: int, limit: tuple[str, str] | None = None
) -> Response:
    return _show(ask, demande, Form.again(QUESTIONS, ask.sent), envoi, status, limit)


def _show(
    ask: Ask,
    demande: DemandeDeposee,
    form: Form,
    envoi: str,
    status: int = 200,
    limit: tuple[str, str] | None = None,
) -> Response:
    return ask.page(
        "completer.html",
        TITLE,
        status,
        form=form,
        envoi=envoi,
        demande=demande,
        precision=demande.reference,
        manquants=unless_broken(awaited_documents, ask.db, ask.house.ring, demande),
        limite=limit,
        accept=ACCEPT,
        fichiers=FILES,
        refus=[message for name, message in form.errors.items() if name.startswith(FILES)],
        a_rechoisir=bool(ask.sent.files),
    )


def _closed(ask: Ask, demande: DemandeDeposee, status: int = 200) -> Response:
    """The caisse has decided: what was written meanwhile is shown to be copied, with no button that could only refuse it."""
    return ask.page(
        "demande_decidee.html",
        TITLE,
        status,
        demande=demande,
        precision=demande.reference,
        decidee=CLOSED,
        caisse=ask.db.get_one(Caisse, demande.caisse),
        message=_last_of_the_caisse(ask, demande),
        texte=ask.sent.whole("message"),
    )


def _read(sent: Sent) -> tuple[str, list[Fichier]]:
    """
    The message, and the good files.

    A file that is named after a document of étape 6 comes from no form of ours: it is left, or it would be counted
    among none and pass for a document of the deposit.
    """
    sent.files = [file for file in sent.files if file.emplacement == Document.COMPLEMENT]
    message = sent.whole("message")
    if len(message) > LONGEST_MESSAGE:
        sent.refuse(
            "message",
            f"Le message compte {nombre(len(message))} caractères. "
            f"Saisissez {nombre(LONGEST_MESSAGE)} caractères au plus.",
        )
    arrivals = _read_files(sent)
    if not message and not sent.files:
        sent.refuse(
            "message",
            "Saisissez un message ou joignez un fichier.",
        )
    if len(sent.files) > FILES_PER_EMPLACEMENT:
        sent.refuse(
            FILES,
            f"Vous avez choisi {len(sent.files)} fichiers. Envoyez {FILES_PER_EMPLACEMENT} fichiers au plus à la fois.",
        )
    return message, arrivals


def _read_files(sent: Sent) -> list[Fichier]:
    """The good files; each of the others is refused by its name."""
    arrivals = []
    for rank, file in enumerate(sent.files):
        match file:
            case Fichier():
                arrivals.append(file)
            case RefusedFile():
                sentence = refusal(DOCUMENTS[Document.COMPLEMENT], file.nom, file)
                sent.refuse(f"{FILES}_{rank}" if FILES in sent.errors else FILES, sentence, at=FILES)
    return arrivals
