"""La table de décision des moins de 25 ans, ligne par ligne."""

from itertools import product

import pytest

from app.domain.moins_de_25_ans import (
    Decision,
    Issue,
    MoinsDe25Ans,
    Motif,
    decide,
    engagements,
    motif,
    questions_pour,
)

LIGNES = ("enfant", "couple", "rsa", "crous", "toit", "avis", "pension")
TOUT_NON = dict.fromkeys(LIGNES, False)


def test_avant_16_ans_et_a_partir_de_25_ans_rien_n_est_demande() -> None:
    assert questions_pour(15) == questions_pour(25) == ()


@pytest.mark.parametrize("age", [16, 17])
def test_a_16_et_17_ans_seuls_les_liens_sont_demandes(age: int) -> None:
    assert questions_pour(age) == ("liens",)


@pytest.mark.parametrize("age", [18, 24])
def test_de_18_a_24_ans_chaque_engagement_suit_sa_question(age: int) -> None:
    assert questions_pour(age) == (
        "enfant",
        "couple",
        "rsa",
        "crous",
        "toit",
        "avis",
        "engagement_avis",
        "pension",
        "engagement_pension",
    )


@pytest.mark.parametrize(
    ("age", "reponses", "issue"),
    [
        pytest.param(25, MoinsDe25Ans(), Issue.CONTINUE, id="25 ans aujourd'hui"),
        pytest.param(15, MoinsDe25Ans(enfant=True), Issue.AGE, id="15 ans"),
        pytest.param(16, MoinsDe25Ans(liens=True), Issue.CONTINUE_LIENS, id="16 ans, liens rompus"),
        pytest.param(17, MoinsDe25Ans(liens=False, enfant=True), Issue.MINEUR, id="17 ans, liens gardés"),
        pytest.param(18, MoinsDe25Ans(liens=False, enfant=True), Issue.CONTINUE, id="18 ans, un enfant"),
        pytest.param(24, MoinsDe25Ans(enfant=True), Issue.CONTINUE, id="un enfant, le reste vide"),
        pytest.param(24, MoinsDe25Ans(enfant=False, couple=True, toit=True), Issue.CONTINUE, id="en couple"),
        pytest.param(24, MoinsDe25Ans(**TOUT_NON | {"rsa": True, "toit": True}), Issue.CONTINUE, id="RSA"),
        pytest.param(
            24, MoinsDe25Ans(**TOUT_NON | {"crous": True, "toit": True}), Issue.CONTINUE, id="Crous"
        ),
        pytest.param(
            24, MoinsDe25Ans(**TOUT_NON | {"toit": True}), Issue.TOIT, id="sous le toit des parents"
        ),
        pytest.param(24, MoinsDe25Ans(**TOUT_NON), Issue.CONTINUE, id="tout à non"),
        pytest.param(
            24,
            MoinsDe25Ans(**TOUT_NON | {"avis": True, "engagement_avis": True}),
            Issue.CONTINUE,
            id="avis des parents, engagement pris",
        ),
        pytest.param(
            24,
            MoinsDe25Ans(**TOUT_NON | {"avis": True, "engagement_avis": False, "pension": None}),
            Issue.AVIS,
            id="avis des parents, engagement refusé, pension vide",
        ),
        pytest.param(
            24,
            MoinsDe25Ans(**TOUT_NON | {"pension": True, "engagement_pension": True}),
            Issue.CONTINUE,
            id="pension, engagement pris",
        ),
        pytest.param(
            24,
            MoinsDe25Ans(**TOUT_NON | {"pension": True, "engagement_pension": False}),
            Issue.PENSION,
            id="pension, engagement refusé",
        ),
        pytest.param(
            24,
            MoinsDe25Ans(
                **TOUT_NON
                | {"avis": True, "engagement_avis": False, "pension": True, "engagement_pension": False}
            ),
            Issue.AVIS,
            id="deux engagements refusés, le premier décide",
        ),
    ],
)
def test_la_premiere_ligne_decisive_l_emporte(age: int, reponses: MoinsDe25Ans, issue: Issue) -> None:
    assert decide(age, reponses) == Decision(issue)


