"""`c2s demandes decide` : l'état, l'événement et le message changent ensemble, et la personne le lit."""

from datetime import date

import pytest
from starlette.applications import Starlette

from app.domain.suivi import Etat
from app.store.tables import Caisse
from tests.conftest import TODAY
from tests.support.filed import database
from tests.support.runner import (
    AVIS,
    demande_of,
    done,
    events,
    file_demande,
    kept,
    last_message,
    refused,
    run,
)


def test_l_instruction_commence_sans_attendre_les_documents(service: Starlette, reference: str) -> None:
    said = done(service, "demandes", "decide", reference, "instruction")
    assert "La demande reste incomplète : les deux mois ne courent pas." in said
    demande = demande_of(service, "nadia")
    assert (demande.etat, demande.complete, demande.date_limite) == ("instruction", False, date(2026, 12, 12))
    _, body = last_message(service, reference)
    assert (body["acceptation"], body["attendus_avant"]) == (None, "2026-12-12")


def test_les_deux_mois_partent_du_dernier_document(service: Starlette, reference: str) -> None:
    done(service, "demandes", "ask", reference, *AVIS)
    done(
        service,
        "demandes",
        "decide",
        reference,
        "instruction",
        "--complete-le",
        "2026-12-03",
        today=date(2026, 12, 7),
    )
    demande = demande_of(service, "nadia")
    assert (demande.etat, demande.complete, demande.date_limite) == ("instruction", True, None)
    assert events(service, reference)[-2:] == [("caisse", "complete"), ("caisse", "instruction")]
    _, body = last_message(service, reference)
    assert (body["complete_le"], body["acceptation"]) == ("2026-12-03", "2027-02-03")
    assert "Sans réponse, acceptée le 3 février 2027" in done(service, "demandes", "show", reference)


def test_un_document_n_arrive_pas_avant_d_etre_demande(service: Starlette, reference: str) -> None:
    done(service, "demandes", "ask", reference, *AVIS)
    before = kept(service)
    late = ("--complete-le", "2026-11-23")
    said = refused(service, "demandes", "decide", reference, "instruction", *late, code=2)
    assert "entre le 24 novembre 2026, jour du dépôt ou de votre dernière demande de document" in said
    assert kept(service) == before


def test_rien_ne_change_deux_fois(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "instruction")
    before = kept(service)
    said = refused(service, "demandes", "decide", reference, "instruction")
    assert "déjà en cours d'instruction. Rien n'est changé." in said
    assert "--complete-le" in said
    assert kept(service) == before
    done(service, "demandes", "decide", reference, "instruction", "--complete-le", TODAY)
    said = refused(service, "demandes", "decide", reference, "instruction", "--complete-le", TODAY)
    assert "déjà complète" in said


@pytest.mark.parametrize(
    ("issue", "options", "etat"),
    [
        ("accord-gratuit", (), Etat.ACCORD_GRATUIT),
        ("accord-participation", (), Etat.ACCORD_PARTICIPATION),
        ("refus", ("--motif", "Vos ressources sont au-dessus du plafond."), Etat.REFUS),
    ],
)
def test_une_decision_ferme_la_demande(
    service: Starlette, reference: str, issue: str, options: tuple[str, ...], etat: Etat
) -> None:
    done(service, "demandes", "decide", reference, issue, *options)
    demande = demande_of(service, "nadia", ouverte=False)
    assert (demande.etat, demande.date_limite) == (etat, None)
    assert events(service, reference)[-1] == ("caisse", etat)
    message, body = last_message(service, reference)
    assert message.genre == etat
    assert "Commission de recours amiable" in str(body["recours"])
    before = kept(service)
    for words in (
        ("ask", reference, *AVIS),
        ("decide", reference, "instruction"),
        ("decide", reference, "accord-gratuit"),
    ):
        said = refused(service, "demandes", *words)
        assert "a déjà sa décision du 24" in said
        assert f"c2s demandes show {reference}" in said
    assert kept(service) == before


