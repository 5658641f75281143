# Commandes du projet. `make` les affiche.
PYTHON ?= python3
HOST   ?= 127.0.0.1
PORT   ?= 8000
WORKERS ?= 3# for two cores: a test that waits leaves its own to another
BIN    := .venv/bin
LOCK   := uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run run-oidc run-distribue test vite postgresql firefox check format gallery bench reset schema lock audit sbom

help:            ## affiche cette aide
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## ?/  make \1\t/' | expand -t 22

run: .venv/run   ## démarre la démonstration sur http://127.0.0.1:8000
	C2S_DEMO=on HOST=$(HOST) PORT=$(PORT) $(BIN)/c2s serve

run-oidc: .venv/run ## la démonstration avec FranceConnect (son moteur, sur cette machine : il faut Node)
	HOST=$(HOST) PORT=$(PORT) $(BIN)/python -m tests.support.fournisseur

run-distribue: .venv/test ## la démonstration sur deux services, PostgreSQL, un stockage d’objets et nginx
	$(BIN)/python .ci/navigateurs.py initdb nginx
	PORT=$(PORT) $(BIN)/python -m tests.support.several

test: .venv/test ## toute la suite : loi, pages, navigateur
	$(BIN)/python .ci/navigateurs.py
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

vite: .venv/test ## ce qui ne demande pas de navigateur, pendant qu’on écrit
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests

postgresql: .venv/test ## ce qui ne demande pas de navigateur, sur PostgreSQL et un stockage d’objets
	ESSAIS=postgresql $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests

firefox: .venv/test ## le parcours de Nadia dans Firefox, que make test rapporte sans s’y arrêter
	$(BIN)/python .ci/navigateurs.py
	$(BIN)/python -m pytest e2e/test_firefox.py --runxfail

check: .venv/test ## style, types, couches, gabarits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

format: .venv/test ## remet en forme
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

gallery: .venv/test ## chaque état en fichiers et en captures, dans build/galerie
	$(BIN)/python .ci/navigateurs.py
	$(BIN)/python -m e2e.galerie

bench: .venv/test ## les mesures de la spécification, en un tableau
	$(BIN)/python .ci/navigateurs.py
	$(BIN)/python -m tests.bench

reset:           ## vide les données de la démonstration
	rm -rf data/run

schema: .venv/run ## écrit le schéma des exports et son numéro, d’après ceux du dernier commit
	git show HEAD:app/domain/formats.json | $(BIN)/python -m app.domain.publication

sbom: .venv/test ## écrit la liste de ce que le service embarque (CycloneDX), build/c2s.cdx.json
	$(BIN)/python .ci/nomenclature.py build/c2s.cdx.json

audit: .venv/audit/bin/pip-audit ## cherche les failles connues de ce qui est verrouillé (demande Internet)
	.venv/audit/bin/python .ci/audit.py

lock:            ## refait le verrou des dépendances (demande uv)
	$(LOCK) pyproject.toml -o .ci/lock/run.txt
	echo setuptools | $(LOCK) - -o .ci/lock/build.txt
	echo pip-audit | $(LOCK) - -o .ci/lock/audit.txt
	$(LOCK) pyproject.toml --extra distribue -c .ci/lock/run.txt -o .ci/lock/distribue.txt
	$(LOCK) pyproject.toml --extra test -c .ci/lock/run.txt -o .ci/lock/test.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Il faut Python 3.11 ou plus récent. Indiquez-le ainsi : make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Le module venv manque. Sur Debian : apt-get install python3-venv"; exit 1; }

.venv/run: .ci/lock/build.txt .ci/lock/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --require-hashes -r .ci/lock/build.txt -r .ci/lock/run.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: .ci/lock/test.txt .venv/run
	$(BIN)/pip install -q --require-hashes -r .ci/lock/test.txt
	@touch $@

.venv/audit/bin/pip-audit: .ci/lock/audit.txt | .venv/bin/python
	@$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install -q --require-hashes -r .ci/lock/audit.txt
	@touch $@
