"""Plausible answers for the people of the demonstration: as many pages as the caller asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain._fige import Fige
from app.domain.age import AGE_AVIS_PROPRE, age
from app.domain.assure import Assure
from app.domain.demande import (
    MOI,
    Beneficiaires,
    ChoixOrganisme,
    Demande,
    Foyer,
    ModeDeGestion,
    OrganismesDuFoyer,
    Personne,
    Pieces,
)
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses
from app.domain.moins_de_25_ans import MoinsDe25Ans
from app.journey import JOURNEY
from app.steps import complements, situation
from app.steps.pieces import questions
from app.steps.recapitulatif import MARK

ALONE = MoinsDe25Ans(
    enfant=False, couple=False, rsa=False, crous=False, toit=False, avis=False, pension=False
)


def answers_before(slug: str, identity: str, assure: Assure, le: date, **changed: Any) -> Demande:
    """
    The demande of a person who has just arrived at this page, having chosen the caisse and no other resource.

    `changed` gives other answers to some pages, named as the fields of `Demande`; or, in a mapping, to some of the
    questions of a page.
    """
    added = changed.get("beneficiaires", Beneficiaires()).personnes
    given = _all_pages(assure, added, le)
    for name, answers in changed.items():
        if isinstance(answers, Mapping) and isinstance(plain := given.get(name), Fige):
            given[name] = plain.model_copy(update=answers)
        else:
            given[name] = answers
    names = [row.step.name for row in JOURNEY.rows]
    known = names[: names.index(slug.replace("-", "_"))] if slug else names
    demande = Demande(
        id=identity,
        ouverte_le=given.pop("ouverte_le", le),
        **{name: value for name, value in given.items() if name in known or name in changed},
    )
    if "recapitulatif" in known and "recapitulatif" not in changed:
        mark = empreinte_des_reponses(Dossier(demande, assure, le))[:MARK]
        demande = demande.model_copy(update={"recapitulatif": mark})
    return demande


def _all_pages(assure: Assure, added: tuple[Personne, ...], le: date) -> dict[str, Any]:
    everybody = Demande(id="", ouverte_le=le, beneficiaires=Beneficiaires(personnes=added))
    dossier = Dossier(everybody, assure, le)
    people = [(MOI, assure.naissance), *((enfant.cle, enfant.naissance) for enfant in assure.enfants)]
    people += [(personne.cle, personne.naissance) for personne in added]
    asked = [cle for cle, naissance in people if age(naissance, le) >= AGE_AVIS_PROPRE]
    absent = [f"avis_{cle}" for cle in asked] + [f"rsa_{p.cle}" for p in added if p.rsa_en_cours]
    return {
        "moins_de_25_ans": ALONE,
        "situation": situation.ASKED.plainest(dossier),
        "foyer": Foyer(vu=True),
        "beneficiaires": Beneficiaires(vu=True),
        "organisme": ChoixOrganisme(
            actuel="" if assure.organismes_a_departager else None, mode=ModeDeGestion.CAISSE
        ),
        "organismes_du_foyer": OrganismesDuFoyer(vu=True),
        "consentement": datetime(le.year, le.month, le.day, 10, 36).isoformat(),  # noqa: DTZ001
        "ressources": True,
        "autres_ressources": (),
        "complements": complements.ASKED.plainest(dossier),
        "pieces": Pieces(**dict(questions.ASKED.plainest(dossier)), absentes=tuple(absent), vu=True),
    }
