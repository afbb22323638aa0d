// What a script proposes is run before anybody approves it, by the probe: in an isolate as bare as the script's own. It may lie
// about itself as an answer, but not reach out, swell the report, or stop the run; and a path is only a name.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { runProbe } from "../../../src/codemode/run-probe.ts";
import { canonicalBytes } from "../../../src/receipt/index.ts";
import { CHECKOUT_FILES } from "../../../src/workload/checkout-source.ts";
import { decided } from "../client.ts";
import { inside } from "../instances.ts";
import { attack, bodies, expectWritten, runScript } from "./attack.ts";

let run: string;
beforeAll(async () => {
  run = (await attack(bodies({}))).run;
});

interface Preview {
  readonly probe: {
    readonly tally: { failed: number };
    readonly failures: readonly { error: string | null; status: number }[];
  };
}

/** What the probe reports of a checkout with this source. */
async function probed(source: string, path = "src/worker.js"): Promise<Preview["probe"]> {
  const args = JSON.stringify({ path, content: source });
  const pass = await runScript(run, `return await repository.preview_patch(${args});`);
  if (pass.status !== "completed") throw new Error(JSON.stringify(pass));
  const { probe } = pass.result as Preview;
  expect(() => canonicalBytes(probe)).not.toThrow();
  expect(JSON.stringify(probe).length).toBeLessThan(50_000);
  return probe;
}

const fetching = (body: string) => `export default { async fetch(request, env, ctx) { ${body} } };`;

describe("proposed source", () => {
  it("reaches no network and finds no binding", async () => {
    const { failures } = await probed(
      fetching(`let said = JSON.stringify(env);
        try { await fetch("https://example.com/"); said += "reached"; } catch (error) { said += error.message; }
        throw new Error(said);`),
    );
    expect(failures[0]?.error).toMatch(/^\{\}This worker is not permitted to access the internet/);
  });

  it.each([
    [
      "a header of its own",
      fetching(`return new Response("", { headers: { "x-probe-threw": "a".repeat(30000) } });`),
    ],
    [
      "a header that is no escape",
      fetching(`return new Response("", { headers: { "x-probe-threw": "%" } });`),
    ],
    ["a long message", fetching(`throw new Error("\\u{1F600}".repeat(1e5));`)],
    ["a lone surrogate", fetching(`throw new Error("\\ud800");`)],
    ["what is no error", fetching(`throw { get message() { throw 1; } };`)],
    ["null", fetching("throw null;")],
    ["nothing at all", ""],
    ["a module that throws", `throw new Error("\\ud800".repeat(1e5)); export default {};`],
    ["what is no module", "<script>"],
    ["no response", fetching("return 7;")],
    [
      "a body that breaks off",
      fetching(
        `return new Response(new ReadableStream({ pull() { throw new Error("the cart is gone"); } }));`,
      ),
    ],
    ["a body too long to be a checkout's", fetching(`return new Response("x".repeat(1_048_577));`)],
  ])("that answers with %s is a failure, in few words", async (_, source) => {
    const { tally, failures } = await probed(source);
    expect(tally.failed).toBe(32);
    for (const { error } of failures) expect(error?.length ?? 0).toBeLessThanOrEqual(500);
  });

  it.each([
    [
      "ends its own isolate",
      `import { abortIsolate } from "cloudflare:workers"; ${fetching("abortIsolate('gone');")}`,
    ],
    ["never answers", fetching("for (;;) await scheduler.wait(5);")],
    ["never ends an answer", fetching("return new Response(new ReadableStream({}));")],
  ])("that %s does not hold up the probe", async (_, source) => {
    const report = await inside(run, () =>
      runProbe(env.LOADER, { ...CHECKOUT_FILES, "src/worker.js": source }, 200),
    );
    expect(report.tally).toMatchObject({ requests: 32, failed: 32 });
  });

  it.each([
    "docs/CHANGES.md",
    "package.json",
    "src/types.ts",
    "../x.js",
    "/x.js",
    "src/../src/worker.js",
    "x",
  ])("is measured as it is, whatever else lies at %j", async (path) => {
    const measure = (more: Record<string, string>) =>
      inside(run, () => runProbe(env.LOADER, { ...CHECKOUT_FILES, ...more }));
    expect((await measure({ [path]: "This is no module." })).tally).toEqual((await measure({})).tally);
  });

  it.each(["lib/é.js", "src/[id].js", "a b.mjs", "src/..shared.js"])(
    "may import a module of the name %j",
    async (path) => {
      const source = `export { default } from ${JSON.stringify(`../${path}`)};`;
      const worker = fetching(`return new Response("");`);
      const more = { "src/worker.js": source, [path]: worker };
      const { tally } = await inside(run, () => runProbe(env.LOADER, { ...CHECKOUT_FILES, ...more }));
      expect(tally.failed).toBe(0);
    },
  );

  it.each([
    "__proto__",
    "probe-entry.js",
    "../../etc/passwd",
    "cloudflare:workers",
    "a\u0000b",
    "\u202egnp.js",
    "a".repeat(500),
  ])("may lie at the path %j, which is only a name", async (path) => {
    const call = JSON.stringify({ path, content: "export default 1;", before: null });
    const view = await attack(bodies({ propose: `await repository.write_file(${call});` }));
    expect(view.pending?.path).toBe(path);
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "completed", due: null });
    await expectWritten(done.run, Object.fromEntries([[path, "export default 1;"]]));
  });
});
