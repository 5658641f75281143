"""
L'identité pivot d'un fournisseur d'identité (FranceConnect), et le compte qu'elle désigne.

Elle ne contient jamais de NIR. Un compte n'est reconnu que si tout concorde : nom de naissance, date et sexe, premier
prénom, lieu de naissance, et ce que le NIR dit de la naissance. Au moindre doute la personne donne une fois son numéro
et son mot de passe : cela coûte une minute, ouvrir le compte d'un homonyme coûterait bien plus. [OWN]
"""

import unicodedata
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Final, TypeVar

from app.domain._fige import Fige
from app.domain.assure import Assure, Sexe
from app.domain.naissance import premier_jour
from app.domain.nir import contredit_la_naissance, est_provisoire

FRANCE: Final = "99100"
_MASCULINS: Final = frozenset("137")
_LETTRES: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
)
Cle = TypeVar("Cle", bound=Hashable)


class Pivot(Fige):
    """Ce que le fournisseur certifie d'une personne. Jour ou mois de naissance inconnu : 01."""

    nom: str  # de naissance
    prenoms: tuple[str, ...]
    naissance: date
    sexe: Sexe
    commune: str = ""  # code INSEE, vide à l'étranger
    pays: str = FRANCE  # code INSEE

    @property
    def lieu(self) -> str:
        """Le code INSEE de la commune, ou du pays si c'est à l'étranger ; vide si rien n'est dit."""
        return _lieu(self.commune, self.pays)


def cle_de_nom(texte: str) -> str:
    """Un nom ou un prénom réduit à ses lettres, sans accent ni casse : « D'Œuvre-Noël » est « doeuvrenoel »."""
    decompose = unicodedata.normalize("NFKD", texte).casefold().translate(_LETTRES)
    return "".join(signe for signe in decompose if signe.isalpha())


def sexe_de(assure: Assure) -> Sexe:
    """Le sexe de l'état civil importé ; à défaut celui du NIR."""
    return assure.sexe or _sexe_du_nir(assure.nir)


def lieu_de(assure: Assure) -> str:
    """Le lieu de naissance importé ; à défaut celui d'un NIR certifié ; sinon vide."""
    importe = _lieu(assure.lieu_naissance, assure.pays_naissance)
    return importe or ("" if est_provisoire(assure.nir) else assure.nir[5:10])


def recherche_du_pivot(pivot: Pivot) -> str:
    """Le nom de naissance, la date et le sexe, sous la forme que les comptes ont aussi ; vide sans nom lisible."""
    return _trois(pivot.nom, pivot.naissance, pivot.sexe)


def recherche_du_compte(assure: Assure) -> str:
    """
    La même forme pour un compte ; vide s'il ne peut pas être trouvé par un pivot.

    Le nom du compte peut être un nom d'usage, porté aussi par qui l'a reçu à la naissance : il ne remplace jamais le
    nom de naissance.
    """
    return _trois(assure.nom_naissance, assure.naissance, sexe_de(assure)) if lieu_de(assure) else ""


def est_reconnu(pivot: Pivot, assure: Assure) -> bool:
    """
    Ce compte est celui de cette personne, sans qu'elle donne son numéro.

    Un 1er janvier est peut-être un jour inconnu, que des homonymes ont en commun : il ne suffit jamais.
    """
    return (
        (pivot.naissance.month, pivot.naissance.day) != (1, 1)
        and recherche_du_compte(assure) == recherche_du_pivot(pivot) != ""
        and premier_prenom_concorde(pivot, assure)
        and lieu_de(assure) == pivot.lieu
        and _sexe_du_nir(assure.nir) == pivot.sexe
        and not contredit_la_naissance(assure.nir, pivot.naissance)
    )


def compte_reconnu(pivot: Pivot, comptes: Mapping[Cle, Assure]) -> Cle | None:
    """Le seul compte reconnu ; rien s'il n'y en a aucun, ou plusieurs."""
    reconnus = [cle for cle, assure in comptes.items() if est_reconnu(pivot, assure)]
    return reconnus[0] if len(reconnus) == 1 else None


def contredit(pivot: Pivot, assure: Assure) -> bool:
    """
    Ce compte, ouvert par son numéro et son mot de passe, ne peut pas être celui de cette personne.

    Le nom de naissance et le sexe d'un NIR changent en droit (loi 2022-301, articles 61-3-1 et 61-5 du Code civil)
    avant que la caisse le sache : ils ne contredisent pas. La date, le premier prénom et le sexe importé, si.
    """
    return (
        not _dates_compatibles(pivot.naissance, premier_jour(assure.naissance))
        or not premier_prenom_concorde(pivot, assure)
        or (assure.sexe is not None and assure.sexe is not pivot.sexe)
    )


def premier_prenom_concorde(pivot: Pivot, assure: Assure) -> bool:
    """
    Le premier prénom est le même ; deux personnes sans prénom ne concordent pas.

    Un fournisseur qui donne tous les prénoms en un seul texte ne dit pas où finit le premier : tous sont comparés.
    """
    connus = assure.prenoms or (assure.prenom,)
    certifie = cle_de_nom(pivot.prenoms[0]) if pivot.prenoms else ""
    if not certifie:
        return False
    return certifie == cle_de_nom(connus[0]) or (
        len(pivot.prenoms) == 1 and " " in pivot.prenoms[0] and certifie == cle_de_nom("".join(connus))
    )


def _trois(nom: str, naissance: date, sexe: Sexe) -> str:
    cle = cle_de_nom(nom)
    return f"{cle} {naissance.isoformat()} {sexe}" if cle else ""


def _sexe_du_nir(nir: str) -> Sexe:
    return Sexe.MASCULIN if nir[0] in _MASCULINS else Sexe.FEMININ


def _lieu(commune: str, pays: str) -> str:
    return commune or (pays if pays != FRANCE else "")


def _dates_compatibles(une: date, autre: date) -> bool:
    """Les mêmes, si 01 peut vouloir dire « inconnu » d'un côté ou de l'autre."""
    if une.year != autre.year:
        return False
    if une.month != autre.month:
        return any((d.month, d.day) == (1, 1) for d in (une, autre))
    return une.day == autre.day or 1 in (une.day, autre.day)
