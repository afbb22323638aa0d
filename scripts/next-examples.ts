// Captures the examples of version 2's document from a real server. Never edited by hand. It signs with the fixed keys of
// test/conformance, whose seeds are public; ids, times and signatures are those of this one run.
// Usage: node scripts/next-examples.ts <origin> of a server without runs, whose variables are those of test/next/http/story.ts.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { laidOutJson } from "../src/next/view/laid-out-json.ts";
import { FLAGS } from "../test/next/http/flags-demo.ts";
import { Recorder } from "../test/next/http/recorder.ts";
import { tell } from "../test/next/http/story.ts";

const [, , origin] = process.argv;
if (origin === undefined) throw new Error("expected the server's origin");

const recorder = await Recorder.of((path, init) => fetch(`${origin}${path}`, init));
await tell(recorder, FLAGS);
if (recorder.askedAgain > 0) throw new Error("this machine is too busy now; try again");
writeFileSync("src/next/http/openapi/examples.json", `${laidOutJson(recorder.exchanges)}\n`);
rmSync("public/examples-next", { recursive: true, force: true });
for (const [path, text] of recorder.files) {
  // The document itself needs no copy.
  if (!path.startsWith("/examples/")) continue;
  const file = join("public", path.replace("/examples/", "/examples-next/"));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
console.log(`${recorder.exchanges.length} examples, ${recorder.files.size} of them as files`);
