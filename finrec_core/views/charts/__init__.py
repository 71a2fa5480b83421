"""The charts: what every figure is drawn with, whatever it shows."""
