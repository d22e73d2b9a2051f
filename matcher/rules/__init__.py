"""Rules: reads the folder of rules that clinicians edit into a `Rulebook`."""

from matcher.rules.loading import RulesError, load_rules, shipped_rules

__all__ = ["RulesError", "load_rules", "shipped_rules"]
