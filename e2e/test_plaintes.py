"""What a window keeps of what the browser complains of: each violation of the policy, so that its silence means something."""

import pytest

from e2e.conftest import WITH_SCRIPTS
from e2e.pages.connexion import Connexion
from e2e.pages.situation import Situation
from e2e.service import Service
from e2e.walks import demarre
from e2e.window import Window

pytestmark = WITH_SCRIPTS

_VIOLATE = """([tag, more]) => new Promise((heard) => {
  document.addEventListener('securitypolicyviolation', (event) => heard(event.effectiveDirective));
  try {
    document.body.append(Object.assign(document.createElement(tag), more));
  } catch { /* Trusted Types refuse it */ }
})"""


@pytest.mark.parametrize(
    ("directive", "tag", "more"),
    [
        ("img-src", "img", {"src": "https://ailleurs.example/image.png"}),
        ("style-src-elem", "style", {"textContent": "body { color: red }"}),
        ("frame-src", "iframe", {"src": "https://ailleurs.example/"}),
        ("require-trusted-types-for", "div", {"innerHTML": "<b>texte</b>"}),
        ("require-trusted-types-for", "script", {"textContent": "window.injected = 1"}),
    ],
)
def test_a_violation_is_heard(
    window: Window, service: Service, directive: str, tag: str, more: dict[str, str]
) -> None:
    demarre(window, "Nadia", Situation)
    assert window.page.evaluate(_VIOLATE, [tag, more]) == directive
    assert any("Content Security Policy" in said or "Trusted" in said for said in window.complaints)
    window.complaints.clear()


def test_an_error_of_a_script_is_heard(window: Window) -> None:
    Connexion.open(window)
    window.page.evaluate(
        "new Promise((done) => { setTimeout(done); throw new Error('perdu'); }).catch(reportError)"
    )
    assert window.complaints == ["perdu"]
    window.complaints.clear()
