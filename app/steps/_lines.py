"""The lines of the récapitulatif: what the page shows, and what the accusé de réception repeats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.domain.demande import CAISSE, MOI, Demande
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.moins_de_25_ans import Motif
from app.domain.ressources import ressource
from app.forms.typography import euros, jour, lowered, typo
from app.forms.words import ENGAGEMENTS, LIENS, MOTIFS, prenom
from app.steps import beneficiaire, complements, situation
from app.steps._gestionnaire import nom_du_gestionnaire
from app.steps._step import RECAP, AskedStep
from app.steps.montants import own_periode
from app.store.tables import Caisse

BACK = f"?retour={RECAP}"


@dataclass(frozen=True)
class Answer:
    """What was answered, and the address of that exact question."""

    values: Sequence[str]
    url: str = ""
    object: str = ""  # said after « Modifier »


@dataclass(frozen=True)
class Line:
    """What was asked, or of whom, and each answer."""

    label: str
    answers: Sequence[Answer]


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
    """The lines of a page whose questions are declared in a table: one for each label, which may be a first name."""
    lines: dict[str, list[Answer]] = {}
    for label, told, anchor, modify in step.asked.lines(dossier, step.answers(dossier)):
        answer = Answer([told[0].upper() + told[1:]], _to(step.slug, anchor), modify)
        lines.setdefault(label, []).append(answer)
    for label, answers in lines.items():
        yield Line(label, answers)


def _personal(dossier: Dossier) -> Iterator[Line]:
    yield from _asked(situation.STEP, dossier)
    if motif := dossier.motif_avant_25_ans:
        slug, asked = "moins-de-25-ans", "toit" if motif is Motif.CONDITIONS else motif
        url = _to(slug, f"{asked}_oui")
        yield Line("Ma demande avant 25 ans", [Answer([MOTIFS[motif]], url, "ma demande avant 25 ans")])
        pris = [ENGAGEMENTS[engagement] for engagement in dossier.engagements]
        answer = Answer(
            pris or ["Aucun engagement demandé"],
            f"/demande/{slug}{BACK}",
            "mes engagements sur l'honneur",
        )
        yield Line("Mes engagements sur l'honneur", [answer])


def _foyer(dossier: Dossier) -> Iterator[Line]:
    moi = dossier.demandeur
    yield Line(moi.nom_entier, [Answer([f"{jour(moi.naissance)} (vous)"])])
    for membre in dossier.autres_membres:
        ajoutee = dossier.personne(membre.cle)
        url = f"/demande/beneficiaires/{membre.cle}{BACK}" if ajoutee else _to("foyer", f"p_{membre.cle}")
        about = Answer(list(_about(dossier, membre)), url, prenom(dossier, membre))
        yield Line(membre.nom_entier, [about])
    retirees = [
        membre
        for membre in (*dossier.enfants, *dossier.ajoutes)
        if dossier.est_retire(membre.cle) and not dossier.est_trop_age(membre)
    ]
    if retirees:
        noms = ", ".join(prenom(dossier, membre) for membre in retirees)
        slug = "foyer" if retirees[0] in dossier.enfants else "beneficiaires"
        answer = Answer([noms], _to(slug, f"p_{retirees[0].cle}"), "personnes retirées")
        yield Line("Personnes retirées", [answer])


def _about(dossier: Dossier, membre: Membre) -> Iterator[str]:
    assert membre.lien is not None
    yield f"{jour(membre.naissance)}, {lowered(LIENS[membre.lien])}"
    ajoutee = dossier.personne(membre.cle)
    if ajoutee is None:
        garde = dossier.garde_alternee(membre)
        if garde is not None:
            yield "En garde alternée" if garde else "Pas en garde alternée"
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
        url = f"/demande/organisme{BACK}"
        if membre.cle != MOI:
            url = f"/demande/organismes-du-foyer{BACK}&personne={membre.cle}#choix"
        modify = f"organisme gestionnaire, {prenom(dossier, membre)}"
        answers = [Answer([nom] if code == CAISSE else [nom, adresse], url, modify)]
        if dossier.a_plusieurs_personnes and ensemble:
            same = _to("organismes-du-foyer", "meme")
            answers.append(Answer(["Le même pour tout le foyer"], same, "organisme de chaque personne"))
        yield Line("Organisme gestionnaire" if ensemble else prenom(dossier, membre), answers)


def _periode(dossier: Dossier) -> str:
    """Between which days the sums count, but for those that say otherwise."""
    common = f"Ressources reçues du {jour(dossier.periode.debut)} au {jour(dossier.periode.fin)}"
    told = (code for code in dossier.demande.autres_ressources or () if any(_totals(dossier, code)))
    others = any(own_periode(dossier, ressource(code)) for code in told)
    return f"{common}. Une autre période est écrite à côté de la somme." if others else common


def _resources(dossier: Dossier) -> Iterator[Line]:
    """The kinds that were ticked, what each person answered and received, then what is asked of the household."""
    cochees = dossier.demande.autres_ressources
    libelles = [ressource(code).libelle for code in cochees or ()]
    yield Line(
        "Autres ressources",
        [
            Answer(
                libelles or ["Aucune ressource complémentaire pour votre foyer"],
                f"/demande/autres-ressources{BACK}"
                if cochees
                else _to("autres-ressources", "ressource_aucune"),
                "autres ressources",
            )
        ],
    )
    asked = {line.label: line.answers for line in _asked(complements.STEP, dossier)}
    for membre in dossier.foyer:
        whose = prenom(dossier, membre)
        if said := [*asked.pop(whose, ()), *_received(dossier, membre)]:
            yield Line(whose, said)
    for label, answers in asked.items():
        yield Line(label, answers)


def _totals(dossier: Dossier, code: str) -> Iterator[Decimal]:
    """What each person of the household has received of this kind."""
    totaux = dossier.demande.montants.totaux.get(code, {})
    return (totaux[membre.cle] for membre in dossier.foyer if membre.cle in totaux)


def _received(dossier: Dossier, membre: Membre) -> Iterator[Answer]:
    """Each sum but 0 €, with its own period if it has one."""
    demande = dossier.demande
    for code in demande.autres_ressources or ():
        total = demande.montants.totaux[code][membre.cle]
        if total:
            kind, periode = _kind(demande, code), own_periode(dossier, ressource(code)).removesuffix(".")
            told = f"{kind} : {euros(total)}" + (f" ({lowered(periode)})" if periode else "")
            yield Answer(
                [told],
                _to("montants", f"total_{code}_{membre.cle}"),
                f"{ressource(code).libelle}, {prenom(dossier, membre)}",
            )


def _kind(demande: Demande, code: str) -> str:
    libelle = ressource(code).libelle
    return f"{libelle} ({demande.montants.libelle_autres})" if code == "autres" else libelle


def plain_lines(blocks: Sequence[Block]) -> list[list[object]]:
    """The same blocks as plain text: [title, [« label : answers »]]."""
    return [
        [block.title, [f"{typo(line.label)} : {_said(line)}" for line in block.lines]] for block in blocks
    ]


def _said(line: Line) -> str:
    """« Stage non, arrêt non »: one sentence."""
    said = [", ".join(filter(None, answer.values)) for answer in line.answers]
    return ", ".join([*said[:1], *map(lowered, said[1:])])
