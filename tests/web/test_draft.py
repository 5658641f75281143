"""The draft cookie: what fits in it, and who can open it."""

import json
import random
import string
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import BadSignature, TimestampSigner
from pydantic import create_model

from app.domain.demande import (
    Beneficiaires,
    ChoixOrganisme,
    Complements,
    Demande,
    Foyer,
    Lien,
    ModeDeGestion,
    Montants,
    Nationalite,
    OrganismesDuFoyer,
    Personne,
    Pieces,
)
from app.domain.ressources import CODES
from app.settings import Settings
from app.web import draft
from app.web.draft import COOKIE, SHAPE, Draft, DraftTooLarge, open_draft, seal_draft
from app.web.signer import signer
from tests.support.household import SITUATION

TOKEN, SECRET = "t" * 32, b"s" * 32


def _letters(hasard: random.Random, nombre: int) -> str:
    return "".join(hasard.choices(string.ascii_letters, k=nombre))


def big_household(longueur: int, personnes: int = 19) -> Demande:
    hasard = random.Random(7)
    cles = [_letters(hasard, 4).lower() for _ in range(personnes)]
    tous = ["moi", *cles]
    return Demande(
        id=_letters(hasard, 12),
        ouverte_le=date(2026, 11, 24),
        situation=SITUATION.model_copy(update={"numero_caf": "0123456"}),
        foyer=Foyer(vu=True),
        beneficiaires=Beneficiaires(
            personnes=tuple(
                Personne(
                    cle=cle,
                    prenom=_letters(hasard, longueur),
                    nom=_letters(hasard, longueur),
                    lien=Lien.AUTRE,
                    naissance=date(hasard.randint(2002, 2025), hasard.randint(1, 12), hasard.randint(1, 28)),
                    nationalite=hasard.choice(list(Nationalite)),
                    nir=f"{hasard.randint(10**12, 3 * 10**12 - 1)}",
                )
                for cle in cles
            ),
            vu=True,
        ),
        organisme=ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501"),
        organismes_du_foyer=OrganismesDuFoyer(vu=True),
        consentement="2026-11-24T10:36:12.123456+01:00",
        ressources=True,
        autres_ressources=CODES,
        montants=Montants(
            totaux={code: {cle: Decimal(hasard.randint(0, 99_999)) for cle in tous} for code in CODES},
            libelle_autres=_letters(hasard, 60),
        ),
        complements=Complements(
            stage=dict.fromkeys(tous, False), logement=True, arret=dict.fromkeys(tous, False)
        ),
        recapitulatif="a" * 16,
        pieces=Pieces(bien=True, etranger=True, figure=tuple(cles), absentes=("fonciere",), vu=True),
    )


def test_twenty_people_with_long_names_and_all_resources_fit(settings: Settings) -> None:
    value = seal_draft(settings, Draft(big_household(30), b"k" * 32), TOKEN, SECRET)
    assert len(COOKIE) + 1 + len(value) < 3_900


def test_what_would_not_fit_is_refused(settings: Settings) -> None:
    with pytest.raises(DraftTooLarge):
        seal_draft(settings, Draft(big_household(60, 40), b"k" * 32), TOKEN, SECRET)


def test_a_draft_comes_back_as_it_was(settings: Settings) -> None:
    draft = Draft(big_household(10), b"k" * 32)
    assert open_draft(settings, seal_draft(settings, draft, TOKEN, SECRET), TOKEN, SECRET) == draft


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "é" * 20])
def test_no_draft_is_made_of_nonsense(settings: Settings, broken: str) -> None:
    assert open_draft(settings, broken, TOKEN, SECRET) is None


