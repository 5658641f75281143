"""The search of étape 3, as its two pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from sqlmodel import Session

from app.domain.demande import ModeDeGestion
from app.domain.saisie import chiffres_seuls, en_clair
from app.forms.form import Field, Question, Sent
from app.forms.typography import nombre, typo
from app.steps._step import RECAP, Done, Visit
from app.store.communes import departements
from app.store.lieux import Lieu, Trouble
from app.store.organismes import MOST_COUNTED, Found, find_organismes
from app.store.tables import Caisse

BY_PAGE = 5
MOST_SHOWN = 30  # « Voir plus » sends the whole list again: with more, a fragment would pass 3 000 bytes
TICKED = ("gestionnaire", "choix_organisme")  # the answers beside a search, which go along with it
LONGEST_CODE = 40  # characters of one of them
LONGEST = 200  # characters: the longest name of an organisme fits twice
SEARCH = {
    "organisme": Question(
        "Par organisme", "Tout ou partie du nom. Exemple : solidaire", kind="search", optional=True
    ),
    "ville": Question(
        "Par ville", "Nom de la ville ou code postal. Exemple : Paris ou 75001", kind="search", optional=True
    ),
    "departement": Question(
        "Par département", "Nom ou numéro. Exemple : Ain, ou 01", kind="search", optional=True
    ),
}


@dataclass(frozen=True)
class Recherche:
    """A search as its page shows it: what was typed, what was found, and the sentences about it."""

    db: Session
    caisse: Caisse
    url: str
    kept: Mapping[str, str]  # what each address of the page carries besides the search
    typed: Mapping[str, str]
    asked: bool
    asked_page: int
    mode: str = ""  # what is ticked above the search while the user goes on searching, if not sent yet
    ticked: str = ""  # and the code of the result

    @property
    def words(self) -> str:
        """What was typed, in one line."""
        return ", ".join(text for text in self.typed.values() if text)

    def above(self, who: Field) -> Field:
        """The answers above the search: a tick not sent yet, the answer kept, or else what one searches for."""
        there = self.mode in dict(who.question.choices())
        searched = ModeDeGestion.ORGANISME if self.asked and not who.error else ""
        return replace(who, value=(self.mode if there else "") or who.value or searched)

    @cached_property
    def found(self) -> Found:
        """All the results up to the page asked for."""
        if not self.words or self._too_long:
            return Found(0, (), Lieu())
        limit = min(BY_PAGE * self.asked_page, MOST_SHOWN)
        return find_organismes(
            self.db, self.typed["organisme"], self.typed["ville"], self.typed["departement"], limit
        )

    @property
    def errors(self) -> Mapping[str, str]:
        """Field → what to do about it; a search is never refused."""
        if not self.asked:
            return {}
        if too_long := self._too_long:
            return too_long
        trouble = self.found.lieu.trouble
        if trouble is None:
            return {}
        field = "departement" if trouble is Trouble.DEPARTEMENT else "ville"
        return {field: _TROUBLES[trouble].format(self.typed[field])}

    @property
    def _too_long(self) -> dict[str, str]:
        return {
            field: f"La recherche compte {nombre(len(text))} caractères. "
            f"Saisissez moins de {LONGEST} caractères."
            for field, text in self.typed.items()
            if len(text) >= LONGEST
        }

    @property
    def first_new(self) -> int:
        """The rank of the first result that « Voir plus » has just shown; 0 on the first page."""
        shown = len(self.found.rows)
        return (shown - 1) // BY_PAGE * BY_PAGE + 1 if self.asked_page > 1 and shown > BY_PAGE else 0

    @property
    def left(self) -> int:
        """How many results are not shown yet, of those we count."""
        return min(self.found.total, MOST_COUNTED) - len(self.found.rows)

    @property
    def count(self) -> str:
        """The sentence that says how many there are, or what to type first."""
        if not self.words:
            return "Remplissez un champ de recherche."
        total, shown, many = self.found.total, nombre(len(self.found.rows)), self.found.many
        if total == 0:
            return f"Aucun organisme trouvé pour « {self.words} »."
        if total == 1:
            return "1 organisme trouvé."
        number = nombre(min(total, MOST_COUNTED))
        if not self.first_new:
            found = f"{'Plus de ' if many else ''}{number} organismes trouvés"
            return f"{found}, {shown} affichés." if self.left else f"{found}."
        if self.left:
            return f"{shown} organismes affichés sur {'plus de ' if many else ''}{number}."
        return f"Les {number} organismes sont affichés."

    @property
    def rest(self) -> str:
        """Where the list has grown as far as it does: how many are not there, and what would find them."""
        if not self.left or len(self.found.rows) < MOST_SHOWN:
            return ""
        others, them = (
            (f"{nombre(self.left)} autres organismes ne sont pas affichés.", "les")
            if self.left > 1
            else ("1 autre organisme n'est pas affiché.", "le")
        )
        ville, names = self.typed["ville"], "plus de lettres du nom" if self.typed["organisme"] else "un nom"
        place = "" if chiffres_seuls(ville) else "un code postal ou " if ville else "une ville ou "
        return f"{'Plus de ' if self.found.many else ''}{others} Pour {them} voir, ajoutez {place}{names}."

    @property
    def annonce(self) -> str:
        """The announcement when the results have changed under the fields."""
        said = self.errors.values() or filter(None, [*self.notes, self.count, self.rest])
        return typo(" ".join(said)) if self.asked else ""

    @property
    def notes(self) -> list[str]:
        """What the user must be told about the place."""
        lieu, said = self.found.lieu, []
        if lieu.sans and self.found.total:
            where = "avec le code postal" if lieu.sans[0].isdigit() else "dans la ville"
            names = ", ".join(lieu.departements)
            there = (
                f"du département « {names} »"
                if len(lieu.departements) == 1
                else f"de ces départements : {names}"
            )
            said.append(f"Aucun organisme n'a d'adresse {where} « {lieu.sans} ». Voici ceux {there}.")
        if lieu.homonymes and self.found.total:
            said.append("Plusieurs villes ont ce nom. Le code postal à côté de l'adresse aide à choisir.")
        return said

    @property
    def my_departement(self) -> str:
        """The name of the département of the person's caisse, unless it is what was just searched."""
        code = self.caisse.departement
        alone = self.typed["departement"] == code and self.words == code
        return "" if alone else departements().get(code, "")

    def url_with(self, **search: object) -> str:
        """This page, with this search."""
        query = urlencode({**self.kept, **{name: value for name, value in search.items() if value}})
        return self.url + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """The search that the page shows: its form says it again, so that a refusal comes back with its results."""
        page = self.asked_page if self.asked_page > 1 else ""
        search = {**self.typed, "page": page, "rechercher": "" if self.words or not self.asked else "oui"}
        return urlencode({name: value for name, value in search.items() if value})

    @property
    def more(self) -> str:
        """Where « Voir plus » leads, as far as MOST_SHOWN: the same page, five results longer, at the first new one."""
        shown = len(self.found.rows)
        return f"{self.url_with(**self.typed, page=shown // BY_PAGE + 1)}#o_{shown + 1}"

    @property
    def in_my_departement(self) -> str:
        """The search that always finds something."""
        return f"{self.url_with(departement=self.caisse.departement)}#resultats"


