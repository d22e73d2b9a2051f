"""Matcher: pairs people's cancer profiles with the research that concerns them."""
