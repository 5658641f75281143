"""Étape 5: three questions."""

from e2e.pages._page import PageObject, named

STAGE = "Êtes-vous sans emploi et percevez-vous en ce moment une rémunération de stage ?"
LOGEMENT = "Votre foyer est-il propriétaire de son logement ou y êtes-vous hébergé gratuitement ?"
ARRET = (
    "Êtes-vous ou avez-vous été en arrêt de travail depuis plus de 6 mois au titre de la maladie "
    "au cours des 12 derniers mois ?"
)


class Complements(PageObject):
    """Two questions for each person of 16 or more, one for the household."""

    heading = "Informations complémentaires sur les ressources de votre foyer"
    etape = 5

    def repondre(self, question: str, reponse: str, *prenoms: str) -> None:
        """The same answer for each of these people; without names, for the only person or the household."""
        if not prenoms:
            self.choose(question, reponse)
        for prenom in prenoms:
            person = self.group(question).get_by_role("group", name=named(prenom))
            self.hands.choose(person.get_by_role("radio", name=reponse))

    def tout_non(self, *prenoms: str) -> None:
        """« Non » to the three, for each of these people."""
        for question in (STAGE, ARRET):
            self.repondre(question, "Non", *prenoms)
        self.repondre(LOGEMENT, "Non")
