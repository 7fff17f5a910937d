import { describe, expect, it } from "vitest";
import { printedDigest, sha256Of } from "../src/pages/papers/digest";

describe("a paper's digests", () => {
  const recorded = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";

  it("are compared with what the code carried", () => {
    expect(printedDigest(`#${recorded}`, recorded)).toBe("good");
    expect(printedDigest(`#${recorded.toUpperCase()}`, recorded)).toBe("good");
    expect(printedDigest(`#${recorded.slice(1)}`, recorded)).toBe("bad");
    expect(printedDigest("", recorded)).toBe("none");
    expect(printedDigest("#", recorded)).toBe("none");
  });

  it("are computed of a file where it lies", async () => {
    const file = new Blob([new TextEncoder().encode("abc")]);
    expect(await sha256Of(file)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const altered = new Blob([new TextEncoder().encode("abd")]);
    expect(await sha256Of(altered)).not.toBe(await sha256Of(file));
  });
});
