"""The two questions of étape 6, whose « Oui » asks for more documents."""

from app.domain.demande import QuestionsDesPieces
from app.forms.asked import Asked, Questionnaire
from app.forms.kinds import YesNo

ASKED = Questionnaire(
    QuestionsDesPieces,
    {
        "bien": Asked(
            YesNo(),
            "Mon foyer dispose d'un bien immobilier non-loué ou d'un terrain bâti ou non bâti ?",
            "Une maison vide, un champ… Ne comptez pas le logement où vous vivez.",
            missing="Répondez à la question sur le bien immobilier ou le terrain : choisissez « Oui » ou « Non ».",
        ),
        "etranger": Asked(
            YesNo(),
            "J'ai résidé à l'étranger au cours des 12 derniers mois ?",
            "Entre le {depuis} et aujourd'hui. Des vacances ne comptent pas.",
            missing="Répondez à la question sur votre séjour à l'étranger : choisissez « Oui » ou « Non ».",
        ),
    },
)
