// A file that takes long to look through holds up the host, so it is passed over; a short one is looked through to a bound.
import { describe, expect, it } from "vitest";
import { locateFault } from "../../src/agent/locate-fault.ts";

const ERROR = { message: "", times: 1, property: "items", paths: ["/checkout"] };
const faulty = (filler: string) =>
  `${filler}\nasync function checkout(cart) {\n  const total = cart.items.length;\n  return json(200, total);\n}\n`;

describe("the search for the fault", () => {
  it("finds it in a file of ordinary length and passes over one that is too long", () => {
    expect(locateFault(new Map([["src/a.js", faulty("// short")]]), ERROR)?.base).toBe("cart");
    expect(locateFault(new Map([["src/a.js", faulty("// long\n".repeat(5_000))]]), ERROR)).toBeNull();
  });
});
