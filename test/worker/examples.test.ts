// The document's examples against the Worker as it is now: the same requests in the same order, held to the answers that were
// captured. Only what differs from run to run (names, times, digests, keys, signatures) is left out of the comparison.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import bundleFile from "../../public/examples/bundle.json?raw";
import receiptsFile from "../../public/examples/receipts.json?raw";
import { app } from "../../src/http/app.ts";
import { EXCHANGES } from "../../src/http/openapi/examples.ts";
import { Recorder } from "../http/recorder.ts";
import { SETTINGS, tell } from "../http/story.ts";

const KEPT_FILES = new Map([
  ["/examples/bundle.json", bundleFile],
  ["/examples/receipts.json", receiptsFile],
]);

/** Members that hold another value in each run or under other keys. */
const VARYING = new Set(["x", "kid", "keyid", "sig", "sha256"]);

/** What a value says, without what is another in each run. */
function gist(value: unknown, name = ""): unknown {
  if (typeof value === "string") {
    if (name === "payload") return gist(JSON.parse(decode(value)));
    return VARYING.has(name) ? `a ${name}` : gistOfText(value);
  }
  if (Array.isArray(value)) return value.map((item) => gist(item));
  if (typeof value !== "object" || value === null) return value;
  // Artifacts stand by their digests, in an order that is another in each run.
  if (name === "artifacts") {
    return Object.values(value)
      .map((artifact) => gistOfText(decode(artifact)))
      .sort();
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, gist(item, key)]));
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function gistOfText(text: string): string {
  return text
    .replaceAll(/run-[0-9a-f]{24}/g, "run-…")
    .replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…")
    .replaceAll(/\/[0-9a-f]{64}/g, "/…")
    .replaceAll(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "then")
    .replaceAll(/exec_[\w-]+/g, "exec_…")
    .replaceAll(/cursor=[\w%-]+/g, "cursor=…")
    .replaceAll(env.ISSUER ?? "", SETTINGS.ISSUER);
}

describe("the examples", () => {
  const recorder = new Recorder(async (path, init) => app.request(path, init, { ...env, ...SETTINGS }));

  it("are what the Worker answers today, request by request", async () => {
    await tell(recorder);
    const named = EXCHANGES.map(({ operation, name }) => `${operation} ${name}`);
    expect(recorder.exchanges.map(({ operation, name }) => `${operation} ${name}`)).toEqual(named);
    for (const [at, exchange] of recorder.exchanges.entries()) {
      expect
        .soft(gist(exchange), `${named[at]}: npm run examples captures them anew`)
        .toEqual(gist(EXCHANGES[at]));
    }
  }, 120_000);

  it.each([...KEPT_FILES])("hold in %s what the Worker answers today", (path, kept) => {
    expect(gist(JSON.parse(recorder.files.get(path) ?? "null"))).toEqual(gist(JSON.parse(kept)));
  });
});
