"""A question is declared once, and everything follows from its declaration."""

from typing import Any

import pytest

from app.demo.comptes import account_entry, make_assure
from app.domain.demande import Complements, Demande, Personne, Situation
from app.domain.dossier import Dossier
from app.domain.instantane import PersonneDeposee, Reponses
from app.forms.asked import Asked, Questionnaire
from app.forms.form import Form, Question, Sent, Value
from app.forms.kinds import PerPerson, YesNo
from app.steps import situation
from tests.conftest import TODAY
from tests.support.household import ETAPE_1, SITUATION
from tests.support.questions import TABLES


def answers_of(table: Questionnaire[Any], name: str) -> list[Any]:
    """Samples, and no answer where there may be none."""
    kind = table.asked[name].kind
    if isinstance(kind, PerPerson):
        return [{"moi": sample} for sample in kind.kind.samples()]
    none = (
        [None] if table.answers.model_fields[name].default is None and not table.asked[name].missing else []
    )
    return [*kind.samples(), *none]


CASES = [
    pytest.param(table, name, answer, id=f"{page}.{name}={answer}")
    for page, table in TABLES.items()
    for name in table.asked
    for answer in answers_of(table, name)
]


@pytest.fixture
def dossier() -> Dossier:
    """A person who is alone: each question is asked once."""
    demande = Demande(id="", ouverte_le=TODAY, situation=SITUATION)
    return Dossier(demande, make_assure(account_entry("marc"), TODAY), TODAY)


def sent_as(values: dict[str, Value]) -> Sent:
    """What a browser sends of controls that hold these values: a box that is not ticked is not sent."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in values.items():
        parts = (
            zip(("_jour", "_mois", "_annee"), value, strict=True)
            if isinstance(value, tuple)
            else (("", value),)
        )
        fields |= {f"{name}{part}": (typed,) for part, typed in parts if typed}
    return Sent(fields)


@pytest.mark.parametrize(("table", "name", "answer"), CASES)
def test_what_a_question_shows_it_reads_back(
    table: Questionnaire[Any], name: str, answer: Any, dossier: Dossier
) -> None:
    asked = table.asked[name]
    control = asked.control or name
    sent = sent_as(asked.kind.shown(control, answer))
    assert asked.kind.read(control, asked, dossier, sent) == answer
    assert sent.errors == {}


@pytest.mark.parametrize(("table", "name", "answer"), CASES)
def test_each_answer_is_told_in_its_own_words(
    table: Questionnaire[Any], name: str, answer: Any, dossier: Dossier
) -> None:
    asked = table.asked[name]
    others = [other for other in answers_of(table, name) if other != answer]
    if asked.recap:
        mine, *theirs = (list(asked.kind.lines(name, asked, dossier, one)) for one in [answer, *others])
        assert mine not in theirs
    if asked.sentence:
        assert asked.said(answer) not in map(asked.said, [o for o in others if bool(o) != bool(answer)])


class Elargie(Situation):
    """Étape 1 with one more question, Oui or Non, that may be left."""

    essai: bool | None = None


ESSAI = Asked(YesNo(), "Est-ce un essai ?", recap="Essai", optional=True)
WIDER: Questionnaire[Elargie] = Questionnaire(Elargie, {**situation.ASKED.asked, "essai": ESSAI})


def test_one_more_question_is_drawn_read_shown_told_and_sampled(dossier: Dossier) -> None:
    asked = WIDER.questions(dossier)["essai"]
    assert (asked.label, asked.kind, asked.optional) == ("Est-ce un essai ?", "yes_no", True)
    for answer, typed, told in ((True, "oui", "Oui"), (False, "non", "Non"), (None, "", "Sans réponse")):
        read = WIDER.read(dossier, sent_as({**ETAPE_1, "essai": typed}))
        answers = Elargie(**read)
        assert answers.essai is answer
        assert WIDER.values(answers)["essai"] == typed
        assert ("Essai", told, "essai_oui", "Essai") in list(WIDER.lines(dossier, answers))
        assert WIDER.answered(dossier, answers)
    assert WIDER.plainest(dossier) == Elargie.model_validate(SITUATION.model_dump())


def test_a_required_question_is_not_passed_by_a_draft_of_before(dossier: Dossier) -> None:
    required = Questionnaire(
        Elargie, {**situation.ASKED.asked, "essai": Asked(YesNo(), "?", missing="Répondez.")}
    )
    before = Elargie.model_validate(SITUATION.model_dump())
    assert not required.answered(dossier, before)
    sent = sent_as(ETAPE_1)
    required.read(dossier, sent)
    assert sent.errors == {"essai": "Répondez."}


def test_a_field_without_its_question_stops_the_start() -> None:
    with pytest.raises(TypeError, match="Elargie: a field without its question: essai"):
        Questionnaire(Elargie, situation.ASKED.asked)


def test_a_question_without_its_field_stops_the_start() -> None:
    with pytest.raises(TypeError, match="Situation: a question without its field: essai"):
        Questionnaire(Situation, {**situation.ASKED.asked, "essai": ESSAI})


def test_every_field_of_a_page_has_its_field_in_what_is_filed() -> None:
    personne = set(PersonneDeposee.model_fields)
    assert set(Situation.model_fields) <= set(Reponses.model_fields) | personne
    assert set(Complements.model_fields) <= set(Reponses.model_fields) | personne
    assert set(Personne.model_fields) <= personne


def test_no_trace_shows_what_was_typed() -> None:
    sent = Sent({"nir": ("2880399999999",)})
    again = Form.again({"nir": Question("Numéro")}, sent)
    assert again["nir"].value == "2880399999999"
    assert "2880399999999" not in f"{sent!r} {again!r}"
