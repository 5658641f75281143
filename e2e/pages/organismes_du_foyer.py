"""Étape 3: the same organisme for all, or one a person."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, named
from e2e.pages.organisme import OrganismeDUnePersonne


class OrganismesDuFoyer(PageObject):
    """Each person with an organisme."""

    heading = "Organisme de chaque personne"
    etape = 3
    meme = "Je souhaite conserver le même organisme complémentaire pour l'ensemble de mon foyer."

    def changer(self, prenom: str) -> OrganismeDUnePersonne:
        """Choose another for this person."""
        self.main.locator("summary").filter(
            has_text="Personne par personne"
        ).click()  # while all have the same
        return self.follow(f"Modifier : organisme gestionnaire, {prenom}", OrganismeDUnePersonne)

    def de(self, prenom: str, organisme: str) -> None:
        """This person's organisme is this one."""
        card = self.main.get_by_role("listitem").filter(
            has=self.tab.get_by_role("heading", name=named(prenom))
        )
        expect(card).to_contain_text(organisme)
