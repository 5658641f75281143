"""Étape 2: the children of the account."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, words


class Foyer(PageObject):
    """Who is on the account: to be taken out, or put back."""

    heading = "Composition du foyer"
    etape = 2

    def retirer(self, prenom: str, *, restent: int) -> None:
        """Take a child out: the page says it, with how many are left, and one is there to change one's mind."""
        self.button(f"Retirer {prenom} du foyer").click()
        self._dit(f"{prenom} ne fait plus partie de votre foyer", restent)
        expect(self.button(f"Remettre {prenom} dans le foyer")).to_be_visible()

    def remettre(self, prenom: str, *, sont: int) -> None:
        """Put a child back."""
        self.button(f"Remettre {prenom} dans le foyer").click()
        self._dit(prenom, sont)
        expect(self.button(f"Retirer {prenom} du foyer")).to_be_visible()

    def n_offre_rien(self) -> None:
        """Nobody can be removed, nor put back."""
        expect(self.button("Retirer")).to_have_count(0)
        expect(self.button("Remettre")).to_have_count(0)

    def _dit(self, titre: str, personnes: int) -> None:
        """The focus is on the heading of whoever left or came back, which says it."""
        expect(self.main.get_by_role("heading", name=words(titre, whole=True))).to_be_focused()
        expect(
            self.title_of(f"Mon foyer : {personnes} personne{'s' if personnes > 1 else ''}")
        ).to_be_visible()
        self.check()
