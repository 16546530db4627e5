"""How people and programs ask, and how what happens looks to them.

A dialect turns lines into requests, and entries and answers into bytes. It decides nothing.
"""
