// Vectors that others wrote: the Merkle tree tests of Certificate Transparency (RFC 6962) and the example of Go's
// golang.org/x/mod/sumdb/note; and every tree up to 33 leaves against the definition, written down again here.
import { describe, expect, it } from "vitest";
import { type Bytes, fromBase64, fromHex, toBase64, toHex, utf8 } from "../src/record/bytes";
import { parseCheckpoint, parseProof, parseVerifierKey } from "../src/record/proof";
import { bodyIsCovered, checkSignature, leafHash, nodeHash, rootFrom, verify } from "../src/record/verify";

const hex = (text: string): Bytes => {
  const bytes = fromHex(text);
  if (!bytes) throw new Error(text);
  return bytes;
};
const INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOT_OF_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
const PATH_OF_0_IN_8 = [
  "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
];

const half = (count: number) => 2 ** Math.floor(Math.log2(count - 1));
async function definedRoot(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const k = half(leaves.length);
  return nodeHash(await definedRoot(leaves.slice(0, k)), await definedRoot(leaves.slice(k)));
}
async function definedPath(index: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length <= 1) return [];
  const k = half(leaves.length);
  return index < k
    ? [...(await definedPath(index, leaves.slice(0, k))), await definedRoot(leaves.slice(k))]
    : [...(await definedPath(index - k, leaves.slice(k))), await definedRoot(leaves.slice(0, k))];
}

describe("tree", () => {
  it("hashes leaves as RFC 6962 does", async () => {
    expect(toHex(await leafHash(hex("")))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  });

  it("walks from a leaf to the published root", async () => {
    const leaves = await Promise.all(INPUTS.map((input) => leafHash(hex(input))));
    const [first] = leaves;
    if (!first) throw new Error("no leaf");
    expect(toHex(await definedRoot(leaves))).toBe(ROOT_OF_8);
    const root = await rootFrom(first, 0, 8, PATH_OF_0_IN_8.map(hex));
    expect(root && toHex(root)).toBe(ROOT_OF_8);
  });

  it("agrees with the definition for every leaf of every small tree, and with nothing else", async () => {
    const leaves = await Promise.all(Array.from({ length: 33 }, (_, n) => leafHash(utf8(`entry ${n}`))));
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = leaves.slice(0, size);
      const root = toHex(await definedRoot(tree));
      for (const [index, leaf] of tree.entries()) {
        const path = await definedPath(index, tree);
        const computed = await rootFrom(leaf, index, size, path);
        expect(computed && toHex(computed)).toBe(root);
        const longer = await rootFrom(leaf, index, size, [...path, leaf]);
        expect(longer).toBeNull();
        if (path.length > 0) expect(await rootFrom(leaf, index, size, path.slice(1))).toBeNull();
      }
    }
    const [leaf] = leaves;
    expect(leaf && (await rootFrom(leaf, 1, 1, []))).toBeNull();
  });
});

async function signedLog(entries: string[], origin = "zunyi/record") {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const typed = new Uint8Array([1, ...raw]);
  const idFull = await crypto.subtle.digest("SHA-256", new Uint8Array([...utf8(`${origin}\n`), ...typed]));
  const keyId = new Uint8Array(idFull).slice(0, 4);
  const leaves = await Promise.all(entries.map((entry) => leafHash(utf8(entry))));
  const body = `${origin}\n${entries.length}\n${toBase64(await definedRoot(leaves))}\n`;
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, utf8(body)));
  const note = `${body}\n— ${origin} ${toBase64(new Uint8Array([...keyId, ...signature]))}\n`;
  const proofOf = async (index: number) => {
    const path = await definedPath(index, leaves);
    return `c2sp.org/tlog-proof@v1\nextra ${toBase64(utf8(entries[index] ?? ""))}\nindex ${index}\n${path.map((each) => `${toBase64(each)}\n`).join("")}\n${note}`;
  };
  return { leaves, proofOf, note, key: `${origin}+${toHex(keyId)}+${toBase64(typed)}` };
}

