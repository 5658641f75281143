"""
Every state of every page, named once.

From this table come the checks of HTML and accessibility, the byte budgets and the captures: a new page or a new
message without its state fails the suite (`tests/test_states.py`).
"""

from collections.abc import Mapping

from app.demo.state import State
from app.demo.states_compte import account_states, franceconnect_states, plain_states
from app.demo.states_delais import delay_states
from app.demo.states_foyer import foyer_states, start_states
from app.demo.states_messages import message_states
from app.demo.states_nouvelles import news_states
from app.demo.states_suite import end_states, organisme_states, pieces_states, resources_states

STATES: Mapping[str, State] = {
    state.nom: state
    for state in (
        *account_states(),
        *franceconnect_states(),
        *start_states(),
        *foyer_states(),
        *organisme_states(),
        *resources_states(),
        *pieces_states(),
        *end_states(),
        *message_states(),
        *delay_states(),
        *news_states(),
        *plain_states(),
    )
}
