"""Changes: which answers would make a study fit; core.change is the front."""
