"""Letters to people: kept with the change that they follow from, sent by SMTP or read here."""
