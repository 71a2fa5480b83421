"""The terms: names, bounds and words that every room may use; it imports nothing of the house."""
