"""Reading: audience phrases and review pages, read into drafts that report what was not used."""
