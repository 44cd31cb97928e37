"""Wire messages of each OCPP version to the central system's neutral words, and back. No rule lives here."""
