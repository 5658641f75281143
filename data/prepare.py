"""
Refait les données publiques et fictives du dossier `data`, toujours à l'identique.

Usage : python data/prepare.py CHEMIN_DU_PAQUET

CHEMIN_DU_PAQUET est le dossier `package` obtenu en ouvrant l'archive du paquet npm
@etalab/decoupage-administratif (version et empreinte : `data/SOURCES.md`).

Lit le paquet et `data/caisses_source.csv`. Écrit `communes.csv`, `departements.csv`, `caisses.json` et
`demo/organismes.csv`. Ni réseau, ni hasard, ni date du jour : deux essais donnent les mêmes octets.
"""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent

RATTACHEMENTS = {"977": "971", "978": "971"}  # Saint-Barthélemy et Saint-Martin, cherchées avec la Guadeloupe
REGIME_LOCAL = ("57", "67", "68")  # départements d'Alsace et de Moselle
DELAI_PIECES_JOURS = 30
TELEPHONE = "36 46"  # le numéro public de l'Assurance Maladie, le seul contact qui soit vrai


class Departement(NamedTuple):
    """Un des 101 départements. `region` : son code Insee, qui choisit les organismes régionaux."""

    code: str
    nom: str
    region: str


class Commune(NamedTuple):
    """Une ville telle qu'on la cherche. `habitants` vaut 0 pour un arrondissement ou un ancien nom."""

    departement: str
    nom: str
    codes_postaux: tuple[str, ...]
    actuelle: bool
    habitants: int


class Caisse(NamedTuple):
    """Une ligne de `caisses_source.csv`."""

    code: str
    type: str
    nom: str
    departement: str
    ville: str


class Organisme(NamedTuple):
    """Un organisme complémentaire inventé."""

    nom: str
    type: str


class Implantation(NamedTuple):
    """Une adresse où un organisme inventé reçoit le public."""

    code: str
    nom: str
    adresse: str
    code_postal: str
    commune: str
    departement: str
    type: str


# --- Communes et départements -----------------------------------------------------------------------------


def lire_departements(paquet: Path) -> list[Departement]:
    """Les 101 départements. Les collectivités d'outre-mer (975, 977 et suivantes) n'en sont pas."""
    lignes = json.loads((paquet / "data" / "departements.json").read_text(encoding="utf-8"))
    return sorted(
        Departement(ligne["code"], ligne["nom"], ligne["region"])
        for ligne in lignes
        if ligne["zone"] != "com"
    )


def lire_communes(paquet: Path, departements: Iterable[Departement]) -> list[Commune]:
    """
    Les communes, les arrondissements de Paris, Lyon et Marseille, et les anciens noms.

    Un ancien nom (commune déléguée ou associée) prend les codes postaux de sa commune actuelle. Il est laissé
    quand une commune actuelle du même département porte ce nom, aux tirets près : il n'apprendrait rien.
    """
    lignes: list[dict[str, Any]] = json.loads((paquet / "data" / "communes.json").read_text(encoding="utf-8"))
    gardes = {departement.code for departement in departements} | RATTACHEMENTS.keys()
    lignes = [ligne for ligne in lignes if ligne["departement"] in gardes]
    par_code = {ligne["code"]: ligne for ligne in lignes if ligne["type"] == "commune-actuelle"}
    actuelles = [
        _commune(ligne, ligne["codesPostaux"], actuelle=ligne["type"] == "commune-actuelle")
        for ligne in lignes
        if ligne["type"] in ("commune-actuelle", "arrondissement-municipal")
    ]
    connues = {(commune.nom.replace("-", " "), commune.departement) for commune in actuelles}
    anciennes = [
        _commune(ligne, par_code[ligne["chefLieu"]]["codesPostaux"], actuelle=False)
        for ligne in lignes
        if ligne["type"] in ("commune-deleguee", "commune-associee")
        and (ligne["nom"].replace("-", " "), ligne["departement"]) not in connues
    ]
    return sorted(actuelles + anciennes)


def _commune(ligne: Mapping[str, Any], codes_postaux: Iterable[str], *, actuelle: bool) -> Commune:
    departement = RATTACHEMENTS.get(ligne["departement"], ligne["departement"])
    habitants = ligne.get("population", 0) if actuelle else 0
    return Commune(departement, ligne["nom"], tuple(sorted(codes_postaux)), actuelle, habitants)


# --- Caisses ----------------------------------------------------------------------------------------------


def lire_caisses() -> list[Caisse]:
    """La petite table des caisses : codes, noms et villes, rien d'autre."""
    with (DATA / "caisses_source.csv").open(encoding="utf-8", newline="") as fichier:
        return [Caisse(**ligne) for ligne in csv.DictReader(fichier, delimiter=";")]


