"""Server of the Python templates: HTTP/1.1 on a socket, with nothing but built-in modules.

What is imported before the first answer is counted in milliseconds of every cold start, so modules
of the standard library that cost some (socket, json, traceback, urllib) are imported when needed.
"""
