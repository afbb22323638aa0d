// Captures the examples of the API's document from a real server: `npm run examples`. Never edited by hand. It signs with the
// fixed keys of test/conformance, whose seeds are public; ids, times and signatures are those of this one run.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { laidOutJson } from "../src/view/laid-out-json.ts";
import { seedOf } from "../test/conformance/fixed-keys.ts";
import { FLAGS } from "../test/http/flags-demo.ts";
import { Recorder } from "../test/http/recorder.ts";
import { SETTINGS, tell } from "../test/http/story.ts";
import { startDevServer } from "../test/server/dev-server.ts";

const settings = {
  ...SETTINGS,
  AGENT_SIGNING_KEY: Buffer.from(seedOf("agent")).toString("base64url"),
  HUMAN_SIGNING_KEY: Buffer.from(seedOf("human")).toString("base64url"),
  RUNTIME_SIGNING_KEY: Buffer.from(seedOf("runtime")).toString("base64url"),
};
const vars = Object.entries(settings).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
const server = await startDevServer({ flags: ["--config", "test/worker/wrangler.toml", ...vars] });
try {
  const recorder = await Recorder.of((path, init) => fetch(`${server.origin}${path}`, init));
  await tell(recorder, FLAGS);
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