def decrire_caisse(caisse: Caisse, codes_postaux: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Any]:
    """
    Une caisse avec ses coordonnées, inventées sauf le 36 46.

    `adresse` est l'adresse postale entière ; `code_postal` et `ville` la répètent pour qui veut trier.
    """
    code_postal = codes_postaux[caisse.departement, caisse.ville][0]
    adresse = f"1 rue de l'Exemple, {code_postal} {caisse.ville}"
    return {
        "code": caisse.code,
        "nom": caisse.nom,
        "departement": caisse.departement,
        "ville": caisse.ville,
        "adresse": adresse,
        "code_postal": code_postal,
        "telephone": TELEPHONE,
        "courriel": f"{caisse.type.lower()}-{caisse.code}@exemple.invalid",
        "dpo": f"Délégué(e) à la protection des données, dpo-{caisse.code}@exemple.invalid",
        "service": "Service Complémentaire santé solidaire",
        "recours": f"Commission de recours amiable, {adresse}",
        "delai_pieces_jours": DELAI_PIECES_JOURS,
        "regime_local": caisse.departement in REGIME_LOCAL,
    }


# --- Organismes de démonstration --------------------------------------------------------------------------
# Chaque nom dit qu'il est inventé (exemple, fictif, factice, inventé, imaginaire). Les graphies difficiles
# sont voulues : la recherche doit les trouver.

NATIONAUX = (
    Organisme("Mutuelle Exemple du Bleuet", "mutuelle"),
    Organisme("Prévoyance Fictive du Ponant", "prevoyance"),
    Organisme("Assurances Imaginaires & Fils", "assurance"),
    Organisme("Mutuelle Exemple des Tilleuls", "mutuelle"),
    Organisme("L'Entraide Factice", "mutuelle"),
    Organisme("MUTUELLE EXEMPLE DE L'ÉTOILE", "mutuelle"),
    Organisme("Œuvre Fictive de Prévoyance", "prevoyance"),
    Organisme("Mutuelle Solidaire Inventée", "mutuelle"),
    Organisme("Cœur d'Exemple Santé", "assurance"),
    Organisme("Mutuelle Fictive Saint-Éloi", "mutuelle"),
    Organisme("Prévoyance Exemple St-Éloi", "prevoyance"),
    Organisme("Assurance Fictive Porte-Bonheur", "assurance"),
    Organisme(
        "Mutuelle Exemple Interprofessionnelle des Métiers Imaginaires de la Mer, de la Montagne et des Vallées",
        "mutuelle",
    ),
    Organisme("Exa Fictif", "assurance"),
    Organisme("M.F.E., Mutuelle Fictive des Écoliers", "mutuelle"),
    Organisme("L’Aide Exemple", "mutuelle"),
    Organisme("Mutu'Exemple", "mutuelle"),
    Organisme("Prévoyance Factice 1901", "prevoyance"),
    Organisme("Garantie Exemple & Associés (G.E.A.)", "assurance"),
    Organisme("Mutuelle Fictive du Grand-Large", "mutuelle"),
    Organisme("Institution Inventée de Prévoyance Solidaire", "prevoyance"),
    Organisme("Assurance Inventée Noël & Zoé", "assurance"),
    Organisme("Mutuelle Exemple Solidaire et Fraternelle", "mutuelle"),
    Organisme("Mutuelle Imaginaire Ste-Cécile", "mutuelle"),
)

PAR_NOM = {organisme.nom: organisme for organisme in NATIONAUX}

