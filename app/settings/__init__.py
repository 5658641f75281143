"""
The settings of the service, read once from the environment (prefix `C2S_`).

`model` names them, `values` says what each may be, `loading` reads them and says what is wrong.
"""

from app.settings.loading import NoDriver, WrongSetting, load_settings, unread_names
from app.settings.model import PARIS, ROOT, SESSION_LIFETIME, Settings

__all__ = [
    "PARIS",
    "ROOT",
    "SESSION_LIFETIME",
    "NoDriver",
    "Settings",
    "WrongSetting",
    "load_settings",
    "unread_names",
]
