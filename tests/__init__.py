"""The suite. Mirrors council/, plus journeys, architecture, browser and deployment."""
