"""Étape 1."""

from e2e.pages._page import PageObject


class Situation(PageObject):
    """CAF number, change of family, nationality."""

    heading = "Ma situation actuelle"
    etape = 1
    caf = "J'ai un numéro d'allocataire CAF"
    numero = "Numéro d'allocataire (7 chiffres)"
    changement = "Ma situation familiale a changé au cours des 12 derniers mois"
    precision = "Précisez ce changement"
    nationalite = "Nationalité"

    def remplir(self, nationalite: str = "Française", *, caf: str = "", changement: str = "") -> None:
        """Answer the page; what is not given is left alone."""
        if caf:
            self.tick(self.caf)
            self.hands.type(self.text(self.numero), caf)
        if changement:
            self.tick(self.changement)
            self.pick(self.precision, changement)
        self.pick(self.nationalite, nationalite)
