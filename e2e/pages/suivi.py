"""Étape 8: where a filed demande is."""

from e2e.pages._page import OF_A_DEMANDE, PageObject


class Suivi(PageObject):
    """The states of one demande."""

    heading = "Suivre ma demande"
    told_apart = OF_A_DEMANDE
