"""The states of étapes 0 to 2."""

from datetime import date

from app.demo.state import State
from app.domain.demande import Beneficiaires, Changement, Foyer, Lien, Nationalite, Personne
from app.domain.moins_de_25_ans import MoinsDe25Ans

_JULES = Personne(
    cle="jule", prenom="Jules", nom="Exemple", lien=Lien.ENFANT, naissance=date(2013, 5, 14),
    nationalite=Nationalite.FRANCAISE, nir="1130599999999"[:13], garde_alternee=True, rsa_en_cours=False,
)  # fmt: skip
SACHA = Personne(
    cle="sach", prenom="Sacha", nom="Exemple", lien=Lien.CONJOINT, naissance=date(1986, 2, 3),
    nationalite=Nationalite.UE, nir=None, rsa_en_cours=True,
)  # fmt: skip
_FULL = Beneficiaires(
    personnes=tuple(_JULES.model_copy(update={"cle": f"p{rang:03d}", "prenom": f"Ami{chr(97 + rang)}", "nir": None})
                    for rang in range(17)),
    vu=True,
)  # fmt: skip
_WITH_BOTH = Beneficiaires(personnes=(SACHA, _JULES), retires=("jule",), vu=True)
_PERSON = {
    "prenom": "Jules", "nom": "Exemple", "lien": "enfant", "naissance_jour": "14", "naissance_mois": "05",
    "naissance_annee": "2013", "nationalite": "fr", "nir": "2910475111234", "cle": "04",
}  # fmt: skip
_NON = dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non")


def start_states() -> list[State]:
    return [
        State("demande", "/demande", "étape 0, documents"),
        State("demande-commencee", "/demande", "étape 0", avant="foyer"),
        State("demande-a-effacer", "/demande?fait=effacer", "RGAA 11.12", avant="foyer"),
        State("demande-effacee", "/demande?fait=recommencer", "étape 0"),
        *(
            State(f"blocage-{rang}-{compte}", "/demande", f"étape 0, situation {rang}", compte=compte)
            for rang, compte in enumerate(("jeanne", "paul", "fatou", "yves", "ines"), 1)
        ),
        State("blocage-1-et-4-rose", "/demande", "étape 0, situations 1 et 4", compte="rose"),
        State("moins-de-25-ans", "/demande/moins-de-25-ans", "étape 0 bis", compte="leo", avant="moins-de-25-ans"),
        State("moins-de-25-ans-vide", "/demande/moins-de-25-ans", "étape 0 bis", compte="leo",
             avant="moins-de-25-ans", envoi={}, statut=422),
        State("moins-de-25-ans-engagement-vide", "/demande/moins-de-25-ans", "étape 0 bis", compte="leo",
             avant="moins-de-25-ans", envoi=_NON | {"avis": "oui"}, statut=422),
        *(
            State(f"moins-de-25-ans-refus-{raison}", "/demande/moins-de-25-ans", article, compte="leo",
                 avant="moins-de-25-ans", reponses={"moins_de_25_ans": reponses})
            for raison, article, reponses in (
                ("toit", "R861-2", MoinsDe25Ans(enfant=False, couple=False, rsa=False, crous=False, toit=True)),
                ("avis", "R861-16", MoinsDe25Ans(enfant=False, couple=False, rsa=False, crous=False, toit=False, avis=True,
                                             engagement_avis=False)),
                ("pension", "R861-2", MoinsDe25Ans(enfant=False, couple=False, rsa=False, crous=False, toit=False, avis=False,
                                               pension=True, engagement_pension=False)),
            )
        ),
        State("situation-apres-moins-de-25-ans", "/demande/situation?fait=seul", "étape 0 bis", compte="leo", avant="situation"),
        State("situation-liens-rompus", "/demande/situation?fait=liens", "L861-1", compte="leo", avant="situation"),
        State("situation-vide", "/demande/situation", "étape 1", avant="situation"),
        State("situation-remplie", "/demande/situation", "étape 1", avant="situation", reponses={
            "situation": {"numero_caf": "0123456", "changement": Changement.SEPARE}}),
        State("situation-trop-tot", "/demande/situation?fait=trop_tot", "étape 1", avant="situation"),
        State("situation-erreurs", "/demande/situation", "étape 1", avant="situation", statut=422,
             envoi={"caf": "oui", "caf_numero": "12", "changement": "oui"}),
        State("situation-sans-case", "/demande/situation", "étape 1", avant="situation", statut=422,
             envoi={"caf_numero": "0123456", "changement_type": "veuf", "nationalite": "fr"}),
        State("situation-depuis-le-recapitulatif", "/demande/situation?retour=recapitulatif", "étape 5", avant="pieces"),
    ]  # fmt: skip


