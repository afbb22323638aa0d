// examples/flags: the whole of it, in workerd, on a real KV namespace.
import { beforeEach, describe, expect, it } from "vitest";
import { flags, switcher } from "../../examples/flags/index.ts";
import { verified } from "../engine/in-run.ts";
import { approve, bindings, inExample, shown } from "./example-run.ts";

const { FLAGS } = bindings;
const example = { domain: flags, planner: switcher };

beforeEach(() => FLAGS.put("new_pricing", "true"));

describe("examples/flags", () => {
  it("switches the flag once a human approves, and carts are priced right", async () => {
    await inExample(example, async (run) => {
      expect(await FLAGS.get("new_pricing")).toBe("true");
      expect(await shown(run)).toMatchObject({
        title: "Switch new_pricing off",
        effects: [{ resource: "flag:new_pricing" }],
        checks: [{ name: "carts priced wrong", before: { failed: 3 }, rehearsed: { failed: 0 } }],
      });
      const said = await approve(run);
      expect(said).toMatchObject({ domain: "flags", status: "completed", outcome: { status: "resolved" } });
      expect(said.rounds[0]?.action.args).toEqual({ flag: "new_pricing", on: false });
      expect(await FLAGS.get("new_pricing")).toBe("false");
    });
  });

  it("leaves the flag as it is when a human rejects", async () => {
    await inExample(example, async (run) => {
      await run.decide("reject", { reason: "not in a freeze" });
      await run.drive();
      expect(await verified(run)).toMatchObject({ status: "rejected", outcome: { status: "not_run" } });
      expect(await FLAGS.get("new_pricing")).toBe("true");
    });
  });

  it("leaves a flag that somebody else has switched since", async () => {
    await inExample(example, async (run) => {
      await FLAGS.delete("new_pricing");
      const said = await approve(run);
      expect(said.rounds[0]?.execution?.status).toBe("failed");
      expect(await FLAGS.get("new_pricing")).toBeNull();
    });
  });
});
