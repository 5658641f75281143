"""The states of news by e-mail (chosen, refused, stopped), and of « Mon compte, mes données »."""

from app.demo.state import State


def news_states() -> list[State]:
    return [
        State("informations-avec-nouvelles", "/informations", "nouvelles par e-mail", compte="lucie", abonne=True),
        State("nouvelles", "/informations/nouvelles", "nouvelles par e-mail"),
        State("nouvelles-choisies", "/informations/nouvelles", "nouvelles par e-mail", compte="lucie", abonne=True),
        State("nouvelles-erreur", "/informations/nouvelles", "nouvelles par e-mail", statut=422,
             envoi={"recevoir": "oui", "courriel": "nadia"}),
        State("nouvelles-trop-de-changements", "/informations/nouvelles", "nouvelles par e-mail", compte="karim",
             statut=429, envois=30, envoi={"recevoir": "oui", "courriel": "karim@courriel.example"}),
        State("nouvelles-arret", "/nouvelles/arret/{jeton}", "RFC 8058", compte="lucie", abonne=True),
        State("nouvelles-arretees", "/nouvelles/arret/{jeton}", "RFC 8058", compte="lucie", abonne=True, envoi={}),
        State("nouvelles-lien-ancien", "/nouvelles/arret/{jeton}", "RFC 8058", compte=None),
        State("donnees", "/informations/donnees", "RGPD, articles 15 et 20"),
        State("donnees-demande-deposee", "/informations/donnees", "RGPD, articles 15 et 20", compte="fatou"),
        State("donnees-ouvert-ailleurs", "/informations/donnees", "RGPD, article 15", ailleurs=True),
        State("donnees-fermer-une-demande", "/informations/donnees?fait=demander&appareil={ailleurs}", "RGAA 11.12", ailleurs=True),
        State("donnees-session-fermee", "/informations/donnees?fait=fermee", "RGPD, article 15"),
        State("terminee-avec-nouvelles", "/demande/terminee?fait=nouvelles", "nouvelles par e-mail", compte="benoit",
             avant="", depose=True, abonne=True),
        State("terminee-nouvelles-erreur", "/demande/terminee", "nouvelles par e-mail", compte="benoit", statut=422,
             avant="", depose=True, envoi={"recevoir": "oui", "courriel": "benoit"}),
    ]  # fmt: skip
