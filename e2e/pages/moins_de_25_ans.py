"""Étape 0 bis."""

from e2e.pages._page import PageObject


class MoinsDe25Ans(PageObject):
    """May the user apply alone?"""

    heading = "Vous avez moins de 25 ans"
    enfant = "Avez-vous un enfant à charge, ou allez-vous en avoir un ?"
    couple = "Vivez-vous en couple ?"
    rsa = "Recevez-vous le RSA ou le RSA jeune actif ?"
    crous = "Recevez-vous l'aide d'urgence annuelle du Crous ?"
    toit = "Habitez-vous sous le même toit que vos parents ?"
    avis = "Êtes-vous sur le dernier avis d'impôt de vos parents ?"
    engagement_avis = "Je m'engage sur l'honneur à faire ma propre déclaration d'impôt pour l'année à venir."
    pension = "Vos parents vous versent-ils une pension alimentaire qu'ils déduisent de leurs impôts ?"

    def repondre(self, reponses: dict[str, str]) -> None:
        """Question → answer."""
        for question, reponse in reponses.items():
            self.choose(question, reponse)
