"""Étape 2: one person, a page."""

from e2e.pages._page import PageObject


class Beneficiaire(PageObject):
    """A person to add."""

    heading = "Les personnes de mon foyer"
    adds = " : ajouter une personne"
    etape = 2
    forward = "Enregistrer cette personne"
    prenom = "Prénom"
    nom = "Nom"
    lien = "Lien de parenté"
    naissance = "Date de naissance"
    nationalite = "Nationalité"
    nir = "N° de sécurité sociale (13 chiffres)"
    cle = "Clé (2 chiffres)"
    caf = "N° Allocataire CAF"
    rsa = "Demande de RSA en cours"

    def remplir(
        self,
        prenom: str,
        nom: str,
        lien: str,
        naissance: tuple[str, str, str],
        numero: tuple[str, str],
        *,
        nationalite: str = "Française",
    ) -> None:
        """Everything that is required; `numero`: the number and its key."""
        self.hands.type(self.text(self.prenom), prenom)
        self.hands.type(self.text(self.nom), nom)
        self.pick(self.lien, lien)
        for part, typed in zip(("Jour", "Mois", "Année"), naissance, strict=True):
            self.hands.type(self.group(self.naissance).get_by_label(part), typed)
        self.pick(self.nationalite, nationalite)
        self.hands.type(self.text(self.nir), numero[0])
        self.hands.type(self.text(self.cle), numero[1])


class Correction(Beneficiaire):
    """A person to correct."""

    adds = " : modifier les informations d'une personne"
