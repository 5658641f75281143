"""Imported where servers of the tests are copied from: what each of them would have made when it started."""

from app.web.assets import Assets
from app.web.templates import compile_templates, make_environment

compile_templates(make_environment(DEMO=True, COMPTES_DEMO=[], asset=Assets().url))
