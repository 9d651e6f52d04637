"""What an organisation's executive clears before it leaves the house: a batch, by the hash of each thing in it."""
