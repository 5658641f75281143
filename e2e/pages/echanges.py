"""« Mon espace d'échanges », and the accusé de réception that arrives there."""

from e2e.pages._page import OF_A_DEMANDE, PageObject

OF_A_MESSAGE = OF_A_DEMANDE + r",\s\d.+\sh\s\d\d"


class Accuse(PageObject):
    """The accusé of a complete demande."""

    heading = "Accusé de réception de votre demande de Complémentaire santé solidaire"
    told_apart = OF_A_MESSAGE


class AccuseIncomplet(PageObject):
    """The accusé that says what is missing."""

    heading = "Accusé de réception : votre demande est à compléter"
    told_apart = OF_A_MESSAGE


class Echanges(PageObject):
    """The messages."""

    heading = "Mon espace d'échanges"
