"""Étape 2: the children of the account."""

from playwright.sync_api import expect

from e2e.pages._personnes import Personnes


class Foyer(Personnes):
    """Who is on the account: to be taken out, or put back."""

    heading = "Composition du foyer"

    def compte(self, personnes: int) -> str:
        return f"Mon foyer : {personnes} personne{'s' if personnes > 1 else ''}"

    def n_offre_rien(self) -> None:
        """Nobody can be removed, nor put back."""
        expect(self.button("Retirer")).to_have_count(0)
        expect(self.button("Remettre")).to_have_count(0)