describe("verification", () => {
  const entries = ["一", "二", "三", "四", "五"].map((name) => `{"event":"${name}"}`);

  it("accepts what the log signed", async () => {
    const log = await signedLog(entries);
    for (const [index, entry] of entries.entries()) {
      const leaf = log.leaves[index];
      if (!leaf) throw new Error("no leaf");
      const verdict = await verify({ entry, index, leafHash: toHex(leaf), proof: await log.proofOf(index), verifierKey: log.key });
      expect(verdict).toMatchObject({ kind: "good", signature: "good", size: 5, origin: "zunyi/record" });
    }
  });

  it("names what is wrong", async () => {
    const log = await signedLog(entries);
    const other = await signedLog(entries);
    const good = { entry: entries[2] ?? "", index: 2, leafHash: toHex(log.leaves[2] ?? new Uint8Array()), proof: await log.proofOf(2), verifierKey: log.key };
    const tampered = `${good.entry} `;
    expect(await verify({ ...good, entry: tampered })).toEqual({ kind: "bad", reason: "leaf" });
    expect(await verify({ ...good, entry: tampered, leafHash: toHex(await leafHash(utf8(tampered))) })).toEqual({ kind: "bad", reason: "inclusion" });
    expect(await verify({ ...good, index: 3 })).toEqual({ kind: "bad", reason: "index" });
    expect(await verify({ ...good, verifierKey: other.key })).toEqual({ kind: "bad", reason: "signature" });
    expect(await verify({ ...good, proof: good.proof.replace("@v1", "@v2") })).toEqual({ kind: "bad", reason: "malformed" });
    const resized = good.proof.replace("\n5\n", "\n6\n");
    expect((await verify({ ...good, proof: resized })).kind).toBe("bad");
  });

  it("finds the salted digest of the body in the entry", async () => {
    const salt = "61".repeat(16);
    const digest = await crypto.subtle.digest("SHA-256", utf8(`${"a".repeat(16)}{"a":1}`));
    const entry = `{"body":"${toHex(new Uint8Array(digest))}"}`;
    expect(await bodyIsCovered(entry, salt, '{"a":1}')).toBe(true);
    expect(await bodyIsCovered(entry, salt, '{"a":2}')).toBe(false);
  });
});

describe("forms", () => {
  it("verifies the example of Go's note package", async () => {
    const key = parseVerifierKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    const body = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const bytes = fromBase64("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
    if (!key || !bytes) throw new Error("the example does not parse");
    const signature = { name: "PeterNeumann", keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
    const checkpoint = { origin: "PeterNeumann", size: 0, root: new Uint8Array(32), body, signatures: [signature] };
    const proof = { extra: null, index: 0, hashes: [], checkpoint };
    expect(await checkSignature(proof, key)).toBe("good");
    expect(await checkSignature({ ...proof, checkpoint: { ...checkpoint, body: `${body} ` } }, key)).toBe("bad");
  });

  it("tolerates signatures of witnesses and refuses what is malformed", async () => {
    const log = await signedLog(["x"]);
    const witnessed = `${log.note}— witness.example/w ${toBase64(new Uint8Array(80))}\n`;
    expect(parseCheckpoint(witnessed)?.signatures).toHaveLength(2);
    for (const bad of ["", "a\n1\n", log.note.replace("\n1\n", "\n01\n"), log.note.replace("— ", "- "), `${log.note}x\n`]) {
      expect(parseCheckpoint(bad)).toBeNull();
    }
    const proof = await log.proofOf(0);
    for (const bad of ["", proof.replace("index 0", "index -1"), proof.replace("extra ", "extra !"), proof.replace("index 0\n", "index 0\nAAAA\n")]) {
      expect(parseProof(bad)).toBeNull();
    }
    for (const bad of ["", "a+b+c", log.key.replace("+", "-"), `${log.key}AAAA`]) expect(parseVerifierKey(bad)).toBeNull();
  });
});
