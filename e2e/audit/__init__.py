"""What a machine can say of the accessibility of a page, and how it is written down for an auditor."""
