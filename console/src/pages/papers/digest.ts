// What a paper's page compares: the digest behind `#` of its address, and the digest of a file.

/** SHA-256 of a file as lower-case hexadecimal; null where the browser computes none (no https). */
export async function sha256Of(file: Blob): Promise<string | null> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (!subtle) return null;
  const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type Printed = "good" | "bad" | "none";

/** How the digest in the code of a paper stands to the recorded one. */
export function printedDigest(hash: string, recorded: string): Printed {
  const printed = hash.replace(/^#/, "").toLowerCase();
  if (printed === "") return "none";
  return printed === recorded ? "good" : "bad";
}
