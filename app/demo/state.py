"""What a named state is: who opens which page, with what behind, and what is sent there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class _DaysBefore:
    """The day so many days before `le`, as « /delais » is asked for it: `{depot:3}` in an address."""

    le: date

    def __format__(self, days: str) -> str:
        day = self.le - timedelta(days=int(days))
        return f"depot_jour={day.day}&depot_mois={day.month}&depot_annee={day.year}"


@dataclass(frozen=True)
class State:
    """
    A state: who opens which address, with which answers so far, and what is sent there.

    `avant`: the page whose turn it is (the answers before it are given; empty: all of them; None: no draft).
    `envoi`: the fields posted, if the state is an answer to a POST. `depose`: the demande is filed first.
    `decision`: what the caisse has answered to the demande (`app/demo/messages.py`); `{message}` is its message.
    `essais`: how many sign-ins have failed before with the number that is sent.
    `envois`: how many messages, and how many notes, the account has sent within the hour.
    `decidees`: how many demandes a caisse has decided before (`app/demo/decisions.py`).
    `abonne`: the account has chosen news by e-mail; `{jeton}` is what the link to stop them carries, an old one else.
    `joints`: the documents (codes) of étape 6 that have a file; `perdu`: the last has lost its bytes, `{perdu}` is its id.
    `ailleurs`: the account is open on another device too, where a demande has begun; `{ailleurs}` names it.
    `franceconnect`: the sign-in page offers it, `lie`: and it opens this account, `arrete`: the person came by it and
    was stopped here.
    `dessine`: the status of an error page that is drawn rather than provoked; `detail`: which of them.
    `source`: the line of the document, or the article, that the state shows.
    """

    nom: str
    url: str
    source: str
    compte: str | None = "nadia"
    avant: str | None = None
    envoi: Fields | None = None
    fichiers: Sequence[tuple[str, str, Callable[[], bytes]]] = ()
    reponses: Mapping[str, Any] = field(default_factory=dict)
    statut: int = 200
    depose: bool = False
    decision: str = ""
    decidees: int = 0
    essais: int = 0
    envois: int = 0
    abonne: bool = False
    joints: Sequence[str] = ()
    perdu: bool = False
    ailleurs: bool = False
    franceconnect: bool = False
    lie: bool = False
    arrete: bool = False
    dessine: int = 0
    detail: str = ""

    @property
    def page(self) -> str:
        """The address without what follows it."""
        return self.url.split("?")[0].split("#")[0]

    def whole_url(
        self,
        le: date,
        reference: str = "",
        message: str = "",
        perdu: str = "",
        jeton: str = "",
        ailleurs: str = "",
    ) -> str:
        """
        The whole address on this day; `reference`, `message`: of the demande that the state is about.

        Where the caisse has not answered, its message is the accusé, which has the number of the demande.
        """
        accuse = f"a{reference[-6:]}"
        return self.url.format(
            depot=_DaysBefore(le),
            reference=reference,
            message=message or accuse,
            perdu=perdu,
            jeton=jeton or "ancien",
            ailleurs=ailleurs,
        )
