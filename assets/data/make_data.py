#!/usr/bin/python3
"""Writes iris.csv and digits.txt from scikit-learn's copies, and checks what it wrote.

    apt-get install python3-sklearn          (Debian 12: scikit-learn 1.2.1)
    /usr/bin/python3 assets/data/make_data.py            writes beside itself
    /usr/bin/python3 assets/data/make_data.py --check    only compares the files with sklearn's loaders
"""
import pathlib
import sys

import numpy as np
from sklearn import datasets

HERE = pathlib.Path(__file__).resolve().parent
IRIS_HEADER = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species"
DIGITS_HEADER = ("# UCI Optical Recognition of Handwritten Digits (Alpaydin, Kaynak 1998), test set, CC BY 4.0:"
                 " 8x8 pixels row by row, 'a'=0 .. 'q'=16, then the digit")


def write():
    iris = datasets.load_iris()
    rows = [",".join([*(f"{v:.1f}" for v in x), str(y)]) for x, y in zip(iris.data, iris.target)]
    (HERE / "iris.csv").write_text("\n".join([IRIS_HEADER, *rows]) + "\n")
    digits = datasets.load_digits()
    rows = ["".join(chr(ord("a") + int(v)) for v in x) + str(y) for x, y in zip(digits.data, digits.target)]
    (HERE / "digits.txt").write_text("\n".join([DIGITS_HEADER, *rows]) + "\n")


def check():
    """Parses the files the simple way a C++ reader does, and demands equality with sklearn's loaders."""
    iris = datasets.load_iris()
    lines = (HERE / "iris.csv").read_text().splitlines()
    got = np.array([[float(v) for v in s.split(",")] for s in lines[1:]])
    assert lines[0] == IRIS_HEADER and got.shape == (150, 5)
    assert np.array_equal(got[:, :4], iris.data) and np.array_equal(got[:, 4], iris.target)
    print("iris  : 150 x 4, per class", np.bincount(iris.target).tolist(),
          "column sums", [f"{s:.1f}" for s in got[:, :4].sum(axis=0)])

    digits = datasets.load_digits()
    lines = (HERE / "digits.txt").read_text().splitlines()
    assert lines[0][0] == "#" and all(len(s) == 65 for s in lines[1:]) and len(lines) == 1798
    x = np.array([[ord(c) - ord("a") for c in s[:64]] for s in lines[1:]])
    y = np.array([int(s[64]) for s in lines[1:]])
    assert np.array_equal(x, digits.data) and np.array_equal(y, digits.target)
    assert x.min() == 0 and x.max() == 16
    print("digits: 1797 x 64, per class", np.bincount(y).tolist(), "sum", x.sum())


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    check()
