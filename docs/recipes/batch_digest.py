"""What a receiver counts of a run of batch exchange: the rows, and the digest to hold against the receipt.

    python3 batch_digest.py FILE.csv ...      the parts of a run, each with its line of names
    psql ... | python3 batch_digest.py -      a table, as docs/batch-digest.md says; no line of names

The files are CSV in the form that batch exchange writes and that PostgreSQL's COPY writes with FORCE_QUOTE: nothing between
the commas is an empty value, "" is an empty text. Answers `rows digest`. Needs an OpenSSL that has SM3, as Python 3.8 and
later usually bring.
"""

import hashlib
import sys


def rows(text):
    """The rows of the text; each cell is its written form, or None when it is empty."""
    at, row = 0, []
    while at < len(text):
        if text[at] == '"':
            cell, at = "", at + 1
            while True:
                end = text.index('"', at)
                cell += text[at:end]
                if text[end + 1 : end + 2] != '"':
                    at = end + 1
                    break
                cell, at = cell + '"', end + 2
        else:
            end = at
            while text[end] not in ",\n":
                end += 1
            cell, at = text[at:end] or None, end
        row.append(cell)
        if text[at] == "\n":
            yield row
            row = []
        at += 1


def digest_of(row):
    """SM3 over the cells as netstrings: `3:abc,`, an empty text `0:,`, an empty value `-,`."""
    parts = []
    for cell in row:
        if cell is None:
            parts.append(b"-,")
        else:
            written = cell.encode()
            parts.append(b"%d:%s," % (len(written), written))
    return int.from_bytes(hashlib.new("sm3", b"".join(parts)).digest(), "big")


def main(files):
    count = total = 0
    for file in files:
        if file == "-":
            found = rows(sys.stdin.buffer.read().decode())
        else:
            with open(file, encoding="utf-8", newline="") as part:
                found = rows(part.read())
            next(found)
        for row in found:
            # Added up, so that the order does not matter and a row that is there twice does.
            count, total = count + 1, (total + digest_of(row)) % 2**256
    print(count, format(total, "064x"))


main(sys.argv[1:])
