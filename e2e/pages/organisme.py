"""Étape 3: who manages the C2S, and the search of an organisme."""

import re

from playwright.sync_api import Locator, expect

from e2e.pages._page import PageObject, Then, named

CAISSE = "Je choisis ma caisse d'Assurance Maladie comme gestionnaire de ma Complémentaire santé solidaire."
UN_ORGANISME = re.compile("^Je choisis un( autre)? organisme complémentaire")
CHAMPS = {"organisme": "Par organisme", "ville": "Par ville", "departement": "Par département"}


class Recherche(PageObject):
    """The search, wherever an organisme is chosen."""

    def rechercher(self, **champs: str) -> None:
        """Fill in « Par ville », « Par organisme », « Par département », then « Rechercher »."""
        self.ouvrir()
        for champ, texte in champs.items():
            self.hands.type(self.champ(champ), texte)
        self.hands.press(self.button("Rechercher"))
        self.resultats()

    def ouvrir(self) -> None:
        """Show the search: it goes with « un organisme », where scripts run."""
        if not self.champ("ville").is_visible():
            self.hands.choose(self.main.get_by_role("radio", name=UN_ORGANISME))

    def champ(self, nom: str) -> Locator:
        """A field of the search."""
        return self.main.get_by_role("searchbox", name=named(CHAMPS[nom]))

    def resultats(self) -> None:
        """A search has been made."""
        expect(self.title_of("Résultats")).to_be_visible()
        self.check()

    def voir_plus(self, *, affiches: int) -> None:
        """The list grows: the focus is on the first new result, and none is chosen."""
        results = self.group("Choisissez un organisme").get_by_role("radio")
        before = results.count()
        self.hands.press(self.link("Voir plus"))
        expect(results).to_have_count(affiches)
        self.check()
        expect(results.nth(before)).to_be_focused()
        expect(results.and_(self.tab.locator(":checked"))).to_have_count(0)

    def choisir(self, nom: str) -> None:
        """Tick a result."""
        self.choose("Choisissez un organisme", nom)

    def choisir_le_premier(self) -> str:
        """Tick the first result; its code."""
        first = self.group("Choisissez un organisme").get_by_role("radio").first
        self.hands.choose(first)
        return first.get_attribute("value") or ""


class Organisme(Recherche):
    """The choice of the applicant."""

    heading = "Je choisis ma Complémentaire santé solidaire"
    etape = 3
    question = "Quel organisme gestionnaire choisissez-vous ?"

    def repondre(self, option: str) -> None:
        """Choose a kind of manager."""
        self.choose(self.question, option)

    def choisir_la_caisse(self) -> None:
        """The caisse manages."""
        self.repondre(CAISSE)


class OrganismeActuel(PageObject):
    """Several organismes are recorded: which is right?"""

    heading = Organisme.heading
    etape = 3

    def designer(self, option: str) -> Organisme:
        """This one; then the choice of the manager."""
        self.choose("Lequel est le bon ?", option)
        return self.suivant(Organisme)


class OrganismeDUnePersonne(Recherche):
    """The organisme of one person of the household."""

    heading = "Organisme de chaque personne"
    etape = 3
    forward = "Enregistrer"

    def enregistrer(self, then: type[Then]) -> Then:
        """Back to the list of people."""
        return self.suivant(then)
