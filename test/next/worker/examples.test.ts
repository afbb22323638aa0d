// The story that the document's examples are captured from: each of its requests is answered as it says, and no operation is left out.
import { expect, it } from "vitest";
import { FLAGS } from "../http/flags-demo.ts";
import { Recorder } from "../http/recorder.ts";
import { SETTINGS, tell } from "../http/story.ts";
import { deploy } from "./client.ts";
import { emptyIndex, withVars } from "./inside.ts";

it("every operation has an example, and each is answered as the story says", async () => {
  await emptyIndex();
  await withVars({ ISSUER: SETTINGS.ISSUER }, async () => {
    const recorder = await Recorder.of(deploy(SETTINGS).ask);
    await tell(recorder, FLAGS);
    const told = new Set(recorder.exchanges.map(({ operation }) => operation));
    expect(recorder.operations.filter((operation) => !told.has(operation))).toEqual([]);
    expect([...recorder.files.keys()]).toEqual([
      "/openapi.json",
      "/examples/receipts.json",
      "/examples/bundle.json",
    ]);
  });
}, 60_000);
