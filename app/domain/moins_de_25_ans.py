"""
Demander la C2S pour soi-même avant 25 ans : la table de décision.

La première ligne décisive l'emporte ; une question qui suit une ligne décisive ne compte plus.
L'ordre des lignes et la lecture « moins de 16 ans » sont [INF] ; chaque ligne cite sa source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from app.domain._fige import Fige
from app.domain.age import AGE_FIN_DE_CHARGE

AGE_DEMANDE_MINEUR: Final = 16
"""En dessous, pas de demande à titre individuel. [INF] L861-1 al. 5 ne vise que les 16 ans et plus."""

AGE_MAJORITE: Final = 18


class MoinsDe25Ans(Fige):
    """Les réponses de la page ; rien pour une question laissée vide ou non posée."""

    liens: bool | None = None
    enfant: bool | None = None
    couple: bool | None = None
    rsa: bool | None = None
    crous: bool | None = None
    toit: bool | None = None
    avis: bool | None = None
    engagement_avis: bool | None = None
    pension: bool | None = None
    engagement_pension: bool | None = None


class Issue(StrEnum):
    """La demande continue, ou la condition qui l'arrête."""

    CONTINUE = auto()
    CONTINUE_LIENS = auto()
    AGE = auto()
    MINEUR = auto()
    TOIT = auto()
    AVIS = auto()
    PENSION = auto()

    @property
    def bloque(self) -> bool:
        """La demande ne peut pas être faite à titre individuel."""
        return self not in {Issue.CONTINUE, Issue.CONTINUE_LIENS}


class Motif(StrEnum):
    """Ce qui permet de demander pour soi-même : la question dont le « Oui » décide, ou les conditions réunies."""

    LIENS = auto()  # le directeur de la caisse décide (L861-1 al. 5) : la caisse le lit dans la demande
    ENFANT = auto()
    COUPLE = auto()
    RSA = auto()
    CROUS = auto()
    CONDITIONS = auto()  # pas sous le même toit ; avis et pension : non, ou un engagement pris


@dataclass(frozen=True)
class Decision:
    """L'issue, ou les questions encore utiles restées sans réponse."""

    issue: Issue | None
    manque: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ligne:
    """Une question ; l'issue d'un « Oui », qu'un engagement peut lever, et celle d'un « Non »."""

    question: str
    si_oui: Issue
    si_non: Issue | None = None
    engagement: str | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.question, self.engagement) if self.engagement else (self.question,)

    def issue(self, reponses: MoinsDe25Ans) -> Issue | None:
        """L'issue si la ligne est décisive ; rien si l'on passe à la suivante."""
        reponse = getattr(reponses, self.question)
        if reponse and self.engagement:
            return self.si_oui if getattr(reponses, self.engagement) is False else None
        return {True: self.si_oui, False: self.si_non, None: None}[reponse]

    def manque(self, reponses: MoinsDe25Ans) -> str | None:
        """La question, ou l'engagement qu'un « Oui » appelle, si elle n'a pas de réponse."""
        utile = self.engagement if self.engagement and getattr(reponses, self.question) else self.question
        return utile if getattr(reponses, utile) is None else None


_MINEUR: Final = (
    # [LOI] L861-1 al. 5, sur décision du directeur ; traitement en ligne non documenté, « Non » bloque [INF]
    _Ligne("liens", si_oui=Issue.CONTINUE_LIENS, si_non=Issue.MINEUR),
)
_MAJEUR: Final = (
    _Ligne("enfant", si_oui=Issue.CONTINUE),  # FAQ du 07/01/2021 ; enfant à venir : texte plus ancien
    _Ligne("couple", si_oui=Issue.CONTINUE),  # notice du S3711
    _Ligne("rsa", si_oui=Issue.CONTINUE),  # FAQ du 07/01/2021
    _Ligne("crous", si_oui=Issue.CONTINUE),  # [LOI] L861-1 al. 6, arrêté du 16 mai 2014
    _Ligne("toit", si_oui=Issue.TOIT),  # étape 0 bis, R861-2 2°
    _Ligne("avis", si_oui=Issue.AVIS, engagement="engagement_avis"),  # R861-16 dernier al.
    _Ligne("pension", si_oui=Issue.PENSION, engagement="engagement_pension"),  # R861-2 3°
)


def questions_pour(age: int) -> tuple[str, ...]:
    """Ce qu'on demande à cet âge, dans l'ordre de la table, chaque engagement après sa question."""
    return tuple(question for ligne in _lignes(age) for question in ligne.questions)


def questions_utiles(age: int, reponses: MoinsDe25Ans) -> tuple[str, ...]:
    """Celles qui comptent encore : jusqu'à la première décisive, un engagement seulement après son « Oui »."""
    return tuple(
        question
        for ligne in _utiles(_lignes(age), reponses)
        for question in ligne.questions
        if question == ligne.question or getattr(reponses, ligne.question)
    )


def decide(age: int, reponses: MoinsDe25Ans) -> Decision:
    """
    Ce que la table décide.

    Un « Oui » décisif n'excuse pas une question laissée vide avant lui.
    """
    if age < AGE_DEMANDE_MINEUR:
        return Decision(Issue.AGE)
    utiles = _utiles(_lignes(age), reponses)
    manque = tuple(question for ligne in utiles if (question := ligne.manque(reponses)))
    if manque:
        return Decision(None, manque)
    return Decision(next((issue for ligne in utiles if (issue := ligne.issue(reponses))), Issue.CONTINUE))


def motif(age: int, reponses: MoinsDe25Ans) -> Motif | None:
    """Pourquoi la demande continue ; rien si elle ne continue pas, ou si la page n'est pas posée à cet âge."""
    issue = decide(age, reponses).issue
    lignes = _lignes(age)
    if issue is None or issue.bloque or not lignes:
        return None
    decisive = next((ligne.question for ligne in lignes if ligne.issue(reponses)), Motif.CONDITIONS)
    return Motif(decisive)


def engagements(reponses: MoinsDe25Ans) -> tuple[str, ...]:
    """Les engagements pris qui ont compté : aucun si une ligne d'avant a déjà décidé."""
    return tuple(
        ligne.engagement
        for ligne in _utiles(_MINEUR + _MAJEUR, reponses)
        if ligne.engagement and getattr(reponses, ligne.question) and getattr(reponses, ligne.engagement)
    )


def _utiles(lignes: Iterable[_Ligne], reponses: MoinsDe25Ans) -> tuple[_Ligne, ...]:
    """Les lignes qui comptent : jusqu'à la première décisive, comprise."""
    utiles = []
    for ligne in lignes:
        utiles.append(ligne)
        if ligne.issue(reponses):
            break
    return tuple(utiles)


def _lignes(age: int) -> tuple[_Ligne, ...]:
    if AGE_DEMANDE_MINEUR <= age < AGE_MAJORITE:
        return _MINEUR
    return _MAJEUR if AGE_MAJORITE <= age < AGE_FIN_DE_CHARGE else ()
