// The runs before a run, read out of the bundle that its first receipt names.
import { describe, expect, it } from "vitest";
import { ancestorsOf } from "../../src/chain/index.ts";
import { canonicalize, type ReceiptOf } from "../../src/receipt/index.ts";
import { type Chain, type ChainOptions, writeChain } from "../conformance/chain-writer.ts";
import { type Edit, put } from "../conformance/json-edit.ts";
import { SCENARIOS, type ScenarioName } from "../conformance/scenarios.ts";
import { amend, type Step } from "../conformance/step.ts";
import { openChain } from "./open-chain.ts";

const NOTHING = { digests: [] };

/** A scenario that continues a run, whose bundle may have been changed before it was named. */
function continuing(name: ScenarioName, run: string, parent: Chain, edit: Edit = (value) => value): Step[] {
  const bundle = canonicalize(edit(parent.bundle, NOTHING));
  return amend(SCENARIOS[name], 0, { parent: { run, handoff: parent.digests.at(-1) ?? "", bundle } });
}

async function open(scenario: readonly Step[], options: ChainOptions = {}) {
  const { receipts, artifacts } = await openChain(scenario, options);
  const [alert] = receipts;
  if (alert?.kind !== "alert") throw new Error("expected an alert");
  return { alert: alert satisfies ReceiptOf<"alert">, artifacts };
}

const first = writeChain(SCENARIOS.rejected, { run: "run-0" });
const second = continuing("expired", "run-0", first);

describe("ancestorsOf", () => {
  it("finds none of a run that continues none", async () => {
    const { alert, artifacts } = await open(SCENARIOS.approved);
    expect(ancestorsOf(alert, artifacts)).toEqual([]);
  });

  it("finds every run before a run, nearest first, each with its receipts and its artifacts", async () => {
    const steps = continuing("approved", "run-1", writeChain(second, { run: "run-1" }));
    const { alert, artifacts } = await open(steps, { run: "run-2" });
    const ancestors = ancestorsOf(alert, artifacts);
    expect(ancestors.map(({ run }) => run)).toEqual(["run-1", "run-0"]);
    const [nearest, furthest] = ancestors;
    const opened = await openChain(second, { run: "run-1" });
    expect(nearest?.receipts).toEqual(opened.receipts);
    expect(furthest?.receipts).toEqual((await openChain(SCENARIOS.rejected, { run: "run-0" })).receipts);
    expect(nearest).toMatchObject({
      alert: opened.receipts[0],
      outcome: opened.receipts.at(-2),
      handoff: opened.receipts.at(-1),
    });
    for (const { statement } of nearest?.receipts ?? []) {
      for (const { digest } of statement.subject) {
        expect(nearest?.artifacts(digest.sha256)).toEqual(opened.artifacts(digest.sha256));
      }
    }
    expect(nearest?.artifacts("0".repeat(64))).toBeUndefined();
    expect(nearest?.artifacts("__proto__")).toBeUndefined();
  });

  it("leaves out what it cannot read of a receipt, and goes on", async () => {
    const steps = continuing("approved", "run-0", first, put("receipts.2", null));
    const { alert, artifacts } = await open(steps);
    expect(ancestorsOf(alert, artifacts).map(({ receipts }) => receipts.length)).toEqual([7]);
  });

  it.each([
    ["is not at hand", (value) => value, true],
    ["is no bundle", () => ({ a: "parent" }), false],
    ["has no alert", put("receipts.0", null), false],
    ["has no outcome", put("receipts.6", null), false],
    ["has no handoff", put("receipts.7", null), false],
  ] satisfies [string, Edit, boolean][])("stops at a parent whose bundle %s", async (_, edit, isLost) => {
    const { alert, artifacts } = await open(continuing("approved", "run-0", first, edit));
    expect(ancestorsOf(alert, isLost ? () => undefined : artifacts)).toEqual([]);
  });
});