def test_a_draft_opens_with_its_own_session_only(settings: Settings) -> None:
    value = seal_draft(settings, Draft.start(date(2026, 11, 24)), TOKEN, SECRET)
    assert open_draft(settings, value, TOKEN, SECRET) is not None
    assert open_draft(settings, value, TOKEN, b"z" * 32) is None
    assert open_draft(settings, value, "u" * 32, SECRET) is None
    assert (
        open_draft(settings, value[:40] + ("A" if value[40] != "A" else "B") + value[41:], TOKEN, SECRET)
        is None
    )
    assert open_draft(settings, value[: len(value) // 2], TOKEN, SECRET) is None


def test_the_newest_key_signs_and_all_of_them_verify(settings: Settings) -> None:
    old = settings.secret_keys[0]
    rotated = settings.model_copy(update={"secret_keys": ("n" * 64, old)})
    before = seal_draft(settings, Draft.start(date(2026, 11, 24)), TOKEN, SECRET)
    after = seal_draft(rotated, Draft.start(date(2026, 11, 24)), TOKEN, SECRET)
    assert open_draft(rotated, before, TOKEN, SECRET) is not None
    assert open_draft(settings, after, TOKEN, SECRET) is None


def test_what_was_signed_with_sha_1_is_read_and_nothing_is_signed_with_it(settings: Settings) -> None:
    before = TimestampSigner(settings.secret_keys[0], salt="c2s").sign("mot")
    now = signer(settings, "c2s").sign("mot")
    assert signer(settings, "c2s").unsign(before) == signer(settings, "c2s").unsign(now) == b"mot"
    with pytest.raises(BadSignature):
        TimestampSigner(settings.secret_keys[0], salt="c2s").unsign(now)
    with pytest.raises(BadSignature):
        signer(settings, "other").unsign(before)


PAR_DEFAUT: dict[str, Any] = {"telephone_fixe": (str | None, None)}
OBLIGATOIRE: dict[str, Any] = {"telephone_fixe": (str, ...)}


def test_a_field_added_with_a_default_keeps_the_drafts_under_way(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = seal_draft(settings, Draft(big_household(10), b"k" * 32), TOKEN, SECRET)
    monkeypatch.setattr(draft, "Demande", create_model("Demande", __base__=Demande, **PAR_DEFAUT))
    found = open_draft(settings, value, TOKEN, SECRET)
    assert found is not None
    assert found.demande.model_dump() == {**big_household(10).model_dump(), "telephone_fixe": None}


def test_a_draft_of_the_next_version_is_read_without_what_that_one_added(settings: Settings) -> None:
    """During an update, a page may come from one version and its form go to the other."""
    later = create_model("Demande", __base__=Demande, **PAR_DEFAUT)
    written = later.model_validate({**big_household(10).model_dump(), "telephone_fixe": "01 00 00 00 00"})
    found = open_draft(
        settings, seal_draft(settings, Draft(written, b"k" * 32), TOKEN, SECRET), TOKEN, SECRET
    )
    assert found is not None
    assert found.demande == big_household(10)


def test_any_other_change_is_another_shape(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    value = seal_draft(settings, Draft(big_household(10), b"k" * 32), TOKEN, SECRET)
    with monkeypatch.context() as changed:
        changed.setattr(draft, "Demande", create_model("Demande", __base__=Demande, **OBLIGATOIRE))
        assert open_draft(settings, value, TOKEN, SECRET) is None
    assert open_draft(settings, value, TOKEN, SECRET) is not None
    monkeypatch.setattr(draft, "SHAPE", "c2s brouillon v2")
    assert open_draft(settings, value, TOKEN, SECRET) is None


def test_a_draft_of_this_shape_is_read_word_for_word() -> None:
    """A draft frozen with every field in it: one renamed, gone or required since asks for another `SHAPE`."""
    frozen = (Path(__file__).parent / "brouillon_v1.json").read_bytes()
    assert SHAPE == "c2s brouillon v1", "freeze a draft of the new shape beside this one"
    assert json.loads(
        Demande.model_validate_json(frozen).model_dump_json(exclude_defaults=True)
    ) == json.loads(frozen)
