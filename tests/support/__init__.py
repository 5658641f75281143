"""What tests share: people, drafts, a strict browser, walks."""
