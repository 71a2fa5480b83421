"""The views of advice: a list, a product, the reasons of a score, a decision and what is kept of it."""
