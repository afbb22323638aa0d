// What a run costs on Cloudflare, where each load of a Dynamic Worker is billed: as many as docs/operations.md says.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import operations from "../../docs/operations.md?raw";
import { nameRun } from "../../src/http/run-stub.ts";
import { stubOf } from "./client.ts";
import { runRequest } from "./instances.ts";

/** How many Dynamic Workers a run has loaded once it waits, or has ended after these decisions. */
async function loadsOf(...decisions: ("approve" | "reject" | "request_changes")[]): Promise<number> {
  const run = nameRun(null);
  return runInDurableObject(stubOf(run), async (instance) => {
    let loads = 0;
    const LOADER: WorkerLoader = {
      load(code) {
        loads += 1;
        return env.LOADER.load(code);
      },
      // One that is kept by its name would be billed by other rules.
      get: () => expect.unreachable("expected no Dynamic Worker to be kept"),
    };
    Object.defineProperty(instance, "env", { value: { ...env, LOADER } });
    let view = await instance.start(run, runRequest(), { waitMs: 20_000 });
    for (const decision of decisions) {
      const proposal = (view.ok ? view.value.pending?.proposal : null) ?? "sha256:";
      const reason = decision === "request_changes" ? "Answer 409 instead." : "";
      const reviewer = { id: "reviewer", method: "test" };
      view = await instance.decide({ decision, proposal, reason, reviewer }, { waitMs: 20_000 });
    }
    expect(view.ok && ["awaiting_decision", "completed", "rejected"]).toContain(view.ok && view.value.status);
    return loads;
  });
}

it("loads as many Dynamic Workers as the documentation says", async () => {
  const waiting = await loadsOf();
  const revised = (await loadsOf("request_changes")) - waiting;
  const [approved, rejected] = [await loadsOf("approve"), await loadsOf("reject")];
  expect(operations.replaceAll(/\s+/g, " ")).toContain(
    `A run of the checkout loads ${waiting} until it waits, ${revised} for each further proposal, ${approved - waiting} more when it is approved and ${rejected - waiting} when it is rejected: ${approved} and ${rejected} for one that is decided at once.`,
  );
});
