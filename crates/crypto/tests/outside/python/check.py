"""Judges our proof files with pymerkle, which shares no code and no author with us.

Usage: check.py FILE, where FILE is {"entries": [hex], "proofs": [text of a .tlog-proof]}.
The tree is built again from the entries; root, path and proof must be what pymerkle makes of them, and a bent proof
must be refused. Prints how many proofs were judged; ends with a traceback at the first that is wrong.
"""

import base64
import json
import sys

from pymerkle import InclusionProof, InmemoryTree, InvalidProof, verify_inclusion


def read(text):
    """The index, the hashes, and the size and root of the checkpoint, read as c2sp.org/tlog-proof says."""
    head, checkpoint, signatures = text.split("\n\n")
    header, *lines = head.split("\n")
    assert header == "c2sp.org/tlog-proof@v1", header
    entry = None
    if lines[0].startswith("extra "):
        entry = base64.b64decode(lines.pop(0)[len("extra "):], validate=True)
    assert lines[0].startswith("index "), lines[0]
    index = int(lines.pop(0)[len("index "):])
    origin, size, root = checkpoint.split("\n")
    assert signatures.startswith("\u2014 " + origin + " "), signatures
    hashes = [base64.b64decode(line, validate=True) for line in lines]
    return entry, index, hashes, int(size), base64.b64decode(root, validate=True)


def judge(tree, entries, text):
    entry, index, hashes, size, root = read(text)
    assert entry == entries[index], "the proof carries the entry"
    assert tree.get_root(size) == root, f"root of {size}"
    leaf = tree.get_leaf(index + 1)
    theirs = tree.prove_inclusion(index + 1, size)
    assert theirs.path == [leaf] + hashes, f"path of {index} in {size}"

    def proof(path):
        return InclusionProof("sha256", True, size, index + 1, theirs.rule, path)

    verify_inclusion(leaf, root, proof([leaf] + hashes), index=index + 1, size=size)
    for at in range(len(hashes)):
        bent = list(hashes)
        bent[at] = bytes([bent[at][0] ^ 1]) + bent[at][1:]
        try:
            verify_inclusion(leaf, root, proof([leaf] + bent))
        except InvalidProof:
            continue
        raise AssertionError(f"a bent proof of {index} in {size} was accepted")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    entries = [bytes.fromhex(entry) for entry in case["entries"]]
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(entries)
    for text in case["proofs"]:
        judge(tree, entries, text)
    print(len(case["proofs"]))


main()