def test_le_droit_gratuit_commence_le_mois_suivant(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "accord-gratuit")
    _, body = last_message(service, reference)
    assert body["droit"] == {
        "debut": "2026-12-01",
        "fin": "2027-11-30",
        "renouvellement": ["2027-07-30", "2027-09-30"],
    }
    assert [p["prenom"] for p in body["personnes"]] == ["Nadia", "Sami", "Lina"]
    assert {p["participation"] for p in body["personnes"]} == {None}


def test_en_urgence_le_droit_commence_le_mois_du_depot(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "accord-gratuit", "--debut", "2026-11-01")
    assert last_message(service, reference)[1]["droit"]["debut"] == "2026-11-01"


@pytest.mark.parametrize("debut", ["2026-10-01", "2026-11-12", "2027-01-01"])
def test_le_droit_ne_commence_pas_n_importe_quand(service: Starlette, reference: str, debut: str) -> None:
    said = refused(service, "demandes", "decide", reference, "accord-gratuit", "--debut", debut, code=2)
    assert "du 1er novembre 2026 (urgence) au 1er décembre 2026 (règle)" in said


def test_la_participation_depend_de_l_age_et_de_la_caisse(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "accord-participation")
    _, body = last_message(service, reference)
    paid = [(p["prenom"], p["participation"]) for p in body["personnes"]]
    assert paid == [("Nadia", "14.00"), ("Sami", "8.00"), ("Lina", "8.00")]
    assert (body["payer_avant"], body["droit"]) == ("2027-02-24", None)


def test_en_alsace_moselle_la_participation_est_celle_du_regime_local(service: Starlette) -> None:
    with database(service) as db, db.begin():
        db.get(Caisse, "931").regime_local = True
    reference = file_demande(service)
    done(service, "demandes", "decide", reference, "accord-participation")
    _, body = last_message(service, reference)
    assert [p["participation"] for p in body["personnes"]] == ["4.90", "2.80", "2.80"]


def test_un_refus_donne_les_nombres_de_la_caisse(service: Starlette, reference: str) -> None:
    figures = ("--chiffres", "25 230,50/18610/25123")
    done(service, "demandes", "decide", reference, "refus", "--motif", "Trop de ressources.", *figures)
    assert last_message(service, reference)[1]["chiffres"] == {
        "ressources": "25230.50",
        "plafond_gratuit": "18610.00",
        "plafond_participation": "25123.00",
        "personnes": 3,
        "periode": ["2025-10-01", "2026-09-30"],
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Il manque DÉCISION."),
        (
            ("accord",),
            "« accord » : choisissez parmi instruction, accord-gratuit, accord-participation, refus.",
        ),
        (("refus",), "Un refus dit toujours pourquoi (CRPA, L211-2). Ajoutez --motif"),
        (("refus", "--motif", " "), "Un refus dit toujours pourquoi"),
        (("refus", "--motif", "x", "--debut", "2026-12-01"), "--debut ne va pas avec refus"),
        (
            ("refus", "--motif", "x", "--chiffres", "12/13"),
            "écrivez trois montants, par exemple 15230,50/10339/13957",
        ),
        (("refus", "--motif", "x", "--chiffres", "1.200/13/14"), "écrivez trois montants"),
        (("instruction", "--motif", "x"), "--motif ne va pas avec instruction, mais avec refus."),
        (("accord-gratuit", "--complete-le", "2026-11-20"), "--complete-le ne va pas avec accord-gratuit"),
        (("instruction", "--complete-le", "2026-11-11"), "choisissez une date entre le 12 novembre 2026"),
        (("instruction", "--complete-le", "2026-11-25"), "et aujourd'hui"),
    ],
)
def test_une_decision_mal_ecrite(
    service: Starlette, reference: str, words: tuple[str, ...], sentence: str
) -> None:
    before = kept(service)
    assert sentence in refused(service, "demandes", "decide", reference, *words, code=2)
    assert kept(service) == before


def test_une_faute_en_chemin_ne_laisse_rien(
    service: Starlette, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """État, événement et message vont ensemble, ou pas du tout."""
    before = kept(service)

    def broken(*_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("app.store.decisions.seal_body", broken)
    assert isinstance(run(service, "demandes", "decide", reference, "accord-gratuit").exception, RuntimeError)
    assert kept(service) == before
