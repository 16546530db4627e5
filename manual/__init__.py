"""What is made of ``docs/client.md`` and of the table of options: the man page, and completion for
bash and zsh. ``python -m manual`` makes them anew, in ``share/``."""
