// Planners of any kind under the engine: odd bytes, odd paths, two calls, a Worker that is none. What was approved is what is written.
import { describe, expect, it } from "vitest";
import { digestOfText } from "../../src/checkout/repository.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { scripted } from "../../src/domain/index.ts";
import { contentOf, counts, ends, PATH, start, waits } from "./checkout-run.ts";
import { inRun } from "./in-run.ts";

const READ = `const file = await repository.read_file({ path: "${PATH}" });`;
const writing = (content: string) =>
  `async () => { ${READ} return await repository.write_file({ path: "${PATH}", content: ${content}, before: file.digest }); }`;

describe("a planner of any kind", () => {
  const scripting = (code: string) =>
    scripted({
      id: "any",
      investigate: () => "async () => ({})",
      propose: () => ({ code, title: "Any", summary: "", risk: "high", feedback: null }),
    });

  it.each<[string, string, (source: string) => string]>([
    ["CR in a comment", String.raw`file.content + "// a\rvoid 0;\n"`, (source) => `${source}// a\rvoid 0;\n`],
    [
      "CRLF throughout",
      String.raw`file.content.replace(/\n/g, "\r\n")`,
      (source) => source.replaceAll("\n", "\r\n"),
    ],
    ["no final newline", String.raw`file.content.replace(/\n$/, "")`, (source) => source.trimEnd()],
    [
      "what cannot be seen",
      String.raw`file.content + "// \u202e gnp \u2066 a\u2069 \u200b\u3164\ufeff\u{e0100}\u{e0041}\u0085\n"`,
      (source) => `${source}// \u202e gnp \u2066 a\u2069 \u200b\u3164\ufeff\u{e0100}\u{e0041}\u0085\n`,
    ],
    [
      "a look-alike",
      String.raw`file.content + "const \u0441art = 1;\n"`,
      (source) => `${source}const \u0441art = 1;\n`,
    ],
  ])("may write %s: the very bytes are approved, rehearsed and written", async (_, content, expected) => {
    await inRun(async (run) => {
      start(run, { planner: scripting(writing(content)) });
      const { preview } = await waits(run);
      expect(preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(6, 0));
      await run.decide("approve");
      expect(await ends(run)).toMatchObject({ outcome: { status: "unresolved" } });
      expect(await contentOf(run)).toBe(expected(SOURCE[PATH] ?? ""));
    });
  });

  it("sees in the rehearsal what a Worker that answers x to everything is worth", async () => {
    await inRun(async (run) => {
      const content = 'export default { fetch: () => new Response("x") };';
      const code = `async () => repository.write_file({ path: "src/worker.js", content: ${JSON.stringify(content)}, before: "${digestOfText(SOURCE["src/worker.js"] ?? "")}" })`;
      start(run, { planner: scripting(code) });
      const { preview } = await waits(run);
      expect(preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(32, 16));
      await run.decide("reject");
      await ends(run);
    });
  });

  it("may make two gated calls, each approved by itself, and take a file away", async () => {
    await inRun(async (run) => {
      const code = `async () => {
        const first = { path: "src/note.js", content: "export {};", before: null };
        await repository.write_file(first);
        await repository.write_file({ path: "src/note.js", content: null, before: "${digestOfText("export {};")}" });
      }`;
      start(run, { planner: scripting(code) });
      await waits(run);
      await run.decide("approve");
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await contentOf(run, "src/note.js")).toBe("export {};");
      await run.decide("approve");
      const said = await ends(run);
      expect(said.rounds.map(({ execution }) => execution?.status)).toEqual(["executed", "executed"]);
      expect(await contentOf(run, "src/note.js")).toBeUndefined();
    });
  });

  it.each([
    "__proto__",
    "probe-entry.js",
    "../../etc/passwd",
    "cloudflare:workers",
    "a\u0000b",
    "\u202egnp.js",
    "a".repeat(500),
  ])("may write to the path %j, which is only a name", async (path) => {
    await inRun(async (run) => {
      const call = JSON.stringify({ path, content: "export default 1;", before: null });
      start(run, { planner: scripting(`async () => repository.write_file(${call})`) });
      expect((await waits(run)).preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(6, 0));
      await run.decide("approve");
      expect(await ends(run)).toMatchObject({ rounds: [{ execution: { status: "executed" } }] });
      expect(await contentOf(run, path)).toBe("export default 1;");
    });
  });
});
