// What a script may have printed to the operator's log: Code Mode prints each failed call, and the script chooses what fails.
import { afterEach, describe, expect, it, vi } from "vitest";
import { attack, bodies } from "./attack.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const SECONDS = 5_000;

describe("a call that fails", () => {
  it.each([
    ["names a method without end", `await repository["m".repeat(300000)]({});`],
    ["names a method of two lines", `await repository["read\\n{\\"event\\":\\"run_deleted\\"}"]({});`],
    ["sends a member without end", `await repository.read_file({ path: "a", ["k".repeat(200000)]: 1 });`],
    [
      "asks for a file of two lines",
      `await repository.read_file({ path: "nothing\\n{\\"event\\":\\"run_deleted\\"}" });`,
    ],
  ])("prints little, and no line of the script's own: it %s", async (_, call) => {
    const printed: string[] = [];
    for (const name of ["log", "warn", "error"] as const) {
      vi.spyOn(console, name).mockImplementation((...values) => {
        printed.push(
          values.map((value) => (value instanceof Error ? value.message : String(value))).join(" "),
        );
      });
    }
    await attack(bodies({ investigate: call }), SECONDS);
    expect(printed.filter((text) => text.length > 1_000)).toEqual([]);
    expect(printed.filter((text) => /^\{"event":"run_deleted"/m.test(text))).toEqual([]);
  });
});
