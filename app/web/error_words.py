"""The words of each error page: what happens, what is kept, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

HOME = ("/demarches", "Revenir à « Mes démarches »")
RESUME = ("/demande", "Reprendre ma demande")
SIGN_IN = ("/connexion", "Me connecter")
GUIDE = ("/aide/reduire-un-document", "Réduire un document")
PLAN = ("/plan", "Plan du site")


@dataclass(frozen=True)
class ErrorWords:
    """
    The words of an error page: what happens, what is kept, what is not, what to do, and where to go.

    `garde` is for users who may have answers under way; `perdu`, for all. `{pause}`, `{jusque}` and `{duree}` say how
    long to wait, when that is known.
    """

    titre: str
    texte: str
    garde: str
    faire: str
    liens: tuple[tuple[str, str], ...] = (RESUME, HOME)
    aussi: str = ""
    perdu: str = ""


_FORBIDDEN = ErrorWords(
    "Cet envoi ne vient pas de ce site",
    "Par sécurité, ce service ne l'a pas enregistré.",
    "Vos réponses sont gardées.",
    "Recommencez depuis ce site.",
)
_CHANGED = ErrorWords(
    "Vos réponses ont changé entre-temps",
    "Une autre action a eu lieu au même moment, par exemple dans un autre onglet.",
    "Les dernières réponses envoyées sont gardées.",
    "Revenez à votre demande, relisez la page, puis recommencez.",
    perdu="Votre dernière action n'est pas enregistrée.",
)
_TOO_LARGE = ErrorWords(
    "L'envoi est trop lourd",
    "Ce service lit 16 Mo au plus par fichier, et 32 Mo au plus par envoi. Le vôtre est plus lourd.",
    "Vos réponses et vos fichiers d'avant sont gardés.",
    "Prenez une photo par page. Puis envoyez une photo à la fois.",
    (GUIDE, RESUME, HOME),
    perdu="Cet envoi n'est pas enregistré.",
)
_UNAVAILABLE = ErrorWords(
    "Ce service ne peut rien enregistrer en ce moment",
    "Le problème vient de ce service, pas de vous.",
    "Vos réponses d'avant et vos fichiers sont gardés.",
    "Attendez {duree}, puis revenez à la page précédente. Vérifiez ce que vous y aviez écrit, puis recommencez.",
    aussi="Vous étiez en train de valider ? Appuyez à nouveau sur « Je valide ma demande ». "
    "Votre demande n'est pas déposée deux fois.",
    perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
)
_LOST_SIGHT = replace(
    _UNAVAILABLE,
    titre="Ce service ne retrouve plus ses données",
    texte="Le problème vient de ce service, pas de vous. La réparation peut prendre du temps.",
    garde="Vos réponses d'avant sont dans ce navigateur. Ce service pourra les lire si ses données reviennent.",
    faire="Gardez ce navigateur ouvert. Attendez {duree}, puis revenez à la page précédente et recommencez.",
)
ERROR_WORDS: Mapping[tuple[int, str], ErrorWords] = {
    (400, ""): ErrorWords(
        "Ce service n'a pas compris l'envoi",
        "L'envoi est arrivé incomplet, ou dans une forme inattendue. Le réseau s'est peut-être coupé.",
        "Vos réponses d'avant sont gardées.",
        "Revenez à la page précédente, rechargez-la, puis recommencez.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (400, "nom"): ErrorWords(
        "Ce service ne répond pas à cette adresse",
        "Le lien que vous avez suivi n'est pas celui de ce service. L'adresse a peut-être changé.",
        "",
        "Retrouvez l'adresse du service, par exemple sur un courrier de votre caisse.",
        (),
        perdu="Cette action n'est pas enregistrée.",
    ),
    (403, ""): _FORBIDDEN,
    (403, "origine"): _FORBIDDEN,
    (403, "jeton"): ErrorWords(
        "Cette page est ouverte depuis trop longtemps",
        "Votre session a peut-être changé depuis, par exemple dans un autre onglet.",
        "Si votre session est toujours ouverte, vos réponses d'avant sont gardées.",
        "Revenez à la page précédente, rechargez-la, puis recommencez.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (403, "cookies"): ErrorWords(
        "Ce service a besoin de cookies",
        "Un cookie est un petit fichier gardé par votre navigateur. Il garde ici votre session et vos réponses.",
        "",
        "Autorisez les cookies pour ce site. Puis connectez-vous.",
        (SIGN_IN,),
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (404, ""): ErrorWords(
        "Cette page n'existe pas",
        "L'adresse a peut-être changé, ou il manque un caractère.",
        "Vos réponses sont gardées.",
        "Vérifiez l'adresse, ou utilisez un lien ci-dessous.",
        (RESUME, HOME, PLAN),
    ),
    (405, ""): ErrorWords(
        "Cette action n'est pas possible ici",
        "La page a été ouverte d'une façon que ce service n'attend pas. Par exemple avec un lien gardé.",
        "Vos réponses sont gardées.",
        "Revenez à la page et appuyez sur son bouton.",
        perdu="Rien n'est envoyé.",
    ),
    (409, ""): _CHANGED,
    (409, "deposee"): replace(
        _CHANGED,
        faire="Une demande est déjà déposée pour vous. Suivez-la dans « Mes démarches ».",
        liens=(HOME,),
    ),
    (413, ""): _TOO_LARGE,
    (413, "texte"): replace(
        _TOO_LARGE,
        titre="Le texte est trop long",
        texte="Cette page accepte un texte plus court.",
        faire="Revenez à la page précédente. Raccourcissez ce que vous avez saisi, puis recommencez.",
        liens=(RESUME, HOME),
    ),
    (429, ""): ErrorWords(
        "Beaucoup d'actions en peu de temps",
        "Pour protéger les comptes, ce service fait une pause{pause}.",
        "Vos réponses sont gardées.",
        "Attendez {jusque}, puis recommencez.",
    ),
    (429, "fichiers"): ErrorWords(
        "Beaucoup de fichiers en une heure",
        "Ce compte a envoyé le plus de fichiers possible pour cette heure.",
        "Vos réponses d'avant et vos fichiers déjà reçus sont gardés.",
        "Attendez {jusque}, puis envoyez à nouveau vos fichiers.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (431, ""): ErrorWords(
        "Votre navigateur envoie trop d'informations",
        "La page ne peut pas s'ouvrir. Votre navigateur garde sans doute trop de cookies pour ce site. "
        "Un cookie est un petit fichier gardé par votre navigateur.",
        "",
        "Effacez les cookies de ce site, dans les réglages de votre navigateur. Puis connectez-vous à nouveau. "
        "Les réponses d'une demande non validée seront à refaire.",
        (SIGN_IN,),
        perdu="Votre dernière action n'est pas enregistrée. Une demande déjà validée reste chez votre caisse.",
    ),
    (500, ""): ErrorWords(
        "Ce service a un problème",
        "Le problème vient de ce service, pas de vous.",
        "Vos réponses d'avant sont gardées.",
        "Attendez une minute. Revenez à la page précédente, puis recommencez.",
        aussi="Vous étiez en train de valider ? Appuyez à nouveau sur « Je valide ma demande ». "
        "Votre demande n'est pas déposée deux fois.",
        perdu="Ce que vous venez de saisir est peut-être à refaire.",
    ),
    (500, "abime"): ErrorWords(
        "Une partie de vos données ne se lit plus",
        "Le problème vient de ce service, pas de vous.",
        "",
        "Recommencer ne suffit pas : ce service est à réparer. Appelez votre caisse au 36 46.",
        (HOME, PLAN),
        perdu="Votre dernière action n'est pas enregistrée. Une demande déjà validée reste chez votre caisse.",
    ),
    (503, ""): ErrorWords(
        "Ce service est en pause",
        "Il est en entretien, ou trop de personnes l'utilisent en ce moment.",
        "Vos réponses restent gardées jusqu'à la fin de votre session, si vous ne fermez pas votre navigateur.",
        "Réessayez dans {duree}.",
        aussi="Votre situation est urgente ? Appelez votre caisse au 36 46.",
    ),
    (503, "occupe"): replace(
        _UNAVAILABLE,
        titre="Ce service est très occupé",
        texte="Un autre enregistrement est en cours depuis plusieurs secondes.",
    ),
    (503, "panne"): _UNAVAILABLE,
    (503, "partie"): _LOST_SIGHT,
    (503, "deconnexion"): ErrorWords(
        "Ce navigateur a quitté votre compte",
        "Ce navigateur n'a plus votre session ni vos réponses. Ce service a un problème. "
        "Il n'a pas encore effacé vos réponses de son côté.",
        "",
        "Sur un appareil partagé, fermez aussi le navigateur.",
        (SIGN_IN,),
        perdu="Ce service les efface à la fin de votre session, 20 heures après votre connexion. "
        "Une demande déjà validée reste chez votre caisse.",
    ),
}
