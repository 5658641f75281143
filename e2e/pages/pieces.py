"""Étape 6."""

from playwright.sync_api import FilePayload, Locator, expect

from e2e.pages._page import PageObject, words

AVIS = "Avis d'impôt"
BIEN = "Mon foyer dispose d'un bien immobilier non-loué ou d'un terrain bâti ou non bâti ?"
ETRANGER = "J'ai résidé à l'étranger au cours des 12 derniers mois ?"
ABSENT = "Je n'ai pas ce document"
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "HEIC": "image/heic"}


class Pieces(PageObject):
    """The documents, and two questions."""

    heading = "Mes pièces justificatives"
    etape = 6

    def choisir(self, document: str, nom: str, contenu: bytes) -> None:
        """Choose a file for a document; it leaves with the next button, or at once with scripts."""
        self.choisir_plusieurs(document, (nom, contenu))

    def choisir_plusieurs(self, document: str, *fichiers: tuple[str, bytes]) -> None:
        """Choose several files at once for a document."""
        payloads: list[FilePayload] = [
            {"name": nom, "mimeType": KINDS[nom.rpartition(".")[2]], "buffer": contenu}
            for nom, contenu in fichiers
        ]
        self.hands.attach(self.champ(document), payloads)

    def champ(self, document: str) -> Locator:
        return self.group(document).get_by_label("Choisir un fichier")

    def envoyer(self, document: str, nom: str, contenu: bytes) -> None:
        """Choose a file and send it: it is on the page, with its name."""
        self.choisir(document, nom, contenu)
        if not self.a_des_scripts():
            self.hands.press(self.group(document).get_by_role("button", name=words("Envoyer ce fichier")))
        self.recu(document, nom)
        self.check()

    def refuse_le_fichier(self, message: str) -> None:
        """The file just chosen is refused: in its document at once, or by « Suivant » where no script runs."""
        if self.a_des_scripts():
            self.says(message)
        else:
            self.button(self.forward).click()
            self.says("Fichier refusé", message)

    def recu(self, document: str, nom: str) -> None:
        """The file is there: it can be seen and removed."""
        group = self.group(document)
        expect(group.get_by_role("link", name=words(f"Voir le fichier {nom}"))).to_be_visible()
        expect(group.get_by_role("button", name=words(f"Supprimer le fichier {nom}"))).to_be_visible()

    def suppression(self, nom: str) -> Locator:
        return self.button(f"Supprimer le fichier {nom}")

    def a_des_scripts(self) -> bool:
        """Files leave as soon as they are chosen, and documents appear as soon as they are asked for."""
        found: bool = self.tab.evaluate("document.documentElement.classList.contains('direct')")
        return found

    def demande(self, document: str) -> "Pieces":
        """Come to where an answer asks for this document: at once, or by « Suivant » where no script runs."""
        page = self if self.a_des_scripts() else self.suivant(Pieces)
        expect(page.group(document)).to_be_visible()
        return page

    def repondre(self, question: str, reponse: str) -> None:
        """Oui or Non."""
        self.choose(question, reponse)

    def absent(self, document: str, absent: bool = True) -> None:
        """« Je n'ai pas ce document »."""
        self.tick(f"{ABSENT} : {document}", absent)

    def figure_sur_mon_avis(self, prenom: str) -> None:
        """This person needs no avis."""
        self.tick(f"{prenom} figure sur mon avis d'imposition")
