"""Reviews: files and pages of plain-language reviews, read into drafts of studies."""
