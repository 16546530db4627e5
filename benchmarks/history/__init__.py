"""The daemon on years of what was said: how soon it gives any of it, and what that costs others."""
