"""The narrative package: what explanations say in plain English, from computed facts alone."""
