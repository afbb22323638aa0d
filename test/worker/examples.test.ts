// The story that the document's examples are captured from: each of its requests is answered as it says, and no operation is left out.
import { expect, it } from "vitest";
import { FLAGS } from "../http/flags-demo.ts";
import { Recorder } from "../http/recorder.ts";
import { SETTINGS, tell } from "../http/story.ts";
import { deploy } from "./client.ts";
import { emptyIndex, listedAs, withVars } from "./inside.ts";

/** The runs that the story's alerts have started. */
function alertRuns({ exchanges }: Recorder): Set<string> {
  const taken = exchanges.filter(({ operation, status }) => operation === "raiseAlerts" && status === 200);
  const runs = taken.flatMap(({ answer }) => (answer as { alerts: { run: string | null }[] }).alerts);
  return new Set(runs.flatMap(({ run }) => run ?? []));
}

it("every operation has an example, and each is answered as the story says", async () => {
  await emptyIndex();
  await withVars({ ISSUER: SETTINGS.ISSUER }, async () => {
    const recorder = await Recorder.of(deploy(SETTINGS).ask);
    await tell(recorder, FLAGS);
    // The runs of its alerts are still at work; what they report under this name must not meet the next file.
    for (const run of alertRuns(recorder)) {
      await expect
        .poll(async () => (await listedAs(run))?.status, { timeout: 15_000 })
        .toBe("awaiting_decision");
    }
    const told = new Set(recorder.exchanges.map(({ operation }) => operation));
    expect(recorder.operations.filter((operation) => !told.has(operation))).toEqual([]);
    expect([...recorder.files.keys()]).toEqual([
      "/openapi.json",
      "/examples/receipts.json",
      "/examples/bundle.json",
    ]);
  });
}, 60_000);
