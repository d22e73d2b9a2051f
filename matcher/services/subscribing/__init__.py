"""Subscribing: signing up, confirming, stopping, one's own data, and erasing it."""
