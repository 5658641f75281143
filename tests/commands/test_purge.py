"""`c2s purge`: what must be forgotten is, nothing else, and a trial says what it would do."""

import errno
import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func
from sqlmodel import Session, SQLModel, col, select
from starlette.applications import Starlette

from app.commands import maintenance
from app.demo.remise import choose_news
from app.domain.suivi import Etat
from app.files.folder import FolderShelf
from app.files.sealing import KeyRing
from app.files.shelf import StoreFault
from app.settings import PARIS, SESSION_LIFETIME
from app.store.abonnements import subscribe
from app.store.comptes import read_assure
from app.store.conservation import OldDemandes, erase_compte, old_demandes
from app.store.database import writing
from app.store.decisions import grant_free, grant_with_participation, refuse
from app.store.tables import Abonnement, Compte, DemandeDeposee, Echange, SessionOuverte, TentativeConnexion
from app.store.tentatives import FORGOTTEN_AFTER, Attempt, count_attempt
from tests.support import samples
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring
from tests.support.runner import done, file_demande, reference_of, run
from tests.support.waiting import ready, send
from tests.support.walk import walk_to

DECIDED = datetime(2026, 12, 10, 9, 0, tzinfo=PARIS)
DECISIONS: dict[str, Any] = {
    "gratuite": lambda db, ring, ref: grant_free(db, ring, ref, DECIDED),
    "gratuite en urgence": lambda db, ring, ref: grant_free(db, ring, ref, DECIDED, debut=date(2026, 11, 1)),
    "participation": lambda db, ring, ref: grant_with_participation(db, ring, ref, DECIDED),
    "refus": lambda db, ring, ref: refuse(db, ring, ref, DECIDED, motif="Le plafond est dépassé."),
    "sans décision": lambda *_: None,
}


def references(service: Starlette) -> set[str]:
    with database(service) as db:
        return set(db.exec(select(DemandeDeposee.reference)))


def everything(service: Starlette) -> dict[str, int]:
    """How many rows each table has, and how many files there are."""
    with database(service) as db:
        counts = {
            name: db.exec(select(func.count()).select_from(table)).one()
            for name, table in SQLModel.metadata.tables.items()
        }
    return {**counts, "fichiers": len(list(service.state.house.shelf.names()))}


def hanging_on_demandes() -> set[str]:
    """The tables whose rows belong to a demande, near or far."""
    found = {"demande"}
    tables: list[Table] = list(SQLModel.metadata.sorted_tables)
    for table in tables:  # sorted: what a table refers to comes before it
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found


@pytest.mark.parametrize(
    ("decision", "last_day"),
    [
        ("gratuite", date(2030, 12, 31)),  # the right goes from 1 January to 31 December 2027
        ("gratuite en urgence", date(2030, 10, 31)),
        ("participation", date(2030, 12, 31)),
        ("refus", date(2029, 12, 10)),
        ("sans décision", date(2029, 11, 12)),  # filed on 12 November 2026
    ],
)
def test_une_demande_s_efface_trois_ans_apres_la_fin_du_droit(
    service: Starlette, decision: str, last_day: date
) -> None:
    reference = file_demande(service)
    with database(service) as db:
        DECISIONS[decision](db, ring(service), reference)
    done(service, "purge", today=last_day)
    assert reference in references(service)
    said = done(service, "purge", today=last_day + timedelta(days=1))
    assert reference not in references(service)
    assert re.search(r"Demandes gardées trois ans après la fin du droit, effacées : [12]\.\n", said)


def test_une_decision_qui_ne_se_lit_plus_garde_sa_demande_et_n_arrete_pas_la_purge(
    service: Starlette,
) -> None:
    reference, fatou = file_demande(service), reference_of(service, "fatou")
    done(service, "demandes", "decide", reference, "accord-gratuit")
    with database(service) as db, writing(db):
        decision = db.exec(select(Echange).where(Echange.genre == Etat.ACCORD_GRATUIT)).one()
        decision.corps = decision.corps[:-1] + bytes([decision.corps[-1] ^ 1])
        db.add(decision)
    result = run(service, "purge", today=date(2040, 1, 1))
    assert result.exit_code == 1
    assert f"Demandes gardées pour l'instant : {reference}." in result.stderr
    assert "Demandes gardées trois ans après la fin du droit, effacées : 1." in result.stdout
    assert references(service) == {reference}, f"{fatou} has gone"