# Deux par région (code Insee), trouvés seulement chez eux.
REGIONAUX: Mapping[str, tuple[Organisme, ...]] = {
    "01": (
        Organisme("Mutuelle Exemple de la Soufrière", "mutuelle"),
        Organisme("Prévoyance Factice des Deux-Ailes", "prevoyance"),
    ),
    "02": (
        Organisme("Mutuelle Fictive des Balisiers", "mutuelle"),
        Organisme("L'Entraide Imaginaire du Rocher", "mutuelle"),
    ),
    "03": (
        Organisme("Mutuelle Exemple du Fleuve", "mutuelle"),
        Organisme("Assurance Fictive de l'Oyapock", "assurance"),
    ),
    "04": (
        Organisme("Mutuelle Exemple de St Denis de la Réunion", "mutuelle"),
        Organisme("Prévoyance Inventée des Hauts", "prevoyance"),
    ),
    "06": (
        Organisme("Mutuelle Factice du Lagon", "mutuelle"),
        Organisme("Prévoyance Exemple de l'Ylang-Ylang", "prevoyance"),
    ),
    "11": (
        Organisme("Mutuelle Exemple de l'Île Imaginaire", "mutuelle"),
        Organisme("Prévoyance Fictive des Faubourgs", "prevoyance"),
    ),
    "24": (
        Organisme("Mutuelle Fictive du Val d'Exemple", "mutuelle"),
        Organisme("Assurances Factices de la Beauce & du Berry", "assurance"),
    ),
    "27": (
        Organisme("Mutuelle Exemple des Sapins", "mutuelle"),
        Organisme("Prévoyance Imaginaire du Haut-Doubs", "prevoyance"),
    ),
    "28": (
        Organisme("Mutuelle Exemple des Pommiers", "mutuelle"),
        Organisme("L'Entraide Fictive du Bocage", "mutuelle"),
    ),
    "32": (
        Organisme("Mutuelle Factice des Terrils", "mutuelle"),
        Organisme("Prévoyance Exemple de la Baie", "prevoyance"),
    ),
    "44": (
        Organisme("Mutuelle Fictive des Houblons", "mutuelle"),
        Organisme("Assurance Exemple des Cigognes", "assurance"),
    ),
    "52": (
        Organisme("Mutuelle Exemple de l'Estuaire", "mutuelle"),
        Organisme("Prévoyance Inventée du Marais", "prevoyance"),
    ),
    "53": (
        Organisme("Mutuelle Exemple des Ajoncs", "mutuelle"),
        Organisme("L'Entraide Inventée de l'Armor", "mutuelle"),
    ),
    "75": (
        Organisme("Mutuelle Fictive des Pins", "mutuelle"),
        Organisme("Prévoyance Exemple de la Dune", "prevoyance"),
    ),
    "76": (
        Organisme("Mutuelle Exemple des Violettes", "mutuelle"),
        Organisme("Assurances Imaginaires du Canal & des Écluses", "assurance"),
    ),
    "84": (
        Organisme("Mutuelle Factice des Volcans", "mutuelle"),
        Organisme("Prévoyance Exemple des Trois-Sommets", "prevoyance"),
    ),
    "93": (
        Organisme("Mutuelle Exemple du Mistral", "mutuelle"),
        Organisme("L'Entraide Factice des Calanques", "mutuelle"),
    ),
    "94": (
        Organisme("Mutuelle Fictive du Maquis", "mutuelle"),
        Organisme("Prévoyance Exemple de l'Île Rose", "prevoyance"),
    ),
}

VOIES = (
    "rue de l'Exemple",
    "avenue Imaginaire",
    "place du Modèle",
    "boulevard Fictif",
    "impasse de l'Invention",
    "rue Sans-Nom",
    "quai de la Démonstration",
    "chemin de l'Échantillon",
    "cours Factice",
)

HABITANTS_PAR_IMPLANTATION = 240_000
MINIMUM = {"13": 18, "69": 18, "75": 34}  # assez pour « Voir plus » à Paris, à Lyon et à Marseille
ARRONDISSEMENTS = ("Paris", "Lyon", "Marseille")  # leurs implantations font le tour de leurs codes postaux

# À chaque implantation, le rang de sa ville dans le département : la plus grande revient souvent, les petites
# jamais. Ainsi tout département garde des villes sans implantation.
RANGS = (0, 1, 0, 2, 3, 0, 1, 4, 0, 5, 2, 6)

# Villes ajoutées pour la recherche : (département, nom officiel, graphie écrite, organisme imposé ou rien).
GRAPHIES = (
    ("01", "Bourg-en-Bresse", "BOURG EN BRESSE", ""),
    ("22", "Saint-Brieuc", "St-Brieuc", ""),
    ("2B", "L'Île-Rousse", "L'ILE ROUSSE", ""),
    ("26", "Valence", "Valence", ""),
    ("28", "Bû", "Bû", ""),
    ("33", "Saint-Médard-en-Jalles", "ST MEDARD EN JALLES", ""),
    ("42", "Saint-Étienne", "Saint-Étienne", "Mutuelle Exemple du Bleuet"),
    ("42", "Saint-Étienne", "ST ETIENNE", ""),
    ("51", "Aÿ-Champagne", "Aÿ-Champagne", ""),
    ("54", "Vandœuvre-lès-Nancy", "VANDOEUVRE LES NANCY", ""),
    ("58", "Château-Chinon (Ville)", "Château-Chinon (Ville)", ""),
    ("59", "Villeneuve-d'Ascq", "Villeneuve d’Ascq", ""),
    ("76", "Eu", "Eu", ""),
    ("76", "Le Havre", "LE HAVRE", ""),
    ("82", "Valence", "Valence", ""),
    ("85", "L'Île-d'Yeu", "L'Île-d'Yeu", ""),
    ("85", "Les Sables-d'Olonne", "Les Sables d'Olonne", ""),
    ("91", "Sainte-Geneviève-des-Bois", "Ste Geneviève des Bois", ""),
    ("93", "Saint-Denis", "Saint-Denis", "Mutuelle Exemple des Tilleuls"),
    ("94", "L'Haÿ-les-Roses", "L'Haÿ-les-Roses", ""),
    ("94", "L'Haÿ-les-Roses", "L'HAY LES ROSES", ""),
    ("95", "Us", "Us", ""),
    ("971", "Saint-Martin", "Saint-Martin", ""),
    ("974", "Saint-Denis", "St Denis", ""),
)


