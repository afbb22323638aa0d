// The probe in workerd: a checkout in an isolate of its own. What a script proposes is run here before anybody approves it, so it may
// lie about itself as an answer, but not reach out, swell the report, or stop the run; and a path is only a name.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type CheckoutEnv, checkout } from "../../src/checkout/domain.ts";
import { runProbe } from "../../src/checkout/run-probe.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import type { Measurement } from "../../src/domain/index.ts";
import { ResourceView } from "../../src/engine/resources.ts";
import { canonicalBytes } from "../../src/receipt/index.ts";

const { LOADER } = env as unknown as CheckoutEnv;

async function probed(more: Readonly<Record<string, string>>, timeoutMs?: number): Promise<Measurement> {
  const files = new Map(Object.entries({ ...SOURCE, ...more }));
  const measured = await runProbe(LOADER, files, timeoutMs === undefined ? {} : { timeoutMs });
  expect(() => canonicalBytes(measured)).not.toThrow();
  expect(JSON.stringify(measured).length).toBeLessThan(50_000);
  return measured;
}

const failedOf = ({ checks }: Measurement) => checks.map(({ failed }) => failed);
const failuresOf = ({ report }: Measurement) =>
  (report as { requests: { failure: string | null }[] }).requests.map(({ failure }) => failure);
const fetching = (body: string) => `export default { async fetch(request, env, ctx) { ${body} } };`;
const worker = (source: string) => ({ "src/worker.js": source });

describe("the source as it is", () => {
  it("fails for 6 requests of 32, and for no valid checkout", async () => {
    const measured = await probed({});
    expect(failedOf(measured)).toEqual([6, 0]);
    expect(new Set(failuresOf(measured))).toEqual(
      new Set([null, "Cannot read properties of undefined (reading 'items')"]),
    );
  });

  it("is measured so by the domain's measure, and by its read", async () => {
    const context = () => ({
      resources: new ResourceView(
        new Map(Object.entries(SOURCE).map(([path, text]) => [`file:${path}`, text])),
        () => false,
      ),
      env: { LOADER },
      signal: new AbortController().signal,
    });
    const measured = (await checkout.measure?.(context())) ?? null;
    expect(measured?.checks.map(({ failed }) => failed)).toEqual([6, 0]);
    const measure = async () => measured;
    expect(await checkout.reads?.browser?.run_checkout?.run({}, { ...context(), measure })).toBe(measured);
  });

  it("is sound again with the guard that the runbook advises", async () => {
    const source = SOURCE["src/checkout.js"]?.replace(
      "const cart = session.cart;",
      '$&\n  if (!cart) return json(400, { error: "cart_missing" });',
    );
    expect(failedOf(await probed({ "src/checkout.js": source ?? "" }))).toEqual([0, 0]);
  });
});

