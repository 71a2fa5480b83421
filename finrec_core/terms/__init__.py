"""The terms package: words, numbers and progress as they are written and told everywhere."""
