"""One file per reader of bytes."""
