"""Étape 2: the people the user adds."""

from playwright.sync_api import expect

from e2e.pages._personnes import Personnes
from e2e.pages.beneficiaire import Beneficiaire, Correction


class Beneficiaires(Personnes):
    """The list of those who were added."""

    heading = "Les personnes de mon foyer"

    def compte(self, personnes: int) -> str:
        return f"Personnes ajoutées : {personnes}"

    def ajouter(self) -> Beneficiaire:
        """One more person."""
        return self.follow("Ajouter une personne", Beneficiaire)

    def modifier(self, prenom: str) -> Correction:
        """Correct the answers about a person."""
        return self.follow(f"Modifier : {prenom}", Correction)

    def liste(self, *prenoms: str) -> None:
        """These people have been added, in this order."""
        expect(self.title_of(self.compte(len(prenoms)))).to_be_visible()
        expect(self.main.get_by_role("heading", level=3)).to_have_text(list(prenoms))
