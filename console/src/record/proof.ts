// Proof files (`c2sp.org/tlog-proof@v1`), checkpoints (`c2sp.org/tlog-checkpoint`) and signed notes
// (`c2sp.org/signed-note`): reading them. Nothing is believed here; verify.ts does the sums.
import { type Bytes, fromBase64, fromHex } from "./bytes";

const HEADER = "c2sp.org/tlog-proof@v1";
const HASH_BYTES = 32;
const KEY_ID_BYTES = 4;
const ED25519_TYPE = 1;
const ED25519_KEY_BYTES = 32;

export interface Signature {
  name: string;
  keyId: Bytes;
  signature: Bytes;
}
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
  /** What is signed: every line of the body with its line end. */
  body: string;
  signatures: Signature[];
}
export interface Proof {
  extra: Bytes | null;
  index: number;
  hashes: Bytes[];
  checkpoint: Checkpoint;
}
export interface VerifierKey {
  name: string;
  keyId: Bytes;
  key: Bytes;
}

function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

function hash(text: string | undefined): Bytes | null {
  const bytes = text === undefined ? null : fromBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : null;
}

function signature(line: string): Signature | null {
  const found = /^— (\S+) (\S+)$/.exec(line);
  const bytes = found?.[2] ? fromBase64(found[2]) : null;
  if (!found?.[1] || !bytes || bytes.length <= KEY_ID_BYTES) return null;
  return { name: found[1], keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

export function parseCheckpoint(note: string): Checkpoint | null {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) return null;
  const body = note.slice(0, cut + 1);
  const [origin, sizeText, rootText] = body.split("\n");
  const size = wholeNumber(sizeText);
  const root = hash(rootText);
  const signatures = note.slice(cut + 2).split("\n").filter((line) => line !== "").map(signature);
  const readable = signatures.filter((each) => each !== null);
  if (!origin || size === null || !root || readable.length !== signatures.length) return null;
  return { origin, size, root, body, signatures: readable };
}

export function parseProof(text: string): Proof | null {
  const cut = text.indexOf("\n\n");
  if (cut < 0) return null;
  const lines = text.slice(0, cut).split("\n");
  if (lines.shift() !== HEADER) return null;
  const extraText = lines[0]?.startsWith("extra ") ? lines.shift()?.slice("extra ".length) : undefined;
  const extra = extraText === undefined ? null : fromBase64(extraText);
  if (extraText !== undefined && extra === null) return null;
  const index = wholeNumber(/^index (\d+)$/.exec(lines.shift() ?? "")?.[1]);
  const hashes = lines.map(hash);
  const good = hashes.filter((each) => each !== null);
  const checkpoint = parseCheckpoint(text.slice(cut + 2));
  if (index === null || !checkpoint || good.length !== hashes.length) return null;
  return { extra, index, hashes: good, checkpoint };
}

/** `name+hash+key`, the public key of a log in the form that the Go tools use. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const found = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const keyId = found?.[2] ? fromHex(found[2]) : null;
  const typed = found?.[3] ? fromBase64(found[3]) : null;
  if (!found?.[1] || !keyId || typed?.length !== ED25519_KEY_BYTES + 1 || typed[0] !== ED25519_TYPE) return null;
  return { name: found[1], keyId, key: typed.slice(1) };
}
