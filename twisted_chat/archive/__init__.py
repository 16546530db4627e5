"""``python -m twisted_chat.archive``: what is kept, carried out and in, looked over and made small.

The part of it that knows the file's tables is in ``stores``.
"""
