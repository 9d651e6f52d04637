"""Who: organisations, people, accounts, bodies and the seats people hold in them."""
