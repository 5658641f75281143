"""What a screen reader user hears: the sentences announced, and the words under the focus."""

from playwright.sync_api import Page

_LISTEN = """() => {
  window.said = [];
  for (const id of ['statut', 'alerte']) {
    const node = document.getElementById(id);
    new MutationObserver(() => node.textContent.trim() && window.said.push(node.textContent.trim()))
      .observe(node, {childList: true, characterData: true, subtree: true});
  }
}"""

_HEAR = """async (start) => {
  for (let frame = 0; frame < 900; frame += 1) {
    if (said.some((words) => words.startsWith(start))) { return true; }
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""


class Ears:
    """Listens to a tab that runs scripts, until another page opens there."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        tab.evaluate(_LISTEN)

    def said(self) -> list[str]:
        """What the status and alert nodes have said since the last time, with plain spaces and apostrophes."""
        said: list[str] = self._tab.evaluate("window.said.splice(0)")
        return [words.replace("\u00a0", " ").replace("’", "'") for words in said]

    def hears(self, start: str) -> None:
        """Wait until a sentence that starts with these words is announced."""
        heard = self._tab.evaluate(_HEAR, start)
        assert heard, f"« {start} » is not said"

    def focused(self) -> str:
        """The text of what holds the focus, or its id if it has none."""
        text: str = self._tab.evaluate(
            "document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName"
        )
        return " ".join(text.replace("’", "'").split())
