import { describe, expect, it } from "vitest";
import { jwkOf } from "../src/forms/system-key";
import { servicesOf } from "../src/pages/systems/NationalPanel";

describe("a public key", () => {
  it("is read out of JSON, and nothing else is one", () => {
    expect(jwkOf('{"kty":"OKP","crv":"Ed25519","x":"AA","use":"sig"}')).toMatchObject({ kty: "OKP", crv: "Ed25519", x: "AA" });
    for (const text of ["", "null", "[]", "{}", '{"kty":"OKP"}', "-----BEGIN PUBLIC KEY-----"]) expect(jwkOf(text), text).toBeNull();
  });

  it("is handed on as it is, so that the server sees a private part and refuses it", () => {
    expect(jwkOf('{"kty":"OKP","crv":"Ed25519","x":"AA","d":"BB"}')).toHaveProperty("d");
  });
});

describe("services of the national platform", () => {
  it("are one a line", () => {
    expect(servicesOf("s_1 grt_1\n\n  s_2\tgrt_2 ")).toEqual([
      { code: "s_1", grant: "grt_1" },
      { code: "s_2", grant: "grt_2" },
    ]);
    expect(servicesOf("s_1")).toEqual([{ code: "s_1", grant: "" }]);
  });
});