@pytest.mark.parametrize(
    ("age", "reponses", "manque"),
    [
        pytest.param(16, MoinsDe25Ans(), ("liens",), id="16 ans, liens vides"),
        pytest.param(20, MoinsDe25Ans(), LIGNES, id="tout est vide"),
        pytest.param(20, MoinsDe25Ans(couple=True), ("enfant",), id="un oui n'excuse pas un vide d'avant"),
        pytest.param(20, MoinsDe25Ans(couple=True, toit=True), ("enfant",), id="un vide d'après est excusé"),
        pytest.param(20, MoinsDe25Ans(toit=True), LIGNES[:4], id="le toit décide, le reste manque"),
        pytest.param(
            20,
            MoinsDe25Ans(**TOUT_NON | {"avis": True}),
            ("engagement_avis",),
            id="engagement sur l'avis vide",
        ),
        pytest.param(
            20,
            MoinsDe25Ans(**TOUT_NON | {"avis": True, "pension": True}),
            ("engagement_avis", "engagement_pension"),
            id="deux engagements vides",
        ),
        pytest.param(
            20,
            MoinsDe25Ans(**TOUT_NON | {"avis": None, "engagement_avis": False}),
            ("avis",),
            id="engagement sans sa question",
        ),
        pytest.param(
            20, MoinsDe25Ans(**TOUT_NON | {"pension": None}), ("pension",), id="dernière question vide"
        ),
    ],
)
def test_les_questions_encore_utiles_sont_dites(
    age: int, reponses: MoinsDe25Ans, manque: tuple[str, ...]
) -> None:
    assert decide(age, reponses) == Decision(None, manque)


@pytest.mark.parametrize(
    ("reponses", "attendus"),
    [
        pytest.param(MoinsDe25Ans(**TOUT_NON), (), id="aucun"),
        pytest.param(
            MoinsDe25Ans(**TOUT_NON | {"avis": True, "engagement_avis": True}),
            ("engagement_avis",),
            id="avis",
        ),
        pytest.param(
            MoinsDe25Ans(
                **TOUT_NON
                | {"avis": True, "engagement_avis": True, "pension": True, "engagement_pension": True}
            ),
            ("engagement_avis", "engagement_pension"),
            id="les deux",
        ),
        pytest.param(
            MoinsDe25Ans(**TOUT_NON | {"engagement_avis": True, "engagement_pension": True}),
            (),
            id="questions à non",
        ),
        pytest.param(
            MoinsDe25Ans(couple=True, avis=True, engagement_avis=True), (), id="en couple, déjà décidé"
        ),
        pytest.param(MoinsDe25Ans(toit=True, avis=True, engagement_avis=True), (), id="sous le même toit"),
        pytest.param(MoinsDe25Ans(liens=True, avis=True, engagement_avis=True), (), id="liens rompus"),
        pytest.param(
            MoinsDe25Ans(avis=True, engagement_avis=False, pension=True, engagement_pension=True),
            (),
            id="le premier refus a décidé",
        ),
    ],
)
def test_seuls_les_engagements_qui_ont_compte_sont_gardes(
    reponses: MoinsDe25Ans, attendus: tuple[str, ...]
) -> None:
    assert engagements(reponses) == attendus


@pytest.mark.parametrize(
    ("age", "reponses", "attendu"),
    [
        (16, {"liens": True}, Motif.LIENS),
        (16, {"liens": False}, None),
        (22, {"enfant": True}, Motif.ENFANT),
        (22, TOUT_NON | {"couple": True, "toit": True}, Motif.COUPLE),
        (22, TOUT_NON | {"rsa": True}, Motif.RSA),
        (22, TOUT_NON | {"crous": True, "toit": True}, Motif.CROUS),
        (22, TOUT_NON, Motif.CONDITIONS),
        (22, TOUT_NON | {"avis": True, "engagement_avis": True}, Motif.CONDITIONS),
        (22, TOUT_NON | {"avis": True, "engagement_avis": False}, None),
        (22, TOUT_NON | {"toit": True}, None),
        (22, {}, None),
        (15, {"liens": True}, None),
        (25, {"enfant": True}, None),
    ],
)
def test_le_motif_est_la_reponse_qui_a_decide(
    age: int, reponses: dict[str, bool], attendu: Motif | None
) -> None:
    assert motif(age, MoinsDe25Ans(**reponses)) is attendu


@pytest.mark.parametrize("issue", [pytest.param(issue, id=issue.value) for issue in Issue])
def test_toute_issue_qui_ne_continue_pas_bloque(issue: Issue) -> None:
    assert issue.bloque is not issue.startswith("continue")


def test_pour_toutes_les_reponses_possibles_on_decide_ou_on_dit_ce_qui_manque() -> None:
    questions = questions_pour(20)
    for valeurs in product((None, False, True), repeat=len(questions)):
        reponses = MoinsDe25Ans(**dict(zip(questions, valeurs, strict=True)))
        decision = decide(20, reponses)
        assert (decision.issue is None) is bool(decision.manque)
        assert all(getattr(reponses, question) is None for question in decision.manque)
        assert list(decision.manque) == [question for question in questions if question in decision.manque]
