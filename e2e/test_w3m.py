"""benoit makes his whole démarche in w3m, a browser without JavaScript, style or pictures."""

import shutil
from pathlib import Path

import pytest

from e2e import records
from e2e.records import assert_filed
from e2e.service import Service
from e2e.w3m import RADIO, W3m
from tests.support import samples


@pytest.mark.skipif(
    not shutil.which("w3m"), reason="w3m is not here, and could not be installed: apt-get install w3m"
)
@pytest.mark.filterwarnings("ignore:.*use of forkpty.*:DeprecationWarning")  # Python 3.12 and later
def test_benoit_in_a_browser_of_text(service: Service, tmp_path: Path) -> None:
    avis = tmp_path / "avis.pdf"
    avis.write_bytes(samples.pdf(pages=2))
    with W3m(service.url, tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        w3m.type("Numéro de sécurité sociale (13", "1570269990104")
        w3m.type("Mot de passe Vous pouvez", "demo-benoit-2026")
        w3m.press("Se connecter", "Mes démarches")
        w3m.press("Faire une demande de Complémentaire santé", "Demande de Complémentaire santé solidaire")
        w3m.press("Je démarre ma demande", "Ma situation actuelle – Étape 1 sur 7")
        w3m.pick("Nationalité", "Française")
        w3m.press("Suivant Retour", "Composition du foyer – Étape 2 sur 7")
        assert "Emilie a 35 ans." in w3m.text
        w3m.press("Suivant Retour", "Les personnes de mon foyer – Étape 2 sur 7")
        w3m.press("Suivant Retour", "Je choisis ma Complémentaire santé solidaire – Étape 3 sur 7")
        w3m.tick("Je choisis ma caisse", RADIO)
        w3m.press("Suivant Retour", "Mon autorisation – Étape 4 sur 7")
        w3m.tick("J'autorise l'Assurance Maladie")
        w3m.press("Suivant Retour", "Les autres ressources de mon foyer – Étape 5 sur 7")
        w3m.press("Je déclare les autres ressources", "Je déclare mes autres ressources perçues entre")
        w3m.tick("Mon foyer n'a perçu aucune")
        w3m.press("Suivant Retour", "Informations complémentaires sur les ressources")
        for question in (
            "Êtes-vous sans emploi",
            "Votre foyer est-il propriétaire",
            "Êtes-vous ou avez-vous été",
        ):
            w3m.choose(question, "Non")
        w3m.press("Suivant Retour", "Récapitulatif de ma demande – Étape 5 sur 7")
        w3m.press("Je confirme que tout est bon", "Mes pièces justificatives – Étape 6 sur 7")
        w3m.choose_file("Choisir un fichier", avis, "Document joint : 1 fichier reçu")
        w3m.choose("Mon foyer dispose d'un bien", "Non")
        w3m.choose("J'ai résidé à l'étranger", "Non")
        w3m.press("Suivant Retour", "Validation de ma demande – Étape 7 sur 7")
        w3m.tick("Je certifie l'exactitude")
        w3m.press("Je valide ma demande", "Votre demande est maintenant terminée")
        filed = service.deposited()
        assert filed.demande.reference in w3m.text
    assert_filed(filed.contenu, records.BENOIT)
