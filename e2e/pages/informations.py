"""« Mes informations », where blocking situations 1, 2 and 4 are solved."""

from e2e.pages._page import PageObject
from e2e.pages.demande import Demande


class Informations(PageObject):
    """What the caisse knows."""

    heading = "Mes informations"

    def revenir_a_ma_demande(self) -> Demande:
        """Everything is settled."""
        return self.follow("Revenir à ma demande", Demande)


class _Correction(PageObject):
    forward = "Enregistrer"

    def enregistrer(self) -> Informations:
        """Keep what was typed."""
        return self.suivant(Informations)


class Coordonnees(_Correction):
    """Situation 1."""

    heading = "Mes coordonnées"

    def remplir(self, *, courriel: str = "", telephone: str = "") -> None:
        """Type what is given, keep what is there."""
        if courriel:
            self.text("Adresse e-mail").fill(courriel)
        if telephone:
            self.text("Téléphone").fill(telephone)


class Adresse(_Correction):
    """Situation 4."""

    heading = "Mon adresse"

    def remplir(self, *, voie: str = "", code_postal: str = "", commune: str = "") -> None:
        """Type what is given, keep what is there."""
        for label, typed in (("Numéro et rue", voie), ("Code postal", code_postal), ("Ville", commune)):
            if typed:
                self.text(label).fill(typed)


class Organismes(_Correction):
    """Situation 2."""

    heading = "Mes organismes complémentaires"

    def choisir(self, organisme: str) -> None:
        """Say which one is right."""
        self.choose("Quel organisme complémentaire avez-vous aujourd'hui ?", organisme)
