"""What all doors share: who is asking, the gate, uploads and downloads, errors in words."""
