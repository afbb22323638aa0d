// Captures the examples of the API's document from a real server: `npm run examples`. Never edited by hand. It signs with the
// fixed keys of test/conformance, whose seeds are public; ids, times and signatures are those of this one run.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { laidOutJson } from "../src/view/laid-out-json.ts";
import { seedOf } from "../test/conformance/fixed-keys.ts";
import { Recorder } from "../test/http/recorder.ts";
import { SETTINGS, tell } from "../test/http/story.ts";
import { startDevServer } from "../test/server/dev-server.ts";
import { startRun } from "../test/server/runs.ts";

const settings = {
  ...SETTINGS,
  AGENT_SIGNING_KEY: Buffer.from(seedOf("agent")).toString("base64url"),
  HUMAN_SIGNING_KEY: Buffer.from(seedOf("human")).toString("base64url"),
  RUNTIME_SIGNING_KEY: Buffer.from(seedOf("runtime")).toString("base64url"),
};
const flags = Object.entries(settings).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
const server = await startDevServer({ flags });
try {
  // The first run loads what the others find loaded; every answer that is kept shall be the one that was first given.
  await startRun(server.origin);
  const recorder = new Recorder((path, init) => fetch(`${server.origin}${path}`, init));
  await tell(recorder);
  if (recorder.askedAgain > 0) throw new Error("this machine is too busy now; try again");
  writeFileSync("src/http/openapi/examples.json", `${laidOutJson(recorder.exchanges)}\n`);
  rmSync("public/examples", { recursive: true, force: true });
  for (const [path, text] of recorder.files) {
    // The document itself needs no copy.
    if (!path.startsWith("/examples/")) continue;
    mkdirSync(join("public", dirname(path)), { recursive: true });
    writeFileSync(join("public", path), text);
  }
  console.log(`${recorder.exchanges.length} examples, ${recorder.files.size} of them as files`);
} finally {
  await server.stop();
}
