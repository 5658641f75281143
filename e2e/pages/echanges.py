"""« Mon espace d'échanges », and the accusé de réception that arrives there."""

from e2e.pages._page import PageObject


class Accuse(PageObject):
    """The accusé of a complete demande."""

    heading = "Accusé de réception de votre demande de Complémentaire santé solidaire"


class AccuseIncomplet(PageObject):
    """The accusé that says what is missing."""

    heading = "Accusé de réception : votre demande est à compléter"


class Echanges(PageObject):
    """The messages."""

    heading = "Mon espace d'échanges"
