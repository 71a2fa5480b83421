"""The views of data: the profile of a dataset, and what that can carry."""
