"""Étape 3 — « Organisme de chaque personne » : le même pour tout le foyer, ou un par personne."""

from collections.abc import Mapping

from app.domain.demande import CAISSE, Demande, ModeDeGestion, OrganismesDuFoyer
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.forms.form import Question, Sent, Value
from app.forms.typography import lowered
from app.forms.words import prenom
from app.steps._gestionnaire import GONE, chosen_note, listed, name_of, nom_du_gestionnaire, read_choix
from app.steps._recherche import (
    SEARCH,
    Recherche,
    make_recherche,
    search_from_form,
    shown_search,
)
from app.steps._said import TO_KNOW, Said, SaidAnywhere
from app.steps._step import Action, Done, Step, Visit

SAME = "meme"


class OrganismesDuFoyerSaid(Said):
    """An organisme has been chosen for a person."""

    CHOISI = "choisi"


def _say_chosen(visit: Visit, cle: str) -> str:
    membre = _membre(visit.dossier, cle)
    if membre is None:
        return ""
    nom = _in_a_sentence(visit, visit.dossier.gestionnaire_de(cle))
    return f"Organisme choisi pour {prenom(visit.dossier, membre)} : {nom}."


class OrganismesDuFoyerStep(Step):
    slug = "organismes-du-foyer"
    title = "Organisme de chaque personne"
    names_it = ("personne",)
    sentences = {OrganismesDuFoyerSaid.CHOISI: _say_chosen}

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        if membre := _asked(visit):
            who = _who(visit, membre)
            return {"gestionnaire": who, "choix_organisme": Question("Choisissez un organisme"), **SEARCH}
        return {SAME: _same(visit)}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        if membre := _asked(visit):
            return {**_chosen(visit, membre), **_search(visit).typed}
        par_personne = visit.dossier.demande.organismes_du_foyer
        return {SAME: "oui" if par_personne is None or par_personne.meme else ""}

    def drawn_with(self, sent: Sent) -> Mapping[str, str]:
        return shown_search(sent)

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier, choix = visit.dossier, _choices(visit.dossier)
        same = sent.box(SAME)
        for membre in dossier.autres_membres:
            code = choix.get(membre.cle, dossier.gestionnaire)
            nom = prenom(dossier, membre)
            if same and code != dossier.gestionnaire:
                sent.refuse(
                    SAME,
                    "Vous avez coché le même organisme pour tout le foyer, et choisi un autre organisme "
                    f"pour {nom}. Gardez l'un ou l'autre.",
                )
            elif code not in (CAISSE, dossier.gestionnaire) and not listed(_search(visit), code or ""):
                gone = GONE.format(name_of(_search(visit), code or ""))
                sent.refuse(f"p_{membre.cle}", f"{nom} : {gone}")
        if sent.errors:
            return dossier.demande
        return _with(dossier.demande, OrganismesDuFoyer(meme=same, choix=choix, vu=True))

    def answered(self, dossier: Dossier) -> bool:
        par_personne = dossier.demande.organismes_du_foyer
        return par_personne is not None and par_personne.vu

    def actions(self) -> Mapping[str, Action]:
        return {"rechercher": _rechercher, "enregistrer": _save}

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier, membre = visit.dossier, _asked(visit)
        recherche, liste = _search(visit), make_recherche(visit, STEP.url)
        here: dict[str, object] = {
            "personne": membre,
            "recherche": recherche,
            "annonce": recherche.annonce,
            "trouve": lambda code: listed(recherche, code),
            "de": lambda cle: nom_du_gestionnaire(visit.db, visit.caisse, dossier.gestionnaire_de(cle) or ""),
            "changer": lambda cle: f"{make_recherche(visit, STEP.url, personne=cle).url_with()}#choix",
        }
        if membre:
            here["retour"] = liste.url_with()
        elif "personne" in visit.query:
            here["remarque"] = TO_KNOW[SaidAnywhere.DISPARU]
        return here


def _search(visit: Visit) -> Recherche:
    membre = _asked(visit)
    return make_recherche(visit, STEP.url, personne=membre.cle) if membre else make_recherche(visit, STEP.url)


def _rechercher(visit: Visit, sent: Sent, _: str) -> Done:
    return search_from_form(_search(visit), visit, sent)


def _asked(visit: Visit) -> Membre | None:
    """The person whose organisme is being chosen: any member of the household but the applicant."""
    return _membre(visit.dossier, visit.query.get("personne", ""))


