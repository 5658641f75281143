"""The plain pages, which anyone may read: help, accessibility, personal data, legal notice, site map."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.journey import JOURNEY, always
from app.settings import SESSION_LIFETIME, Settings
from app.web import delais, donnees, nouvelles, start
from app.web.ask import Ask, Handler
from app.web.rgaa import criteria

PAGES: Mapping[str, tuple[str, str]] = {  # address → template, h1
    "/aide": ("aide", "Aide"),
    "/aide/reduire-un-document": ("reduire_un_document", "Réduire un document"),
    "/accessibilite": ("accessibilite", "Accessibilité"),
    "/accessibilite/resultats": ("resultats", "Résultats critère par critère"),
    "/donnees-personnelles": ("donnees_personnelles", "Données personnelles"),
    "/mentions": ("mentions", "Mentions légales"),
    "/plan": ("plan", "Plan du site"),
}


@dataclass(frozen=True)
class Entry:
    """
    A page of the site map, named by its h1.

    An address with a parameter, or one reached by an action, is named without link: `depuis` says from where it opens.
    """

    url: str
    titre: str
    depuis: str = ""
    selon: bool = False  # met by some people only


PUBLIC = (
    Entry("/connexion", "Me connecter à mon compte"),
    Entry("/delais", delais.TITLE),
    *(Entry(url, title) for url, (_, title) in PAGES.items()),
)
ACCOUNT = (
    Entry("/demarches", "Mes démarches"),
    Entry("/echanges", "Mon espace d'échanges"),
    Entry("/informations", "Mes informations"),
    Entry("/informations/coordonnees", "Mes coordonnées"),
    Entry("/informations/adresse", "Mon adresse"),
    Entry("/informations/organismes", "Mes organismes complémentaires"),
    Entry(nouvelles.HERE, nouvelles.TITLE),
    Entry(donnees.HERE, donnees.TITLE),
    Entry("/avis", "Donnez votre avis !"),
    Entry("/suivi/{}", "Suivre ma demande", "Mes démarches"),
    Entry("/suivi/{}/completer", "Corriger ou compléter ma demande", "Suivre ma demande"),
    Entry("/echanges/{}", "Un message de votre caisse", "Mon espace d'échanges"),
)
INSIDE: Mapping[str, tuple[Entry, ...]] = {  # pages reached from a page of the table
    "beneficiaires": (
        Entry("/demande/beneficiaires/ajouter", "Ajouter une personne"),
        Entry(
            "/demande/beneficiaires/{}",
            "Modifier les informations d'une personne",
            "Les personnes de mon foyer",
        ),
    ),
    "pieces": (Entry("/demande/pieces/{}", "Un fichier joint", "Mes pièces justificatives"),),
    "validation": (
        Entry("/demande/terminee", "Votre demande est maintenant terminée !", "Validation de ma demande"),
    ),
}


def plain_page(url: str) -> Handler:
    """The handler of a plain page."""
    template, title = PAGES[url]

    def handle(ask: Ask) -> Response:
        return ask.page(
            f"plain/{template}.html",
            title,
            exploitant=operator(ask.house.settings),
            site=ask.house.settings.public_url,
            schema=ask.house.settings.schema_pluriannuel_url,
            caisse=ask.caisse if ask.assure_if_any else None,
            duree=f"{SESSION_LIFETIME.total_seconds() / 3600:.0f} heures",
            plan=site_map(ask.request.app.routes),
            criteres=criteria(),
            franceconnect=ask.house.franceconnect,
        )

    return handle


def operator(settings: Settings) -> dict[str, str]:
    """Who runs this service, as the operator says it."""
    name, adresse, phone = settings.operateur_nom, settings.operateur_adresse, settings.operateur_telephone
    return {
        "nom": name,
        "adresse": adresse,
        "courriel": settings.operateur_courriel,
        "telephone": phone,
        "publication": settings.directeur_publication or name,
        "hebergeur": settings.hebergeur or f"{name}, {adresse}. Téléphone : {phone}",
    }


def site_map(routes: Iterable[BaseRoute]) -> dict[str, list[Entry]]:
    """Every page that answers, in three groups; those of the démarche come from its table, in its order."""
    answered = {without_names(route.path) for route in routes if isinstance(route, Route)}
    groups = {"sans_compte": PUBLIC, "compte": ACCOUNT, "demande": _pages_of_the_demande()}
    return {name: [entry for entry in group if entry.url in answered] for name, group in groups.items()}


def without_names(path: str) -> str:
    """The pattern of an address, whatever its parameters are called."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _pages_of_the_demande() -> list[Entry]:
    pages = [Entry("/demande", start.TITLE)]
    for row in JOURNEY.rows:
        pages.append(Entry(row.step.url, row.step.title, selon=row.when is not always))
        pages.extend(INSIDE.get(row.step.slug, ()))
    return pages
