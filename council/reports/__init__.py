"""What each organisation reports each quarter on each commitment, and the ministry's judgement."""
