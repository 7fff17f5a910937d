import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { CART_MAX, cartAdd, cartEmpty, cartRemove, useCart } from "../src/forms/cart-store";

describe("the application for several entries", () => {
  beforeEach(() => act(cartEmpty));

  it("keeps ids in the order in which they were added, each once", () => {
    const { result } = renderHook(() => useCart());
    act(() => {
      cartAdd("cat_b");
      cartAdd("cat_a");
      cartAdd("cat_b");
    });
    expect(result.current).toEqual(["cat_b", "cat_a"]);
    act(() => cartRemove("cat_b"));
    expect(result.current).toEqual(["cat_a"]);
    expect(sessionStorage.getItem("application-entries")).toBe("cat_a");
  });

  it("holds no more than one application may have", () => {
    const { result } = renderHook(() => useCart());
    act(() => {
      for (let n = 0; n <= CART_MAX; n += 1) cartAdd(`cat_${n}`);
    });
    expect(result.current).toHaveLength(CART_MAX);
  });

  it("leaves nothing behind when it is emptied", () => {
    const { result } = renderHook(() => useCart());
    act(() => cartAdd("cat_a"));
    act(cartEmpty);
    expect(result.current).toEqual([]);
    expect(sessionStorage).toHaveLength(0);
  });
});