describe("a Worker", () => {
  it.each([
    ["x", fetching(`return new Response("x");`)],
    ["an empty 200", fetching(`return new Response("");`)],
    ["an empty object", fetching(`return Response.json({});`)],
    ["ok", fetching(`return Response.json({ ok: true, total: 4280 });`)],
  ])("that answers %s to everything is not healthy", async (_, source) => {
    const [all, valid] = failedOf(await probed(worker(source)));
    expect(all).toBeGreaterThan(28);
    expect(valid).toBe(16);
  });

  it("is loaded afresh for each measurement", async () => {
    const counting = worker(`let n = 0; ${fetching("n += 1; throw new Error(String(n));")}`);
    const numbers = (measured: Measurement) =>
      failuresOf(measured)
        .map(Number)
        .sort((a, b) => a - b);
    const expected = Array.from({ length: 32 }, (_, i) => i + 1);
    expect(numbers(await probed(counting))).toEqual(expected);
    expect(numbers(await probed(counting))).toEqual(expected);
  });

  it("may have a file that nothing imports and that does not parse", async () => {
    expect(failedOf(await probed({ "src/draft.js": "export function (" }))).toEqual([6, 0]);
  });

  it("does not load when a file that it imports does not parse", async () => {
    expect(failedOf(await probed({ "src/pricing.js": "export function (" }))).toEqual([32, 16]);
  });

  it("reaches no network and finds no binding", async () => {
    const said = failuresOf(
      await probed(
        worker(
          fetching(`let said = JSON.stringify(env);
            try { await fetch("https://example.com/"); said += "reached"; } catch (error) { said += error.message; }
            throw new Error(said);`),
        ),
      ),
    );
    expect(said[0]).toMatch(/^\{\}This worker is not permitted to access the internet/);
  });

  it.each([
    ["lines that are no JSON", `JSON.stringify = () => "["; ${fetching("return Response.json({});")}`],
    ["lines that are no answers", `JSON.stringify = () => "[7]"; ${fetching("return Response.json({});")}`],
    [
      "a status that is none",
      `JSON.stringify = (one) => '{"id":"' + one.id + '","status":"200"}'; ${fetching("return Response.json({});")}`,
    ],
    ["lines without end", `JSON.stringify = () => "x".repeat(9e6); ${fetching("return Response.json({});")}`],
    ["a long message", fetching(`throw new Error("\\u{1F600}".repeat(1e5));`)],
    ["a lone surrogate", fetching(`throw new Error("\\ud800");`)],
    ["what is no error", fetching(`throw { get message() { throw 1; } };`)],
    ["null", fetching("throw null;")],
    ["nothing at all", ""],
    ["a module that throws", `throw new Error("\\ud800".repeat(1e5)); export default {};`],
    ["what is no module", "<script>"],
    ["no response", fetching("return 7;")],
    ["bytes that are no text", fetching("return new Response(new Uint8Array([255, 254, 0]));")],
    ["a long body", fetching(`return Response.json({ total: "\\ud83d".repeat(1e5) });`)],
    [
      "a body that breaks off",
      fetching(
        `return new Response(new ReadableStream({ pull() { throw new Error("the cart is gone"); } }));`,
      ),
    ],
    ["a body too long to be a checkout's", fetching(`return new Response("x".repeat(1_048_577));`)],
  ])("that answers with %s fails every request, in few words", async (_, source) => {
    const measured = await probed(worker(source));
    expect(failedOf(measured)).toEqual([32, 16]);
    for (const failure of failuresOf(measured)) expect(failure?.length).toBeLessThanOrEqual(500);
  });

  it.each([
    [
      "ends its own isolate",
      `import { abortIsolate } from "cloudflare:workers"; ${fetching("abortIsolate('gone');")}`,
    ],
    ["never answers", fetching("for (;;) await scheduler.wait(5);")],
    ["never ends an answer", fetching("return new Response(new ReadableStream({}));")],
  ])("that %s does not hold up the probe", async (_, source) => {
    expect(failedOf(await probed(worker(source), 200))).toEqual([32, 16]);
  });

  it("is not waited for any longer when nobody waits for the measurement", async () => {
    const files = new Map(
      Object.entries({ ...SOURCE, ...worker(fetching("for (;;) await scheduler.wait(5);")) }),
    );
    const measured = await runProbe(LOADER, files, { signal: AbortSignal.abort() });
    expect(failedOf(measured)).toEqual([32, 16]);
  });

  it.each([
    "docs/CHANGES.md",
    "package.json",
    "src/types.ts",
    "../x.js",
    "/x.js",
    "src/../src/worker.js",
    "x",
    "probe-entry.js",
  ])("is measured as it is, whatever else lies at %j", async (path) => {
    expect(await probed({ [path]: "This is no module." })).toEqual(await probed({}));
  });

  it.each(["lib/é.js", "src/[id].js", "a b.mjs", "src/..shared.js"])(
    "may import a module of the name %j",
    async (path) => {
      const source = `export { default } from ${JSON.stringify(`../${path}`)};`;
      const other = fetching(`return Response.json({ ok: true });`);
      // Two requests ask whether it is well.
      expect(failedOf(await probed({ ...worker(source), [path]: other }))).toEqual([30, 16]);
    },
  );

  it("may import in every way that there is", async () => {
    const more = {
      "src/worker.js": `import "./side.js"; export { default } from "/lib/main.js";`,
      "src/side.js": "globalThis.side = true;",
      "lib/main.js": fetching(`const { answer } = await import("./late.js"); return answer();`),
      "lib/late.js": `export const answer = () => Response.json({ ok: globalThis.side });`,
    };
    expect(failedOf(await probed(more))).toEqual([30, 16]);
  });

  it("gets the limits of a loaded Worker", async () => {
    const codes: WorkerLoaderWorkerCode[] = [];
    const watched: WorkerLoader = {
      get: () => {
        throw new Error("never shared");
      },
      load: (code) => {
        codes.push(code);
        return LOADER.load(code);
      },
    };
    await runProbe(watched, new Map(Object.entries(SOURCE)));
    expect(codes).toMatchObject([
      { globalOutbound: null, env: {}, limits: { cpuMs: 2000, subRequests: 200 } },
    ]);
  });
});
