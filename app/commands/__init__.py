"""The commands of the team that hosts the service, one module per subject; `app/cli.py` assembles them."""
