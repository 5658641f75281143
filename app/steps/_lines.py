"""The lines of the récapitulatif: what the page shows, and what the accusé de réception repeats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.domain.demande import CAISSE, MOI, Demande
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.ressources import ressource
from app.forms.typography import euros, jour, typo
from app.forms.words import ENGAGEMENTS, LIENS, prenom
from app.steps import beneficiaire, complements, situation
from app.steps._recherche import nom_du_gestionnaire
from app.steps._step import AskedStep
from app.store.tables import Caisse

BACK = "?retour=recapitulatif"


@dataclass(frozen=True)
class Line:
    """An answer: what was asked, what was answered, and the address of that exact question."""

    label: str
    values: Sequence[str]
    url: str = ""
    object: str = ""  # said after « Modifier »


@dataclass(frozen=True)
class Block:
    """A part of the récapitulatif, under the title the source gives it."""

    title: str
    lines: Sequence[Line]
    note: str = ""


def make_blocks(db: Session, caisse: Caisse, dossier: Dossier) -> list[Block]:
    """The four blocks of answers; « Ressources collectées », which holds none, is words only."""
    return [
        Block("Informations personnelles", list(_personal(dossier))),
        Block("Composition du foyer", list(_foyer(dossier))),
        Block(
            "Organisme(s) gestionnaire de la Complémentaire santé solidaire",
            list(_organismes(db, caisse, dossier)),
        ),
        Block("Autres ressources déclarées", list(_resources(dossier)), _periode(dossier)),
    ]


def _to(slug: str, anchor: str) -> str:
    return f"/demande/{slug}{BACK}#{anchor}"


def _asked(step: AskedStep, dossier: Dossier) -> Iterator[Line]:
    """The lines of a page whose questions are declared in a table: one for each label, that of its first question."""
    lines: dict[str, Line] = {}
    for label, told, anchor, modify in step.asked.lines(dossier, step.answers(dossier)):
        if label in lines:
            said, both = lines[label], lines[label].object.removesuffix(f", {label}")
            lines[label] = replace(said, values=[f"{said.values[0]}, {told}"], object=f"{both}, {modify}")
        else:
            lines[label] = Line(label, [told[0].upper() + told[1:]], _to(step.slug, anchor), modify)
    yield from lines.values()


def _personal(dossier: Dossier) -> Iterator[Line]:
    yield from _asked(situation.STEP, dossier)
    if dossier.a_moins_de_25_ans:
        pris = [ENGAGEMENTS[engagement] for engagement in dossier.engagements]
        yield Line(
            "Mes engagements sur l'honneur",
            pris or ["Aucun engagement demandé"],
            f"/demande/moins-de-25-ans{BACK}",
            "mes engagements sur l'honneur",
        )


def _foyer(dossier: Dossier) -> Iterator[Line]:
    moi = dossier.demandeur
    yield Line(moi.nom_entier, [f"{jour(moi.naissance)} (vous)"])
    for membre in dossier.autres_membres:
        ajoutee = dossier.personne(membre.cle)
        url = f"/demande/beneficiaires/{membre.cle}{BACK}" if ajoutee else _to("foyer", f"p_{membre.cle}")
        yield Line(membre.nom_entier, list(_about(dossier, membre)), url, prenom(dossier, membre))
    retirees = [
        membre
        for membre in (*dossier.enfants, *dossier.ajoutes)
        if dossier.est_retire(membre.cle) and not dossier.est_trop_age(membre)
    ]
    if retirees:
        noms = ", ".join(prenom(dossier, membre) for membre in retirees)
        slug = "foyer" if retirees[0] in dossier.enfants else "beneficiaires"
        yield Line("Personnes retirées", [noms], _to(slug, f"p_{retirees[0].cle}"), "personnes retirées")


def _about(dossier: Dossier, membre: Membre) -> Iterator[str]:
    assert membre.lien is not None
    lien = LIENS[membre.lien]
    yield f"{jour(membre.naissance)}, {lien[0].lower()}{lien[1:]}"
    ajoutee = dossier.personne(membre.cle)
    if ajoutee is None:
        return
    for name, sentence in beneficiaire.ASKED.sentences(ajoutee):
        yield sentence
        if name == "nationalite":
            yield (
                f"Numéro de sécurité sociale qui finit par {ajoutee.nir[-2:]}"
                if ajoutee.nir
                else "Pas encore de numéro de sécurité sociale"
            )


def _organismes(db: Session, caisse: Caisse, dossier: Dossier) -> Iterator[Line]:
    ensemble = len({dossier.gestionnaire_de(membre.cle) for membre in dossier.foyer}) == 1
    for membre in dossier.foyer[:1] if ensemble else dossier.foyer:
        code = dossier.gestionnaire_de(membre.cle) or ""
        nom, adresse = nom_du_gestionnaire(db, caisse, code)
        label = "Organisme gestionnaire" if ensemble else prenom(dossier, membre)
        url = f"/demande/organisme{BACK}"
        if membre.cle != MOI:
            url = f"/demande/organismes-du-foyer{BACK}&personne={membre.cle}#choix"
        yield Line(
            label,
            [nom] if code == CAISSE else [nom, adresse],
            url,
            f"organisme gestionnaire, {prenom(dossier, membre)}",
        )
    if dossier.a_plusieurs_personnes and ensemble:
        same = _to("organismes-du-foyer", "meme")
        yield Line("Foyer", ["Le même pour tout le foyer"], same, "organisme de chaque personne")


def _periode(dossier: Dossier) -> str:
    return f"Ressources reçues du {jour(dossier.periode.debut)} au {jour(dossier.periode.fin)}"


def _resources(dossier: Dossier) -> Iterator[Line]:
    demande = dossier.demande
    if not demande.autres_ressources:
        yield Line(
            "Autres ressources",
            ["Aucune ressource complémentaire pour votre foyer"],
            _to("autres-ressources", "ressource_aucune"),
            "autres ressources",
        )
    else:
        libelles = [ressource(code).libelle for code in demande.autres_ressources]
        yield Line("Autres ressources", libelles, f"/demande/autres-ressources{BACK}", "autres ressources")
    for membre in dossier.foyer:
        totaux = {code: demande.montants.totaux[code][membre.cle] for code in demande.autres_ressources or ()}
        received = [code for code, total in totaux.items() if total]
        if received:
            label = f"Sommes reçues, {prenom(dossier, membre)}"
            told = [f"{_kind(demande, code)} : {euros(totaux[code])}" for code in received]
            yield Line(label, told, _to("montants", f"total_{received[0]}_{membre.cle}"), label)
    yield from _asked(complements.STEP, dossier)


def _kind(demande: Demande, code: str) -> str:
    libelle = ressource(code).libelle
    return f"{libelle} ({demande.montants.libelle_autres})" if code == "autres" else libelle


def plain_lines(blocks: Sequence[Block]) -> list[list[object]]:
    """The same blocks as plain text: [title, [« label : values »]]."""
    return [
        [
            block.title,
            [f"{typo(line.label)} : {', '.join(v for v in line.values if v)}" for line in block.lines],
        ]
        for block in blocks
    ]
