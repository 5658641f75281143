"""Put an account of the demonstration back as it was on the first day, and the failed sign-ins of a number."""

from datetime import timedelta

from sqlmodel import Session, col, delete, select

from app.demo.comptes import account_entry, make_assure
from app.demo.demandes import file_demo_demande
from app.demo.fichiers import two_page_pdf
from app.demo.state import State
from app.domain.pieces import Emplacement, Fichier
from app.store.abonnements import abonnement_of, read_abonne, subscribe
from app.store.comptes import find_demo, read_assure, write_assure
from app.store.database import writing
from app.store.liens import link, name_of, unlink
from app.store.pieces import keep_file
from app.store.quotas import AVIS, MESSAGES, NOUVELLES, forget_sent, spend
from app.store.sessions import hash_token, open_session
from app.store.tables import (
    Abonnement,
    Compte,
    Consultation,
    DemandeDeposee,
    Echange,
    EchangePdf,
    Evenement,
    Piece,
    SessionOuverte,
    TentativeConnexion,
)
from app.store.tentatives import attempt_of, count_attempt
from app.web.donnees import name_of_device
from app.web.house import House

ELSEWHERE = "ailleurs"  # the draft of the other device, which nobody reads


def put_back(db: Session, house: House, state: State) -> str:
    """
    Forget what this account has filed or changed; file again what it had filed.

    Returns what names the other device where it is open, if any.
    """
    entry = account_entry(state.compte or "")
    compte = find_demo(db, state.compte or "")
    assert compte is not None
    assert compte.id is not None
    with writing(db):
        unlink(db, compte.id, house.settings.clock())
        ids = list(db.exec(select(DemandeDeposee.id).where(DemandeDeposee.compte_id == compte.id)))
        pieces = list(db.exec(select(Piece.id).where(col(Piece.demande_id).in_(ids))))
        echanges = select(Echange.id).where(col(Echange.demande_id).in_(ids))
        pieces += list(db.exec(select(EchangePdf.id).where(col(EchangePdf.echange_id).in_(echanges))))
        db.exec(delete(EchangePdf).where(col(EchangePdf.echange_id).in_(echanges)))
        db.exec(delete(Abonnement).where(col(Abonnement.compte_id) == compte.id))
        for table in (Piece, Echange, Evenement, Consultation):
            db.exec(delete(table).where(col(table.demande_id).in_(ids)))
        db.exec(delete(DemandeDeposee).where(col(DemandeDeposee.id).in_(ids)))
        write_assure(house.ring, compte, make_assure(entry, house.settings.day()))
        compte.delie_le = None
        db.add(compte)
    for piece in pieces:
        house.shelf.remove(piece)
    send_before(db, house, state)
    link_before(db, house, state)
    if entry["demande_en_cours"]:
        file_demo_demande(db, house.settings, house.shelf, entry["cle"])
    return open_elsewhere(db, house, state)


def send_before(db: Session, house: House, state: State) -> None:
    """Forget what this account has sent within the hour, then count what a state says it has sent."""
    compte, now = find_demo(db, state.compte or ""), house.settings.clock()
    assert compte is not None
    assert compte.id is not None
    with writing(db):
        forget_sent(db, house.ring, compte.id, now)
        for quota in (MESSAGES, AVIS, NOUVELLES):
            spend(db, house.ring, compte.id, quota, now, state.envois)


def choose_news(db: Session, house: House, compte: Compte) -> str:
    """Have this account written to at its own address; what the link to stop carries."""
    assert compte.id is not None
    courriel = read_assure(house.ring, compte).courriel or ""
    subscribe(db, house.ring, compte.id, courriel, house.settings.now())
    abonnement = abonnement_of(db, compte.id)
    assert abonnement is not None
    return read_abonne(house.ring, abonnement).jeton


def link_before(db: Session, house: House, state: State) -> None:
    """Let FranceConnect open this account, if a state says so."""
    compte = find_demo(db, state.compte or "")
    if state.lie and compte is not None:
        with writing(db):
            link(
                db,
                house.ring,
                compte,
                name_of("https://exemple.invalid", compte.index_nir),
                house.settings.now(),
            )


def open_elsewhere(db: Session, house: House, state: State) -> str:
    """Open this account on another device too, and begin a demande there, if a state says so: what names that device."""
    compte, now = find_demo(db, state.compte or ""), house.settings.clock()
    assert compte is not None
    with writing(db):
        db.exec(delete(SessionOuverte).where(col(SessionOuverte.brouillon) == ELSEWHERE))
        if not state.ailleurs:
            return ""
        identity = hash_token(open_session(db, compte, now, timedelta(hours=1)))
        db.flush()
        db.get_one(SessionOuverte, identity).brouillon = ELSEWHERE
    return name_of_device(identity)


def join_files(db: Session, house: House, state: State, session_id: str, file_key: bytes) -> str:
    """Send a file for each document that a state says; the id of the last, whose bytes are gone if it says so."""
    identity = ""
    for code in state.joints:
        said = {"nom": "avis.pdf", "media": "application/pdf", "pages": 2}
        sent = Fichier.recu(Emplacement.de(code), two_page_pdf(), **said)
        kept = keep_file(db, house.shelf, session_id, file_key, sent)
        assert isinstance(kept, Fichier)
        identity = kept.id
    if state.perdu:
        house.shelf.remove(identity)
    return identity


def fail_before(db: Session, house: House, state: State, ip: str) -> None:
    """Forget the failed sign-ins of the number that a state sends, then count those it says, from this address."""
    nir, now = (state.envoi or {}).get("nir"), house.settings.clock()
    if not isinstance(nir, str):
        return
    attempt = attempt_of(house.ring, nir, ip, now)
    with writing(db):
        db.exec(delete(TentativeConnexion).where(col(TentativeConnexion.cle).in_(attempt.keys)))
        for _ in range(state.essais):
            count_attempt(db, attempt, now)
