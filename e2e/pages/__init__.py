"""One object a page, found by roles and by the words people read."""