def inventer_implantations(
    departements: Iterable[Departement], communes: Sequence[Commune]
) -> list[Implantation]:
    """Deux implantations au moins par département, davantage où l'on est nombreux."""
    nationaux = cycle(NATIONAUX)
    implantations: list[Implantation] = []
    for departement in departements:
        villes = sorted(
            (commune for commune in communes if commune.departement == departement.code and commune.actuelle),
            key=lambda commune: (-commune.habitants, commune.nom),
        )
        regionaux = cycle(REGIONAUX[departement.region])
        occupees: set[tuple[str, str]] = set()
        for rang, (ville, graphie, impose) in enumerate(_places(departement, villes)):
            codes_postaux = ville.codes_postaux if ville.nom in ARRONDISSEMENTS else ville.codes_postaux[:1]
            code_postal = codes_postaux[len(occupees) % len(codes_postaux)]
            # Régional, national, régional… et le suivant si celui-ci est déjà à ce code postal.
            organisme = PAR_NOM.get(impose) or next(regionaux if rang % 2 == 0 else nationaux)
            while (code_postal, organisme.nom) in occupees:
                organisme = next(nationaux)
            occupees.add((code_postal, organisme.nom))
            numero = len(implantations) * 7 % 97 + 1
            implantations.append(
                Implantation(
                    code=f"DEMO-{departement.code}{rang + 1:02}",
                    nom=organisme.nom,
                    adresse=f"{numero}{' bis' * (numero % 13 == 0)} {VOIES[len(implantations) % len(VOIES)]}",
                    code_postal=code_postal,
                    commune=graphie,
                    departement=departement.code,
                    type=organisme.type,
                )
            )
    return implantations


def _places(departement: Departement, villes: Sequence[Commune]) -> list[tuple[Commune, str, str]]:
    """Les villes du département où placer une implantation : (ville, graphie écrite, organisme imposé)."""
    habitants = sum(ville.habitants for ville in villes)
    nombre = max(2 + habitants // HABITANTS_PAR_IMPLANTATION, MINIMUM.get(departement.code, 0))
    choisies = [villes[RANGS[rang % len(RANGS)] % len(villes)] for rang in range(nombre)]
    places = [(ville, ville.nom, "") for ville in choisies]
    par_nom = {ville.nom: ville for ville in villes}
    places.extend(
        (par_nom[nom], graphie, impose) for code, nom, graphie, impose in GRAPHIES if code == departement.code
    )
    return places


# --- Écriture ---------------------------------------------------------------------------------------------


def ecrire_csv(chemin: Path, colonnes: Sequence[str], lignes: Iterable[Sequence[str]]) -> None:
    """Un CSV en UTF-8, séparé par des points-virgules, une fin de ligne simple."""
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        sortie = csv.writer(fichier, delimiter=";", lineterminator="\n")
        sortie.writerow(colonnes)
        sortie.writerows(lignes)


def main(arguments: Sequence[str]) -> int:
    """Refait les quatre fichiers."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "data" / "communes.json").is_file():
        print(
            "Usage : python data/prepare.py CHEMIN_DU_PAQUET (le dossier « package » de l'archive npm ouverte)"
        )
        return 2
    paquet = Path(arguments[0])

    departements = lire_departements(paquet)
    communes = lire_communes(paquet, departements)
    codes_postaux = {(commune.departement, commune.nom): commune.codes_postaux for commune in communes}
    caisses = [decrire_caisse(caisse, codes_postaux) for caisse in lire_caisses()]
    implantations = inventer_implantations(departements, communes)

    ecrire_csv(
        DATA / "communes.csv",
        ("nom", "departement", "codes_postaux"),
        ((commune.nom, commune.departement, " ".join(commune.codes_postaux)) for commune in communes),
    )
    ecrire_csv(
        DATA / "departements.csv", ("code", "nom"), ((ligne.code, ligne.nom) for ligne in departements)
    )
    ecrire_csv(DATA / "demo" / "organismes.csv", Implantation._fields, implantations)
    (DATA / "caisses.json").write_text(
        json.dumps(caisses, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(
        f"{len(communes)} communes, {len(departements)} départements, "
        f"{len(caisses)} caisses, {len(implantations)} implantations."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