_TROUBLES = {
    Trouble.DEPARTEMENT: "Ce service ne connaît pas ce département : « {} ». Saisissez son nom ou son numéro.",
    Trouble.VILLE: "Ce service ne connaît pas cette ville : « {} ». Saisissez son nom ou son code postal.",
    Trouble.VILLES: "Plusieurs villes commencent ainsi : « {} ». Saisissez le nom entier ou le code postal.",
    Trouble.AILLEURS: "Cette ville n'est pas dans le département choisi : « {} ». "
    "Gardez un seul des deux champs.",
}


def make_recherche(visit: Visit, url: str, **kept: str) -> Recherche:
    """The search that the address of this page asks for."""
    if visit.query.get("retour") == RECAP:
        kept["retour"] = RECAP
    page = visit.query.get("page", "")
    ticked = {field: _clean(visit.query.get(field, ""))[:LONGEST_CODE] for field in TICKED}
    return Recherche(
        db=visit.db,
        caisse=visit.caisse,
        url=url,
        kept=kept,
        typed={field: _clean(visit.query.get(field, "")) for field in SEARCH},
        asked=any(field in visit.query for field in (*SEARCH, "rechercher")),
        mode=ticked["gestionnaire"],
        ticked=ticked["choix_organisme"],
        asked_page=max(1, int(page)) if chiffres_seuls(page) and len(page) < 5 else 1,
    )


def shown_search(sent: Sent) -> dict[str, str]:
    """The search a form was drawn with, which its address need not say; nothing else is taken from there."""
    said = parse_qsl(sent.text("vu_recherche"))
    return {name: value for name, value in said if name in (*SEARCH, "page", "rechercher")}


def search_from_form(recherche: Recherche, visit: Visit, sent: Sent) -> Done:
    """« Rechercher » where a browser sends it with the choice (w3m): nothing is answered, what is ticked stays ticked."""
    typed = {field: _clean(sent.text(field)) for field in SEARCH}
    ticked = {field: _clean(sent.text(field))[:LONGEST_CODE] for field in TICKED}
    asked = "" if any(typed.values()) else "oui"
    url = recherche.url_with(**typed, rechercher=asked, **ticked)
    return Done(visit.dossier.demande, url=url, anchor="resultats")


def _clean(text: str) -> str:
    """One line of visible characters."""
    return "".join(sign for sign in " ".join(en_clair(text).split()) if sign.isprintable())[: LONGEST * 5]
