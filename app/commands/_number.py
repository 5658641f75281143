"""An account, named by a number that is typed: a command line stays in the history of the terminal."""

import typer
from sqlmodel import Session

from app.commands._console import stop
from app.domain.nir import LONGUEUR_NIR, cle_correspond, defaut_du_nir, normalise_nir
from app.settings import Settings
from app.store.comptes import find_compte, hold_compte
from app.store.tables import Compte


def account_of(db: Session, chosen: Settings, nir: str, *, to_write: bool = False) -> Compte:
    """The account of this number, or the command stops there. `to_write`: within a transaction."""
    compte = (hold_compte if to_write else find_compte)(db, chosen.data_ring, nir)
    if compte is None:
        stop("Aucun compte n'a ce numéro. Rien n'est changé. Vérifiez-le avec la personne.")
    return compte


def asked(*, whole: bool = False) -> str:
    """The number typed on the terminal, with or without its key; `whole`: with it, which no single slip passes."""
    what = "Numéro de sécurité sociale" + (" et sa clé" if whole else "")
    try:
        typed: str = typer.prompt(
            f"{what} (il ne s'affiche pas)",
            default="",
            show_default=False,
            hide_input=True,
        )
    except typer.Abort:
        stop("Aucun numéro n'est donné. Rien n'est changé.")
    nir = normalise_nir(typed)
    number, key = nir[:LONGUEUR_NIR], nir[LONGUEUR_NIR:]
    if defaut_du_nir(number) or ((key or whole) and not cle_correspond(number, key)):
        compte = "15 caractères avec la clé" if whole else "13 caractères, ou 15 avec la clé"
        stop(f"Un numéro de sécurité sociale compte {compte}. Vérifiez-le. Rien n'est changé.")
    return number
