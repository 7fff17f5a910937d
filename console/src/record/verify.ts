// The sums of a verification, with the browser's own WebCrypto: RFC 6962 leaf and node hashes, the walk from the leaf to
// the root (RFC 9162, section 2.1.3.2), the Ed25519 signature of the checkpoint.
import { type Bytes, concat, equal, hashFrom, toHex, utf8 } from "./bytes";
import { parseProof, parseVerifierKey, type Proof, type VerifierKey } from "./proof";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export const leafHash = (entry: Uint8Array): Promise<Bytes> => sha256(LEAF, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(NODE, left, right);

/** The root that a leaf at `index` of a tree of `size` leaves leads to over these hashes; none when they do not fit. */
export async function rootFrom(leaf: Bytes, index: number, size: number, hashes: Bytes[]): Promise<Bytes | null> {
  if (index >= size) return null;
  let place = BigInt(index);
  let last = BigInt(size) - 1n;
  let root = leaf;
  for (const hash of hashes) {
    if (last === 0n) return null;
    if (place % 2n === 1n || place === last) {
      root = await nodeHash(hash, root);
      while (place % 2n === 0n && place !== 0n) {
        place /= 2n;
        last /= 2n;
      }
    } else {
      root = await nodeHash(root, hash);
    }
    place /= 2n;
    last /= 2n;
  }
  return last === 0n ? root : null;
}

export type Signed = "good" | "bad" | "unsupported";

/** Whether the checkpoint carries the log's own signature. Signatures of others (witnesses) are left aside. */
export async function checkSignature(proof: Proof, key: VerifierKey): Promise<Signed> {
  const own = proof.checkpoint.signatures.find((each) => each.name === key.name && equal(each.keyId, key.keyId));
  if (!own || proof.checkpoint.origin !== key.name) return "bad";
  try {
    const imported = await crypto.subtle.importKey("raw", key.key, { name: "Ed25519" }, false, ["verify"]);
    const good = await crypto.subtle.verify({ name: "Ed25519" }, imported, own.signature, utf8(proof.checkpoint.body));
    return good ? "good" : "bad";
  } catch {
    return "unsupported";
  }
}

export type Verdict =
  | { kind: "no_crypto" }
  | { kind: "bad"; reason: "leaf" | "index" | "inclusion" | "signature" | "malformed" }
  | { kind: "good"; signature: "good" | "unsupported"; nodes: number; size: number; origin: string; root: string };

export interface Evidence {
  entry: string;
  index: number;
  leafHash: string;
  proof: string;
  verifierKey: string;
}

/** Verifies one entry of the record: the bytes, their place in the tree, the signature over the tree. */
export async function verify(evidence: Evidence): Promise<Verdict> {
  if (!globalThis.crypto?.subtle) return { kind: "no_crypto" };
  const proof = parseProof(evidence.proof);
  const key = parseVerifierKey(evidence.verifierKey);
  if (!proof || !key) return { kind: "bad", reason: "malformed" };
  if (proof.index !== evidence.index) return { kind: "bad", reason: "index" };
  const leaf = await leafHash(utf8(evidence.entry));
  const claimed = hashFrom(evidence.leafHash);
  if (!claimed || !equal(claimed, leaf)) return { kind: "bad", reason: "leaf" };
  const { size, root, origin } = proof.checkpoint;
  const computed = await rootFrom(leaf, proof.index, size, proof.hashes);
  if (!computed || !equal(computed, root)) return { kind: "bad", reason: "inclusion" };
  const signature = await checkSignature(proof, key);
  if (signature === "bad") return { kind: "bad", reason: "signature" };
  return { kind: "good", signature, nodes: proof.hashes.length, size, origin, root: toHex(root) };
}

/** Whether the salted digest of the body stands in the entry. The salt comes first (see the node's `crypto` crate). */
export async function bodyIsCovered(entry: string, salt: string, body: string): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return false;
  const saltBytes = /^[0-9a-f]{32}$/i.test(salt) ? hashFromHex(salt) : hashFrom(salt);
  if (!saltBytes) return false;
  const digest = await sha256(saltBytes, utf8(body));
  return entry.includes(toHex(digest));
}

function hashFromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
