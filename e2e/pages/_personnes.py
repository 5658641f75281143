"""What the two lists of étape 2 share: people who are taken out, and put back."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, words


class Personnes(PageObject):
    """People, each with a button."""

    etape = 2

    def compte(self, personnes: int) -> str:
        """The heading that says how many they are."""
        raise NotImplementedError

    def retirer(self, prenom: str, *, restent: int) -> None:
        """Remove a person: the page says it, with how many are left, and the focus is where the user may undo it."""
        self.hands.press(self.button(f"Retirer {prenom} du foyer"))
        self.est_retire(prenom, restent=restent)

    def est_retire(self, prenom: str, *, restent: int) -> None:
        """A person has just been removed."""
        self._dit(f"{prenom} ne fait plus partie de votre foyer", restent)
        expect(self.button(f"Remettre {prenom} dans le foyer")).to_be_visible()

    def remettre(self, prenom: str, *, sont: int) -> None:
        """Put a person back."""
        self.hands.press(self.button(f"Remettre {prenom} dans le foyer"))
        self._dit(prenom, sont)
        expect(self.button(f"Retirer {prenom} du foyer")).to_be_visible()

    def _dit(self, titre: str, personnes: int) -> None:
        """The focus is on the heading of the person who left or came back, which says it."""
        expect(self.main.get_by_role("heading", name=words(titre, whole=True))).to_be_focused()
        expect(self.title_of(self.compte(personnes))).to_be_visible()
        self.check()
