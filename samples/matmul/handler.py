import json
import random
from time import time


def matrix(n):
    return [[random.randint(0, 100) for _ in range(n)] for _ in range(n)]


def matmul(n):
    """Seconds that the product of two random n x n matrices takes, by the school's method."""
    a, b = matrix(n), matrix(n)
    c = [[0] * n for _ in range(n)]
    start = time()
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * b[k][j]
    return time() - start


def handle(req):
    """The body is JSON with the size: {"n": 50}."""
    return matmul(int(json.loads(req)["n"]))
