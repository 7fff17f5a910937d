// A small tamper-evident log in memory, with real hashes and signatures, so that the record page can be looked at.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (entry) => sha256(Buffer.from([0]), Buffer.from(entry));
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

const split = (count) => 2 ** Math.floor(Math.log2(count - 1));
export const root = (leaves) =>
  leaves.length === 1
    ? leaves[0]
    : nodeHash(root(leaves.slice(0, split(leaves.length))), root(leaves.slice(split(leaves.length))));
export function path(index, leaves) {
  if (leaves.length <= 1) return [];
  const half = split(leaves.length);
  return index < half
    ? [...path(index, leaves.slice(0, half)), root(leaves.slice(half))]
    : [...path(index - half, leaves.slice(half)), root(leaves.slice(0, half))];
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const rawKey = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
const typed = Buffer.concat([Buffer.from([1]), rawKey]);

export function makeLog(origin) {
  const keyId = sha256(Buffer.from(`${origin}\n`), typed).subarray(0, 4);
  const entries = [];
  const note = () => {
    const top = root(entries.map((each) => each.leaf));
    const text = `${origin}\n${entries.length}\n${top.toString("base64")}\n`;
    const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]).toString("base64");
    return `${text}\n— ${origin} ${signature}\n`;
  };
  return {
    entries,
    verifierKey: `${origin}+${keyId.toString("hex")}+${typed.toString("base64")}`,
    append(at, event, actor, subject, result, body = {}) {
      const salt = randomBytes(16);
      const bodyText = JSON.stringify(body);
      const digest = sha256(salt, Buffer.from(bodyText)).toString("hex");
      const entry = JSON.stringify({ v: 1, at, event, actor: actor.id, subject, result, body: digest });
      entries.push({ index: entries.length, at, event, actor, subject, result, entry, body: bodyText, salt: salt.toString("hex"), leaf: leafHash(entry) });
      return entries.length - 1;
    },
    checkpoint: () => ({
      origin,
      size: entries.length,
      root: root(entries.map((each) => each.leaf)).toString("base64"),
      note: note(),
      verifier_key: `${origin}+${keyId.toString("hex")}+${typed.toString("base64")}`,
    }),
    proof(index) {
      const hashes = path(index, entries.map((each) => each.leaf));
      return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.map((each) => `${each.toString("base64")}\n`).join("")}\n${note()}`;
    },
  };
}
