"""Questions and forms: what is asked, what was sent, and how both are worded."""
