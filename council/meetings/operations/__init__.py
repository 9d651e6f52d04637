"""What can be done to meetings and their agendas."""
