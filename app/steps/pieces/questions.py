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
            "Ne comptez pas le logement où vous vivez. Exemple : une maison vide, un champ",
            missing="Répondez à la question sur le bien immobilier ou le terrain : choisissez « Oui » ou « Non », "
            "par exemple « Oui » si c'est vrai.",
        ),
        "etranger": Asked(
            YesNo(),
            "J'ai résidé à l'étranger au cours des 12 derniers mois ?",
            "Résider veut dire habiter. Des vacances ne comptent pas. Les 12 mois vont du {depuis} à aujourd'hui.",
            missing="Répondez à la question sur votre séjour à l'étranger : choisissez « Oui » ou « Non », "
            "par exemple « Oui » si c'est vrai.",
        ),
    },
)
