"""`c2s assures debloquer`: let a person whose sign-in is paused try again now."""

import typer

from app.commands._console import opened, stop
from app.domain.nir import LONGUEUR_NIR, cle_correspond, defaut_du_nir, normalise_nir
from app.store.comptes import find_compte
from app.store.database import writing
from app.store.journal import Fait, mark_of_number, note
from app.store.tentatives import lift_pauses


def debloquer() -> None:
    """
    Lève les pauses de connexion d'un compte, sur tous les appareils.

    Le numéro de sécurité sociale est demandé, et ne s'affiche pas : une commande reste écrite dans l'historique.
    """
    nir = _asked()
    with opened() as (chosen, db):
        if find_compte(db, chosen.data_ring, nir) is None:
            stop("Aucun compte n'a ce numéro. Rien n'est changé. Vérifiez-le avec la personne.")
        with writing(db):
            lift_pauses(db, chosen.data_ring, nir)
        note(Fait.PAUSES_LEVEES, mark_of_number(chosen.data_ring, nir))
    typer.echo("Les pauses de ce compte sont levées. La personne peut se connecter tout de suite.")


def _asked() -> str:
    """The number typed on the terminal, with or without its key."""
    try:
        typed: str = typer.prompt(
            "Numéro de sécurité sociale (il ne s'affiche pas)",
            default="",
            show_default=False,
            hide_input=True,
        )
    except typer.Abort:
        stop("Aucun numéro n'est donné. Rien n'est changé.")
    nir = normalise_nir(typed)
    number, key = nir[:LONGUEUR_NIR], nir[LONGUEUR_NIR:]
    if defaut_du_nir(number) or (key and not cle_correspond(number, key)):
        stop(
            "Un numéro de sécurité sociale compte 13 caractères, ou 15 avec la clé. Vérifiez-le. Rien n'est changé."
        )
    return number
