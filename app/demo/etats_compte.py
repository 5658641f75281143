"""The states of the account, and of the pages that need none."""

from app.demo.etat import Etat


def account_states() -> list[Etat]:
    return [
        Etat("connexion", "/connexion", "étape 0", compte=None),
        Etat("connexion-pour-une-page", "/connexion?suite=/demande", "étape 0", compte=None),
        Etat("connexion-vide", "/connexion", "étape 0", compte=None, envoi={"nir": "", "motdepasse": ""}, statut=422),
        Etat("connexion-refusee", "/connexion", "étape 0", compte=None, statut=422,
             envoi={"nir": "2910475111234", "motdepasse": "autre chose"}),
        Etat("connexion-essais-epuises", "/connexion", "étape 0", compte=None, statut=429, essais=4,
             envoi={"nir": "2910475111235", "motdepasse": "autre chose"}),
        Etat("connexion-en-pause", "/connexion", "étape 0", compte=None, statut=429, essais=5,
             envoi={"nir": "2910475111236", "motdepasse": "autre chose"}),
        Etat("deconnexion", "/deconnexion", "étape 0", compte=None),
        Etat("deconnexion-brouillon-efface", "/deconnexion?fait=brouillon", "étape 0", compte=None),
        Etat("deconnexion-demande-deposee", "/deconnexion?fait=deposee", "étape 0", compte=None),
        Etat("session-expiree", "/session-expiree", "étape 0", compte=None),
        Etat("demarches", "/demarches", "étape 0"),
        Etat("demarches-demande-commencee", "/demarches", "étape 0", avant="situation"),
        Etat("demarches-demande-deposee", "/demarches", "étape 8", compte="fatou"),
        Etat("informations", "/informations", "étape 0"),
        Etat("informations-a-mettre-a-jour", "/informations", "étape 0, situations 1 et 4", compte="rose"),
        Etat("coordonnees", "/informations/coordonnees", "étape 0, situation 1", compte="jeanne"),
        Etat("coordonnees-erreurs", "/informations/coordonnees", "étape 0, situation 1", compte="jeanne", statut=422,
             envoi={"courriel": "jeanne", "telephone": "12"}),
        Etat("adresse", "/informations/adresse", "étape 0, situation 4", compte="yves"),
        Etat("adresse-erreurs", "/informations/adresse", "étape 0, situation 4", compte="yves", statut=422,
             envoi={"voie": "", "complement": "", "code_postal": "12", "commune": ""}),
        Etat("organismes-aucun", "/informations/organismes", "étape 0, situation 2"),
        Etat("organismes-chevauchement", "/informations/organismes", "étape 0, situation 2", compte="paul"),
        Etat("organismes-erreur", "/informations/organismes", "étape 0, situation 2", compte="paul", envoi={}, statut=422),
        Etat("echanges-aucun", "/echanges", "étape 7"),
        Etat("echanges", "/echanges", "étape 7", compte="fatou"),
        Etat("accuse-incomplet", "/echanges/{message}", "CRPA R112-11-4", compte="fatou"),
        Etat("suivi", "/suivi/{reference}", "étape 8", compte="fatou"),
        Etat("completer", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou"),
        Etat("completer-vide", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou", statut=422,
             envoi={"message": ""}),
        Etat("completer-trop-de-messages", "/suivi/{reference}/completer", "CRPA L123-1", compte="fatou", statut=429,
             envois=30, envoi={"message": "La pension de Lina est 1 200 €, pas 120 €."}),
        Etat("avis", "/avis", "étape 7"),
        Etat("avis-vide", "/avis", "étape 7", envoi={}, statut=422),
        Etat("avis-trop-de-notes", "/avis", "étape 7", compte="karim", envois=30, envoi={"note": "3"}, statut=429),
        Etat("avis-merci", "/avis?fait=merci", "étape 7"),
    ]  # fmt: skip


def plain_states() -> list[Etat]:
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
        *(Etat(page.replace("/", "-"), f"/{page}", "RGAA", compte=None) for page in pages),
        Etat("etats", "/etats", "RGAA", compte=None),
        Etat("donnees-personnelles-avec-compte", "/donnees-personnelles", "RGAA"),
        *(
            Etat(f"erreur-{s}", f"/erreur-{s}", "pages d'erreur", compte=None, statut=s, dessine=s)
            for s in statuses
        ),
        *(
            Etat(
                f"erreur-{s}-{d}",
                f"/erreur-{s}",
                "pages d'erreur",
                compte=None,
                statut=s,
                dessine=s,
                detail=d,
            )
            for s, d in ((429, "fichiers"), (503, "occupe"), (503, "panne"), (503, "deconnexion"))
        ),
    ]
