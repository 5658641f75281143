"""Étape 5: everything that was answered."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, Then, words


class Recapitulatif(PageObject):
    """Every answer, with the way back to its question."""

    heading = "Récapitulatif de ma demande"
    etape = 5
    forward = "Je confirme que tout est bon"

    def montre(self, question: str, *reponses: str) -> None:
        """This line is there, with these words."""
        term = self.main.get_by_role("term").filter(has_text=words(question, whole=True))
        for reponse in reponses:
            expect(term.locator("xpath=following-sibling::dd").filter(has_text=words(reponse))).to_have_count(
                1
            )

    def modifier(self, objet: str, then: type[Then]) -> Then:
        """Correct one answer."""
        return self.follow(f"Modifier : {objet}", then)
