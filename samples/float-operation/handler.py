import math
from time import time


def float_operation(n):
    """Seconds that n rounds of sine, cosine and square root take."""
    start = time()
    for i in range(n):
        math.sin(i)
        math.cos(i)
        math.sqrt(i)
    return time() - start


def handle(req):
    """The body is the number of rounds."""
    return "latency: " + str(float_operation(int(req)))
