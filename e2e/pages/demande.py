"""Étape 0: what to prepare, or what to settle first."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, Then, words


class Demande(PageObject):
    """The introduction, with its button; or the situations to settle."""

    heading = "Demande de Complémentaire santé solidaire"

    def demarrer(self, then: type[Then]) -> Then:
        """Begin, on the first page asked of this person."""
        return self.press("Je démarre ma demande", then)

    def reprendre(self, then: type[Then]) -> Then:
        """Said twice on the page: above, and at the end."""
        self.link("Reprendre ma demande").last.click()
        return then(self.window)

    def est_bloquee(self, *titres: str) -> None:
        """These situations are shown, in this order, and the user cannot start."""
        level = 3 if len(titres) > 1 else 2  # under the title that counts them
        shown = self.main.get_by_role("listitem").get_by_role("heading", level=level)
        expect(shown).to_have_text([words(titre, whole=True) for titre in titres])
        expect(self.button("Je démarre ma demande")).to_have_count(0)
