"""Labels: the phrases that say whom a study is for, read into conditions. See the README here."""
