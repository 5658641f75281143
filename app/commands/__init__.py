"""The commands of whoever hosts the service, one module a subject; `app/cli.py` assembles them."""
