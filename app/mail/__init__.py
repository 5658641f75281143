"""E-mails: what they say, how they leave, and which go next."""
