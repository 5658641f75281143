"""The states of the account, and of the pages that need none."""

from app.demo.state import State
from app.demo.states_suite import COMPLETE


def account_states() -> list[State]:
    return [
        State("connexion", "/connexion", "étape 0", compte=None),
        State("connexion-pour-une-page", "/connexion?suite=/demande", "étape 0", compte=None),
        State("connexion-vide", "/connexion", "étape 0", compte=None, envoi={"nir": "", "motdepasse": ""}, statut=422),
        State("connexion-refusee", "/connexion", "étape 0", compte=None, statut=422,
             envoi={"nir": "2910475111234", "motdepasse": "autre chose"}),
        State("connexion-essais-epuises", "/connexion", "étape 0", compte=None, statut=429, essais=4,
             envoi={"nir": "2910475111235", "motdepasse": "autre chose"}),
        State("connexion-en-pause", "/connexion", "étape 0", compte=None, statut=429, essais=5,
             envoi={"nir": "2910475111236", "motdepasse": "autre chose"}),
        State("deconnexion", "/deconnexion", "étape 0", compte=None),
        State("deconnexion-brouillon-efface", "/deconnexion?fait=brouillon", "étape 0", compte=None),
        State("deconnexion-demande-deposee", "/deconnexion?fait=deposee", "étape 0", compte=None),
        State("deconnexion-demande-commencee", "/deconnexion?fait=demander", "étape 0", avant="situation"),
        State("session-expiree", "/session-expiree", "étape 0", compte=None),
        State("demarches", "/demarches", "étape 0"),
        State("demarches-demande-commencee", "/demarches", "étape 0", avant="situation"),
        State("demarches-demande-deposee", "/demarches", "étape 8", compte="fatou"),
        State("informations", "/informations", "étape 0"),
        State("informations-a-mettre-a-jour", "/informations", "étape 0, situations 1 et 4", compte="rose"),
        State("coordonnees", "/informations/coordonnees", "étape 0, situation 1", compte="jeanne"),
        State("coordonnees-erreurs", "/informations/coordonnees", "étape 0, situation 1", compte="jeanne", statut=422,
             envoi={"courriel": "jeanne", "telephone": "12"}),
        State("adresse", "/informations/adresse", "étape 0, situation 4", compte="yves"),
        State("adresse-erreurs", "/informations/adresse", "étape 0, situation 4", compte="yves", statut=422,
             envoi={"voie": "", "complement": "", "code_postal": "12", "commune": ""}),
        State("adresse-a-confirmer", "/informations/adresse", "étape 0, situation 4", compte="yves", statut=422,
             envoi={"voie": "3 rue Sans-Nom", "complement": "", "code_postal": "97490", "commune": "Sainte-Clotilde"}),
        State("organismes-aucun", "/informations/organismes", "étape 0, situation 2"),
        State("organismes-chevauchement", "/informations/organismes", "étape 0, situation 2", compte="paul"),
        State("organismes-erreur", "/informations/organismes", "étape 0, situation 2", compte="paul", envoi={}, statut=422),
        State("echanges-aucun", "/echanges", "étape 7"),
        State("echanges", "/echanges", "étape 7", compte="fatou"),
        State("accuse-incomplet", "/echanges/{message}", "CRPA R112-11-4", compte="fatou"),
        State("accuse", "/echanges/{message}", "CRPA R112-11-1", compte="lucie", **COMPLETE),
        State("suivi", "/suivi/{reference}", "étape 8", compte="fatou"),
        State("completer", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou"),
        State("completer-vide", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou", statut=422,
             envoi={"message": ""}),
        State("completer-trop-de-messages", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou", statut=429,
             envois=30, envoi={"message": "La pension de Lina est 1 200 €, pas 120 €."}),
        State("avis", "/avis", "étape 7"),
        State("avis-vide", "/avis", "étape 7", envoi={}, statut=422),
        State("avis-trop-de-notes", "/avis", "étape 7", compte="karim", envois=30, envoi={"note": "3"}, statut=429),
        State("avis-merci", "/avis?fait=merci", "étape 7"),
    ]  # fmt: skip


def franceconnect_states() -> list[State]:
    return [
        State("connexion-franceconnect", "/connexion", "FranceConnect", compte=None, franceconnect=True),
        State("connexion-franceconnect-annule", "/connexion?franceconnect=annule", "FranceConnect", compte=None,
             franceconnect=True),
        State("connexion-franceconnect-inconnu", "/connexion?franceconnect=inconnu", "FranceConnect", compte=None,
             franceconnect=True),
        State("connexion-franceconnect-ouvert", "/connexion?franceconnect=inconnu", "FranceConnect", compte=None,
             franceconnect=True, arrete=True),
        State("sortie-de-franceconnect", "/deconnexion?fait=franceconnect&franceconnect=ouvert", "FranceConnect", compte=None),
        State("sortie-de-franceconnect-faite", "/deconnexion?fait=franceconnect", "FranceConnect", compte=None),
        State("sortie-de-franceconnect-en-panne", "/deconnexion?fait=franceconnect&franceconnect=panne", "FranceConnect",
             compte=None),
        State("deconnexion-franceconnect", "/deconnexion?fait=brouillon&franceconnect=ouvert", "FranceConnect", compte=None),
        State("deconnexion-franceconnect-en-panne", "/deconnexion?franceconnect=panne", "FranceConnect", compte=None),
        State("informations-liees", "/informations", "FranceConnect", compte="marc", lie=True),
    ]  # fmt: skip


def plain_states() -> list[State]:
    pages = (
        "aide",
        "aide/reduire-un-document",
        "accessibilite",
        "accessibilite/resultats",
        "donnees-personnelles",
        "mentions",
        "plan",
    )
    statuses = (400, 403, 404, 405, 409, 413, 429, 431, 500, 503)
    return [
        *(State(page.replace("/", "-"), f"/{page}", "RGAA", compte=None) for page in pages),
        State("etats", "/etats", "RGAA", compte=None),
        State("donnees-personnelles-avec-compte", "/donnees-personnelles", "RGAA"),
        *(
            State(f"erreur-{s}", f"/erreur-{s}", "pages d'erreur", compte=None, statut=s, dessine=s)
            for s in statuses
        ),
        *(
            State(
                f"erreur-{s}-{d}",
                f"/erreur-{s}",
                "pages d'erreur",
                compte=None,
                statut=s,
                dessine=s,
                detail=d,
            )
            for s, d in (
                (413, "texte"),
                (429, "fichiers"),
                (500, "abime"),
                (503, "occupe"),
                (503, "panne"),
                (503, "partie"),
                (503, "deconnexion"),
            )
        ),
    ]
