"""Whatever is answered is filed, and whatever is required is asked of a draft under way: a new field is not forgotten."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette

from app.demo.reponses import answers_before
from app.domain import demande as reponses
from app.domain._fige import Fige
from app.domain.assure import Assure
from app.domain.demande import (
    Beneficiaires,
    ChoixOrganisme,
    Demande,
    Foyer,
    ModeDeGestion,
    Montants,
    OrganismesDuFoyer,
    Personne,
    Pieces,
)
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_de_la_demande
from app.domain.moins_de_25_ans import MoinsDe25Ans
from app.domain.ressources import CODES
from app.journey import JOURNEY
from app.steps._step import Step
from app.steps.accuse import accuse_body
from app.store.caisses import read_caisse
from app.store.database import reading
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.drafts import current, put
from tests.support.household import compte_de, une_personne
from tests.support.questions import TABLES, otherwise, table_of
from tests.support.walk import every

BY_HAND: dict[type[Fige], dict[str, Any]] = {  # what no table asks
    Foyer: {"retires": ("k7qd",), "en_garde_alternee": ("k7qd",), "pas_en_garde_alternee": ("k7qd",)},
    Beneficiaires: {"personnes": (), "retires": ("jjjj",)},
    Personne: {"nir": "1130599999998"},
    ChoixOrganisme: {"mode": ModeDeGestion.CAISSE, "code": "DEMO-7501"},
    OrganismesDuFoyer: {"choix": {"k7qd": "DEMO-7501"}},
    Montants: {
        "totaux": {"autres": dict.fromkeys(("moi", "k7qd", "m3xw", "jjjj"), Decimal(7))},
        "libelle_autres": "un gain",
    },
    Pieces: {"figure": ("m3xw",)},
}
NOT_FILED = {
    (Foyer, "vu"): "the page has been seen",
    (Beneficiaires, "vu"): "the page has been seen",
    (OrganismesDuFoyer, "vu"): "the page has been seen",
    (Pieces, "vu"): "the page has been seen",
    (Pieces, "absentes"): "what is filed is the list of what is missing, with or without the box",
    (OrganismesDuFoyer, "meme"): "each person is filed with the organisme that follows from it",
    (Personne, "cle"): "a name drawn at random",
    (ChoixOrganisme, "actuel"): "it opens a choice; the choice is filed",
}
NOT_TOLD = {
    (Pieces, "bien"): "étape 6 comes after the récapitulatif; the documents it opens are on the accusé",
    (Pieces, "etranger"): "étape 6 comes after the récapitulatif; the document it opens is on the accusé",
    (Pieces, "figure"): "étape 6 comes after the récapitulatif; the accusé says which avis is missing",
}
KNOWN = [kind for kind in vars(reponses).values() if isinstance(kind, type) and issubclass(kind, Fige)]
PAGES = [  # the classes of answers that no other extends
    kind
    for kind in KNOWN
    if kind not in (Fige, Demande, MoinsDe25Ans)
    and not any(other in KNOWN for other in kind.__subclasses__())
]
CASES = [
    pytest.param(kind, nom, id=f"{kind.__name__}.{nom}")
    for kind in PAGES
    for table in [table_of(kind)]
    for nom in [*(table.asked if table else ()), *BY_HAND.get(kind, ())]
]


@pytest.fixture
def assure(service: Starlette) -> Assure:
    return compte_de(service, "nadia")


@pytest.fixture
def dossier(assure: Assure) -> Dossier:
    """Nadia, her children, Jules; and a sum of money for each."""
    everybody = ("moi", "k7qd", "m3xw", "jjjj")
    demande = answers_before(
        "",
        "identite",
        assure,
        TODAY,
        beneficiaires=Beneficiaires(personnes=(une_personne("jjjj", nir="1130599999999"),), vu=True),
        organisme=ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-9301"),
        organismes_du_foyer=OrganismesDuFoyer(meme=False, vu=True),
        autres_ressources=("autres",),
        montants=Montants(
            totaux={"autres": dict.fromkeys(everybody, Decimal(85))}, libelle_autres="une vente"
        ),
    )
    return Dossier(demande, assure, TODAY)


def replaced(demande: Demande, kind: type[Fige], changes: dict[str, Any]) -> Demande:
    """The same answers, but for these fields of this class."""
    if kind is Personne:
        (jules,) = demande.beneficiaires.personnes
        changes = {"personnes": (jules.model_copy(update=changes),)}
        kind = Beneficiaires
    name = page_of(demande, kind)
    page: BaseModel = getattr(demande, name)
    return demande.model_copy(update={name: page.model_copy(update=changes)})


def page_of(demande: Demande, kind: type[Fige]) -> str:
    """The field of `Demande` that holds the answers of this class."""
    (name,) = (name for name in Demande.model_fields if type(getattr(demande, name)) is kind)
    return name


def answer_of(demande: Demande, kind: type[Fige], nom: str) -> Any:
    if kind is Personne:
        (jules,) = demande.beneficiaires.personnes
        return getattr(jules, nom)
    return getattr(getattr(demande, page_of(demande, kind)), nom)


def other_answer(dossier: Dossier, kind: type[Fige], nom: str) -> Any:
    """How this field may differ from what the dossier says."""
    if nom in BY_HAND.get(kind, {}):
        return BY_HAND[kind][nom]
    table = table_of(kind)
    assert table is not None
    return otherwise(table.asked[nom].kind, answer_of(dossier.demande, kind, nom), dossier)


def test_each_field_is_asked_or_says_here_how_it_may_differ_or_why_it_is_not_filed() -> None:
    fields = {(kind, nom) for kind in PAGES for nom in kind.model_fields}
    assert fields == {tuple(case.values) for case in CASES} | NOT_FILED.keys()


@pytest.mark.parametrize(("kind", "nom"), CASES)
def test_what_is_answered_is_filed(dossier: Dossier, kind: type[Fige], nom: str) -> None:
    other = dossier.avec(replaced(dossier.demande, kind, {nom: other_answer(dossier, kind, nom)}))
    assert empreinte_de_la_demande(other) != empreinte_de_la_demande(dossier), (
        f"{kind.__name__}.{nom} is asked and not filed: a household answers in SituationDuFoyer, "
        "ComplementsDuFoyer or QuestionsDesPieces, a person in SituationDUnePersonne"
    )


@pytest.mark.parametrize(("kind", "nom"), CASES)
def test_what_is_answered_is_on_the_recapitulatif_and_the_accuse(
    service: Starlette, dossier: Dossier, kind: type[Fige], nom: str
) -> None:
    other = dossier.avec(replaced(dossier.demande, kind, {nom: other_answer(dossier, kind, nom)}))
    differs = told(service, other)["declare"] != told(service, dossier)["declare"]
    assert differs == ((kind, nom) not in NOT_TOLD), f"{kind.__name__}.{nom}"
    if (kind, nom) in NOT_TOLD:
        assert told(service, other)["manquants"] != told(service, dossier)["manquants"], nom


def told(service: Starlette, dossier: Dossier) -> Mapping[str, Any]:
    """What the accusé de réception says: its `declare` is the récapitulatif, as text."""
    house, now = service.state.house, datetime.combine(TODAY, time(10, 36), UTC)
    with reading(house.engine) as db:
        caisse = read_caisse(db.connection(), dossier.assure.caisse)
        return accuse_body(db, caisse, dossier, "C2S-2025-000001", now)


@pytest.mark.parametrize(
    ("kind", "nom"), [case for case in CASES if case.values != (Beneficiaires, "personnes")]
)
def test_modifier_then_suivant_keeps_the_answer(
    client: Browser, service: Starlette, dossier: Dossier, kind: type[Fige], nom: str
) -> None:
    """The page shows again the answer that is stored, and reads back what it shows."""
    client.start("nadia")
    identity = current(client, service).demande.id
    answered = replaced(dossier.demande, kind, {nom: other_answer(dossier, kind, nom)}).model_copy(
        update={"id": identity}
    )
    put(client, service, answered)
    page = page_of(answered, Beneficiaires if kind is Personne else kind).replace("_", "-")
    client.get(f"/demande/{page}/jjjj" if kind is Personne else f"/demande/{page}")
    confirmed = {"nir_confirme": "oui"} if kind is Personne else every(client, "pas_", "oui")
    client.press("Enregistrer cette personne" if kind is Personne else "Suivant", confirmed)
    assert client.page.status == 200, client.page.errors
    after = current(client, service).demande
    assert answer_of(after, kind, nom) == answer_of(answered, kind, nom), f"{kind.__name__}.{nom} is lost"


@pytest.mark.parametrize(
    ("nom", "autre"),
    [
        ("consentement", "2026-11-20T09:00:00"),
        ("autres_ressources", CODES[:2]),
        ("organismes_du_foyer", OrganismesDuFoyer(meme=True, vu=True)),
        ("moins_de_25_ans", MoinsDe25Ans(enfant=False, couple=False, rsa=False, crous=False, toit=False, avis=True,
                                     engagement_avis=True, pension=False)),
    ],
)  # fmt: skip
def test_modifier_then_suivant_keeps_the_page(
    client: Browser, service: Starlette, dossier: Dossier, nom: str, autre: Any
) -> None:
    """The answers that the fields above do not cover: a whole page each."""
    client.start("leo" if nom == "moins_de_25_ans" else "nadia")
    identity = current(client, service).demande.id
    answered = dossier.demande.model_copy(update={nom: autre, "id": identity})
    put(client, service, answered)
    client.get(f"/demande/{nom.replace('_', '-')}")
    client.press("Suivant")
    assert client.page.status == 200, client.page.errors
    assert getattr(current(client, service).demande, nom) == autre


def test_a_draft_from_before_a_required_question_comes_back_to_it(
    client: Browser, service: Starlette, dossier: Dossier
) -> None:
    """What a page asks by the name of a field, and says is required, is not passed while that field is empty."""
    client.start("nadia")
    identity, found = current(client, service).demande.id, []
    for step, nom in _left_empty(dossier.demande):
        before = replaced(dossier.demande, type(getattr(dossier.demande, step.name)), {nom: None})
        put(client, service, before.model_copy(update={"id": identity}))
        if nom in [field.removesuffix("_oui") for field in client.post(step.url, {}).error_fields()]:
            found.append(nom)
            assert client.get("/demande/validation").path == step.url, f"`answered` does not look at {nom}"
    required = [
        nom
        for step, nom in _left_empty(dossier.demande)
        if nom in (table := TABLES[step.name].asked if step.name in TABLES else {})
        and table[nom].missing
        and step.name != "moins_de_25_ans"  # Nadia is older
    ]
    assert found == required
    assert {"logement", "bien", "etranger"} <= set(found)


def _left_empty(demande: Demande) -> Iterator[tuple[Step, str]]:
    """The fields that a draft may lack, each with its page."""
    for step in (row.step for row in JOURNEY.rows):
        page = getattr(demande, step.name, None)
        if isinstance(page, Fige):
            yield from (
                (step, nom) for nom, field in type(page).model_fields.items() if field.default is None
            )
