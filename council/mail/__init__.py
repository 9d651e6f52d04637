"""The outbox: one row a letter, claimed, sent, retried. It knows no reason why a letter exists."""