def _membre(dossier: Dossier, cle: str) -> Membre | None:
    return next((membre for membre in dossier.autres_membres if membre.cle == cle), None)


def _choices(dossier: Dossier) -> dict[str, str]:
    """
    What was chosen person by person, as far as the page shows it.

    While one organisme is kept for all, older choices are not shown: those of the people who are there are
    forgotten, so that none comes back unseen; those of the people who have left are kept.
    """
    par_personne = dossier.demande.organismes_du_foyer or OrganismesDuFoyer(meme=False)
    present = {membre.cle for membre in dossier.foyer} if par_personne.meme else set()
    return {cle: code for cle, code in par_personne.choix.items() if cle not in present}


def _same(visit: Visit) -> Question:
    nom = _in_a_sentence(visit, visit.dossier.gestionnaire)
    return Question(
        "Je souhaite conserver le même organisme complémentaire pour l'ensemble de mon foyer.",
        f"Organisme choisi : {nom}. Un autre pour une personne ? Ouvrez « Personne par personne ».",
        kind="box",
        optional=True,
    )


def _who(visit: Visit, membre: Membre) -> Question:
    """
    The question about this person's organisme.

    « Le même que moi » is the caisse when the applicant chose it: it is not proposed twice.
    """
    mine = visit.dossier.gestionnaire
    _, adresse = nom_du_gestionnaire(visit.db, visit.caisse, mine or "")
    options: list[tuple[str, str]] = [
        (SAME, f"Le même organisme que moi : {_in_a_sentence(visit, mine)}."),
        (ModeDeGestion.ORGANISME, "Je choisis un autre organisme complémentaire."),  # the search is under it
    ]
    if mine != CAISSE:
        options.insert(1, (ModeDeGestion.CAISSE, "Je choisis la caisse d'Assurance Maladie."))
    return Question(
        f"Quel organisme gestionnaire pour {prenom(visit.dossier, membre)} ?",
        kind="radio",
        options=options,
        notes={
            SAME: adresse,
            ModeDeGestion.CAISSE: visit.caisse.nom,
            **chosen_note(_search(visit), str(_chosen(visit, membre).get("choix_organisme", ""))),
        },
    )


def _in_a_sentence(visit: Visit, code: str | None) -> str:
    nom, _ = nom_du_gestionnaire(visit.db, visit.caisse, code or "")
    return lowered(nom) if code == CAISSE else nom


def _chosen(visit: Visit, membre: Membre) -> dict[str, Value]:
    """What the controls of this person hold: nothing is ticked before the user has chosen."""
    code = _choices(visit.dossier).get(membre.cle)
    if code is None:
        return {}
    if code == visit.dossier.gestionnaire:
        return {"gestionnaire": SAME}
    if code == CAISSE:
        return {"gestionnaire": ModeDeGestion.CAISSE}
    return {"gestionnaire": ModeDeGestion.ORGANISME, "choix_organisme": code}


def _save(visit: Visit, sent: Sent, cle: str) -> Done | None:
    """Keep the organisme of one person, and go back to the list."""
    dossier, liste = visit.dossier, make_recherche(visit, STEP.url)
    membre = _membre(dossier, cle)
    if membre is None or membre != _asked(visit):
        return Done(dossier.demande, fait=SaidAnywhere.DISPARU, url=liste.url_with())
    missing = (
        f"Choisissez l'organisme gestionnaire pour {prenom(dossier, membre)} : un organisme complémentaire "
        "ou votre caisse."
    )
    choix = read_choix(sent, _who(visit, membre), _search(visit), missing=missing)
    if choix is None:
        return None
    choices = {autre: code for autre, code in _choices(dossier).items() if autre != cle}
    if choix.mode != SAME:
        choices[cle] = choix.code or CAISSE
    before = dossier.demande.organismes_du_foyer
    kept = OrganismesDuFoyer(meme=False, choix=choices, vu=before is not None and before.vu)
    return Done(
        _with(dossier.demande, kept),
        fait=OrganismesDuFoyerSaid.CHOISI,
        qui=cle,
        url=liste.url_with(),
        anchor=f"p_{cle}",
    )


def _with(demande: Demande, par_personne: OrganismesDuFoyer) -> Demande:
    return demande.model_copy(update={"organismes_du_foyer": par_personne})


STEP = OrganismesDuFoyerStep()