def foyer_states() -> list[State]:
    return [
        State("foyer", "/demande/foyer", "étape 2", avant="foyer"),
        State("foyer-seul", "/demande/foyer", "étape 2", compte="marc", avant="foyer"),
        State("foyer-retire", "/demande/foyer?fait=retiree&qui=k7qd", "étape 2", avant="foyer",
             reponses={"foyer": Foyer(retires=("k7qd",))}),
        State("foyer-garde-alternee", "/demande/foyer?fait=alternee&qui=k7qd", "R861-3", avant="foyer",
             reponses={"foyer": Foyer(en_garde_alternee=("k7qd",), pas_en_garde_alternee=("m3xw",))}),
        State("foyer-remis", "/demande/foyer?fait=remise&qui=k7qd", "étape 2", avant="foyer"),
        State("foyer-25-ans", "/demande/foyer", "R861-2", compte="benoit", avant="foyer"),
        State("foyer-dix-enfants", "/demande/foyer", "étape 2", compte="awa", avant="foyer"),
        State("foyer-personne-disparue", "/demande/foyer?fait=disparu", "étape 2", avant="foyer"),
        State("beneficiaires-vide", "/demande/beneficiaires", "étape 2", avant="beneficiaires"),
        State("beneficiaires", "/demande/beneficiaires?fait=ajoutee&qui=sach", "étape 2", avant="beneficiaires",
             reponses={"beneficiaires": _WITH_BOTH}),
        State("beneficiaires-en-couple", "/demande/beneficiaires", "R861-2", avant="beneficiaires",
             reponses={"situation": {"changement": Changement.COUPLE}}),
        State("beneficiaires-enfant-attendu", "/demande/beneficiaires", "R861-2", compte="leo", avant="beneficiaires",
             reponses={"moins_de_25_ans": MoinsDe25Ans(enfant=True)}),
        State("beneficiaires-complet", "/demande/beneficiaires", "étape 2", avant="beneficiaires",
             reponses={"beneficiaires": _FULL}),
        State("beneficiaire-vide", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires"),
        State("beneficiaire-correction", "/demande/beneficiaires/sach", "étape 2", avant="beneficiaires",
             reponses={"beneficiaires": _WITH_BOTH}),
        State("beneficiaire-erreurs", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires", envoi={}, statut=422),
        State("beneficiaire-cle-fausse", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires", statut=422,
             envoi=_PERSON | {"cle": "41", "naissance_jour": "00"}),
        State("beneficiaire-25-ans", "/demande/beneficiaires/ajouter", "R861-2", avant="beneficiaires", statut=422,
             envoi=_PERSON | {"naissance_annee": "1991"}),
        State("beneficiaire-numero-a-confirmer", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires",
             statut=422, envoi=_PERSON | {"lien": "enfant_conjoint"}),
        State("beneficiaire-second-conjoint", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires", statut=422,
             envoi=_PERSON | {"lien": "conjoint"}, reponses={"beneficiaires": _WITH_BOTH}),
        State("beneficiaire-de-trop", "/demande/beneficiaires/ajouter", "étape 2", avant="beneficiaires", statut=422,
             envoi=_PERSON, reponses={"beneficiaires": _FULL}),
    ]  # fmt: skip
