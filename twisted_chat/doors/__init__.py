"""The ways in, a file each. A door turns bytes into asking, and entries into bytes."""