def test_un_compte_efface_pendant_la_purge_ne_l_arrete_pas(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_demande(service)
    house, listed = service.state.house, old_demandes

    def then_erased(db: Session, ring: KeyRing, le: date) -> OldDemandes:
        old = listed(db, ring, le)
        nadia = compte_of(db, "nadia")
        assert nadia.id is not None
        nir = read_assure(ring, nadia).nir
        erase_compte(db, house.shelf, ring, nadia.id, nir, le, house.settings.clock())
        return old

    monkeypatch.setattr(maintenance, "old_demandes", then_erased)
    done(service, "purge", today=date(2040, 1, 1))
    assert references(service) == set()


def test_des_fichiers_qui_ne_partent_pas_n_arretent_pas_la_purge(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(client, service)
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(client, "/demande/terminee")

    def down(*_: object) -> None:
        raise StoreFault(errno.EHOSTUNREACH, "does not answer")

    monkeypatch.setattr(FolderShelf, "remove", down)
    run(service, "purge", today=date(2040, 1, 1))
    assert references(service) == set()


def test_avec_elle_part_tout_ce_qui_en_depend(client: Browser, service: Starlette) -> None:
    with database(service) as db:
        choose_news(db, service.state.house, compte_of(db, "nadia"))
    ready(client, service)
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(client, "/demande/terminee")
    with database(service) as db:
        reference = db.exec(select(DemandeDeposee.reference).order_by(col(DemandeDeposee.id).desc())).first()
    client.get(f"/suivi/{reference}/completer")
    client.press(
        "Envoyer", {"message": "Voici."}, files=[("fichier_complement", ("a.pdf", samples.pdf(), ""))]
    )
    done(service, "demandes", "show", reference)
    before = everything(service)
    assert all(before[table] for table in hanging_on_demandes()), before
    assert before["fichiers"] >= 3, "two pieces and the accusé"
    kept = {name: count for name, count in before.items() if name not in hanging_on_demandes()}
    done(service, "purge", today=date(2040, 1, 1))
    after = everything(service)
    assert {name: count for name, count in after.items() if name in {*hanging_on_demandes(), "fichiers"}} == {
        **dict.fromkeys(hanging_on_demandes(), 0),
        "fichiers": 0,
    }
    assert (kept.pop("abonnement"), after["abonnement"]) == (1, 0), "nobody is written to without a demande"
    assert {name: after[name] for name in kept if name != "fichiers"} == {
        name: count for name, count in kept.items() if name != "fichiers"
    }


@pytest.mark.engines
def test_une_adresse_sans_demande_s_oublie_trois_ans_apres_le_dernier_choix(service: Starlette) -> None:
    done(service, "demandes", "decide", file_demande(service), "accord-gratuit")
    house = service.state.house
    with database(service) as db:
        for cle in ("nadia", "marc", "benoit"):
            choose_news(db, house, compte_of(db, cle))  # on 24 November 2026
        again = house.settings.now() + timedelta(days=1)
        subscribe(db, house.ring, compte_of(db, "benoit").id, "benoit@courriel.exemple.fr", again)

    def written_to() -> set[str | None]:
        with database(service) as db:
            chosen = select(Compte.demo).join(Abonnement, col(Abonnement.compte_id) == Compte.id)
            return set(db.exec(chosen))

    last_day = date(2029, 11, 24)
    assert done(service, "purge", today=last_day).endswith("oubliées : 0.\n")
    assert written_to() == {"nadia", "marc", "benoit"}
    assert done(service, "purge", today=last_day + timedelta(days=1)).endswith("oubliées : 1.\n")
    assert written_to() == {"nadia", "benoit"}, "Nadia has a demande, Benoît chose again"
    assert done(service, "purge", today=last_day + timedelta(days=2)).endswith("oubliées : 1.\n")
    assert written_to() == {"nadia"}


def test_les_sessions_terminees_et_les_essais_anciens_partent(client: Browser, service: Starlette) -> None:
    before = everything(service)
    ready(client, service)
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    clock = service.state.house.settings.clock()
    with database(service) as db, writing(db):
        count_attempt(db, Attempt("recent", ()), clock)
        count_attempt(db, Attempt("ancien", ()), clock - FORGOTTEN_AFTER - timedelta(minutes=1))
    assert done(service, "purge").splitlines()[:3] == [
        "Sessions terminées, effacées : 0. Leurs fichiers, effacés : 0.",
        "Fichiers que la base ne connaît pas, mis de côté pour un jour : 0.",
        "Compteurs d'essais de connexion et d'envois, oubliés : 1.",
    ]
    with database(service) as db, writing(db):
        kept = {row.cle for row in db.exec(select(TentativeConnexion))}
        assert "recent" in kept, "beside what this account has sent in this hour"
        assert "ancien" not in kept
        for session in db.exec(select(SessionOuverte)):
            session.expire_le -= SESSION_LIFETIME
            db.add(session)
    assert done(service, "purge").startswith("Sessions terminées, effacées : 1. Leurs fichiers, effacés : 1.")
    after = everything(service)
    assert after["session"] == after["piece_en_attente"] == 0
    assert after["fichiers"] == before["fichiers"]


def test_un_essai_dit_les_memes_nombres_et_n_efface_rien(client: Browser, service: Starlette) -> None:
    file_demande(service)
    ready(client, service, "benoit")
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    long_ago = service.state.house.settings.clock() - FORGOTTEN_AFTER * 2
    with database(service) as db:
        choose_news(db, service.state.house, compte_of(db, "benoit"))
    with database(service) as db, writing(db):
        count_attempt(db, Attempt("ancien", ()), long_ago)
        for session in db.exec(select(SessionOuverte)):
            session.expire_le = long_ago
            db.add(session)
    before = everything(service)
    trial = done(service, "purge", "--dry-run", today=date(2040, 1, 1))
    assert everything(service) == before
    assert trial.splitlines()[-1].startswith("C'est un essai : rien n'est effacé.")
    as_json = json.loads(done(service, "purge", "--dry-run", "--json", today=date(2040, 1, 1)))
    assert as_json == {
        "essai": True,
        "sessions": 1,
        "fichiers": 1,
        "mis_de_cote": 0,
        "essais": 1,
        "demandes": 2,
        "adresses": 1,
    }
    assert done(service, "purge", today=date(2040, 1, 1)).splitlines() == trial.splitlines()[:-1]
