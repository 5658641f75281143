"""Uploaded files: what they are, how they are sealed, where they lie."""
