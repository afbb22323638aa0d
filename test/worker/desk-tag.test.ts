// The desk asked again and again, as an open window does: nothing is sent while nothing has changed, and whatever the page
// would show differently is a change.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY, type RunEntry, runEntry } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { request } from "./client.ts";
import { deploy, issue } from "./deployment.ts";
import { breakIndex, emptyIndex, mendIndex } from "./index-table.ts";

const NOON = "2026-11-23T12:00:00.000Z";
/** While a reviewer has time left: a run whose time is over waits for nobody. */
const SOON = new Date(Date.now() + 3_600_000).toISOString();

async function enter(more: Partial<RunEntry> = {}): Promise<RunEntry> {
  const entry = { ...runEntry(nameRun(null), NOON, EMPTY), ...more };
  await runIndexOf(env).report(entry);
  return entry;
}

async function tagOf(answer: Promise<Response> | Response): Promise<string> {
  const { headers, status } = await answer;
  expect(status).toBe(200);
  return headers.get("etag") ?? "none";
}

const ask = (tag: string, path = "/") => request(path, { headers: { "if-none-match": tag } });

beforeEach(emptyIndex);

describe.each(["/", "/?status=awaiting_decision"])("%s", (path) => {
  it("is not sent again while nothing has changed, and is in no cache", async () => {
    await enter({ status: "awaiting_decision", expiresAt: SOON });
    const first = await request(path);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect(await first.text()).toContain(`data-tag="${tag.replaceAll('"', "&quot;")}"`);
    for (const known of [tag, `"other", ${tag}`]) {
      const again = await ask(known, path);
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
      expect(again.headers.get("cache-control")).toBe("no-store");
      expect(again.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
    expect(first.headers.get("cache-control")).toBe("no-store");
    for (const unknown of ["", "*", `"${tag}"`, tag.replace(/.$/, '0"')]) {
      expect((await ask(unknown, path)).status, unknown).toBe(200);
    }
  });

  it("is sent again once a run has come, moved on or gone", async () => {
    const tags = [await tagOf(request(path))];
    const entry = await enter({ status: "awaiting_decision", expiresAt: SOON });
    tags.push(await tagOf(ask(tags.at(-1) ?? "", path)));
    await runIndexOf(env).report({ ...entry, count: 5, title: "Another title" });
    tags.push(await tagOf(ask(tags.at(-1) ?? "", path)));
    await runIndexOf(env).forget(entry.run);
    expect(await tagOf(ask(tags.at(-1) ?? "", path))).toBe(tags[0]);
    expect(new Set(tags).size).toBe(3);
  });
});

describe("the desk", () => {
  it("is another one for whoever may do something else there", async () => {
    const alice = issue("alice@example.com");
    const closed = deploy({ REVIEW_AUTH: "token", REVIEWER_TOKENS: JSON.stringify([alice.entry]) });
    const tags = await Promise.all([
      tagOf(request("/")),
      tagOf(closed.ask("/")),
      tagOf(closed.ask("/", { headers: alice.bearer })),
      tagOf(deploy({}, "https://elsewhere.example").ask("/")),
    ]);
    expect(new Set(tags).size).toBe(4);
  });

  it("is another one when its list cannot be read, and the same again afterwards", async () => {
    const before = await tagOf(request("/"));
    await breakIndex();
    const without = await tagOf(ask(before));
    await mendIndex();
    expect(without).not.toBe(before);
    expect(await tagOf(ask(without))).toBe(before);
  });

  it.each([
    [0, false, "Countersign", "No run waits for a decision."],
    [1, true, "(1) Decision needed · Countersign", "1 run waits for a decision."],
    [2, true, "(2) Decision needed · Countersign", "2 runs wait for a decision."],
    [21, true, "(20+) Decision needed · Countersign", "More than 20 runs wait for a decision."],
  ])(
    "says how many wait when %i do, in its title and to those who are read to",
    async (count, icon, title, words) => {
      for (let i = 0; i < count; i++) await enter({ status: "awaiting_decision", expiresAt: SOON });
      const html = await (await request("/")).text();
      expect(html).toContain(`<title>${title}</title>`);
      expect(html).toContain(`<p class="unseen" role="status">${words}</p>`);
      expect(html.includes("/favicon-waiting.svg")).toBe(icon);
    },
  );
});
