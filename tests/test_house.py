"""The promises of docs/architecture.md that no tool checks."""

import ast
import hashlib
import re
import subprocess
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.domain.demande import Demande
from app.journey import JOURNEY
from app.settings import Settings
from app.steps._said import DONE_HERE, TO_KNOW, Said

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 50  # lines of a function: a screen
LONGEST_PAGE = 250  # lines of a template or a script
MAY_BE_LONG = {
    "tests/support/lint.py:lint",  # a list of checks
    "tests/test_demarche.py:test_tout_ce_qui_est_dit_est_depose",  # two stories, told from one end to the other
    "tests/web/test_messages.py:test_toute_l_histoire_d_une_demande",
}
TRIPS_A_READER = re.compile(
    r"\b(whoever|somebody|th(e|is|at) very (?!(first|last|same)\b)|said of)\b", re.IGNORECASE
)
NOT_AN_ANSWER = {"validation"}  # once it is answered there is no draft any more
STEPS = [row.step.name for row in JOURNEY.rows]


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        ROOT / name
        for name in listed.stdout.splitlines()
        if name.endswith(suffixes) and (ROOT / name).exists()
    ]


@pytest.mark.parametrize("name", STEPS)
def test_a_step_has_one_name_on_every_shelf(name: str) -> None:
    assert any((ROOT / "app/steps" / module).exists() for module in (f"{name}.py", f"{name}/step.py"))
    assert (ROOT / "templates/steps" / f"{name}.html").exists()
    assert (ROOT / "tests/steps" / f"test_{name}.py").exists()
    assert name in Demande.model_fields or name in NOT_AN_ANSWER


@pytest.mark.parametrize(
    "word",
    [word for words in Said.__subclasses__() for word in words],
    ids=lambda word: f"{type(word).__name__}.{word.name}",
)
def test_every_word_of_an_address_has_its_sentence(word: Said) -> None:
    """Two steps may have the same word: each says its own sentence."""
    tables: list[Mapping[str, object]] = [DONE_HERE, TO_KNOW]
    for row in JOURNEY.rows:
        tables += [row.step.sentences, row.step.alerts]
    assert any(said is word for table in tables for said in table), f"{word!r} has no sentence"


def test_every_word_of_the_law_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossaire.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "app/domain").glob("[a-z]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert f"`{node.name}`" in glossary, f"{path.name}: {node.name}"
    for name in STEPS:
        assert name in glossary, name


# The scenarios and the rules of the démarche; the other tests are of the machine (decision 0001).
TOLD_IN_FRENCH = re.compile(
    r"tests/(domain|steps)/|tests/commands/test_(decisions|purge)|(tests|e2e)/test_(demarche|depot|accuse_pdf|glossaire)"
    r"|e2e/test_(blocages|firefox)|tests/web/test_(avis|completer|contact|dashboard|delais|donnees|echanges|informations"
    r"|message_pdf|messages|nouvelles|plain|suivi)\.py"
)
FRENCH = re.compile(r"_(les?|la|une?|des|du|et|est|sont|qui|que|avec|sans|pour|dans|chaque|rien|pas)(?=_|$)")
ENGLISH = re.compile(r"_(the|is|are|of|and|not|with|without|its|every|nothing|that|what|has|have)(?=_|$)")


def test_a_test_is_named_in_the_language_of_its_layer() -> None:
    wrong = [
        f"{path}: {name}"
        for folder in ("tests", "e2e")
        for file in (ROOT / folder).rglob("test_*.py")
        for path in [file.relative_to(ROOT).as_posix()]
        for name in re.findall(r"^ *def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if (ENGLISH if TOLD_IN_FRENCH.match(path) else FRENCH).search(name)
    ]
    assert wrong == []


def test_no_function_must_be_scrolled_to_be_understood() -> None:
    """
    A limit on functions, not on modules: what fits a screen is read at once, wherever it stands.

    Signature and docstring do not count: they are what spares reading the rest.
    """
    long = {}
    for path in tracked(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > LONGEST and path.parent.name != "versions":
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert {name: lines for name, lines in long.items() if name not in MAY_BE_LONG} == {}


def prose(path: Path) -> Iterator[str]:
    """The comments and docstrings of a module, each on a single line."""
    with path.open("rb") as source:
        comments = [
            token.string for token in tokenize.tokenize(source.readline) if token.type == tokenize.COMMENT
        ]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    docstrings = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)]
    return (" ".join(text.split()) for text in (*comments, *docstrings))


def test_comments_and_docstrings_name_the_actor_in_plain_english() -> None:
    tripping = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in tracked(".py")
        if TRIPS_A_READER.search(
            " ".join(path.read_text(encoding="utf-8").split())
        )  # few: prose takes longer to find
        for text in prose(path)
        if TRIPS_A_READER.search(text)
    ]
    assert tripping == []


def test_no_template_or_script_must_be_searched() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".html", ".js")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_PAGE
    }
    assert long == {}


def test_the_lock_pins_everything_and_names_no_host() -> None:
    for name in ("build.txt", "run.txt", "test.txt", "audit.txt"):
        text = (ROOT / ".ci/lock" / name).read_text()
        assert "http" not in re.sub(r"http(?:core|x|tools)\w*|#.*", "", text)
        assert "index-url" not in text
        pins = re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)(==\S+)?", text, re.MULTILINE)
        assert all(version for package, version in pins), [
            package for package, version in pins if not version
        ]
        assert text.count("--hash=sha256:") >= len(pins)


def test_the_project_needs_nothing_beside_it() -> None:
    beside = "../" + "shared"
    for path in tracked(".py", ".html", ".css", ".toml", "Makefile", ".md", "run"):
        assert beside not in path.read_text(encoding="utf-8"), path


def test_templates_hold_no_style_no_handler_and_nothing_unescaped() -> None:
    for path in tracked(".html"):
        text = path.read_text(encoding="utf-8")
        for pattern in (r"\|\s*safe\b", r"\sstyle=", r"\son[a-z]+=\"", r"\shx-[a-z]"):
            assert not re.search(pattern, text), f"{path}: {pattern}"


def test_the_vendored_htmx_is_the_one_that_is_written_down() -> None:
    digest = hashlib.sha256((ROOT / "static/htmx.min.js").read_bytes()).hexdigest()
    assert digest in (ROOT / "static/VENDORED.md").read_text()


def test_one_module_knows_htmx() -> None:
    for path in tracked(".py"):
        name = str(path.relative_to(ROOT))
        if name.startswith("app/") and name != "app/web/hypermedia.py":
            code = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text(encoding="utf-8"))
            assert not re.search(r"HX-|hx-|htmx\b", code), name


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in readme, name


def test_every_promise_names_a_test_that_exists() -> None:
    for path in [ROOT / "docs/architecture.md", *sorted((ROOT / "docs/decisions").glob("*.md"))]:
        for held in re.findall(r"`(tests/[\w/]+\.py|docs/[\w/]+\.md)`", path.read_text(encoding="utf-8")):
            assert (ROOT / held).exists(), f"{path.name}: {held}"


def test_the_top_level_is_the_one_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.split("/")[0] for name in listed.stdout.splitlines()} <= {
        *("app", "templates", "static", "data", "e2e", "tests", "docs", ".ci"),
        *("pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md", ".gitignore"),
    }
