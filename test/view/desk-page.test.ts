// What the desk says, from the runs as the index lists them.
import { describe, expect, it } from "vitest";
import type { ListedRun } from "../../src/host/run-index.ts";
import { DeskPage, type DeskPageProps } from "../../src/view/desk-page.tsx";
import { listedWords, missingWords, waits } from "../../src/view/listed-words.ts";
import { RunListPage } from "../../src/view/run-list-page.tsx";
import { entries, listed, minutesFrom } from "./listed-runs.ts";

const NOW = "2026-11-30T08:00:00.000Z";
const made = entries(NOW);

async function desk(changes: Partial<DeskPageProps> = {}): Promise<string> {
  const page = DeskPage({
    runs: { waiting: { runs: made.waiting, more: false }, others: { runs: made.others, next: null } },
    troubles: [],
    start: "Fire the alert",
    origin: "https://agent.example",
    deciding: { as: "anyone" },
    standing: { now: NOW, tag: "tag" },
    ...changes,
  });
  return String(await page.toString());
}

/** A page without its markup, on one line. */
function words(html: string): string {
  return html
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll(" .", ".");
}

/** The page's part between two headings. */
function between(html: string, from: string, to: string): string {
  const start = html.indexOf(from);
  return html.slice(start, html.indexOf(to, start + 1));
}

const only = (waiting: readonly ListedRun[], others: readonly ListedRun[] = []) => ({
  waiting: { runs: waiting, more: false },
  others: { runs: others, next: null },
});

describe("a waiting run's line", () => {
  it("says the proposal, what it changes and the time left, then whose alert it answers", async () => {
    const html = await desk({ runs: only(made.waiting.slice(1, 2)) });
    const line = words(between(html, 'id="run-5512fe90"', "</li>"));
    expect(line).toMatch(
      /Switch new_pricing off .*[23] min left Changes flag:new_pricing and 1 more 5512fe Carts are priced wrong revision 2 high risk, says the agent approved by alice 2 approvals missing: 1 reviewer, 1 security/,
    );
  });

  it("names the call where no change can be derived", async () => {
    const html = await desk({ runs: only(made.waiting.slice(2)) });
    expect(words(html)).toContain("Calls github.create_pull_request");
  });

  it("comes before the hero in the page, and says how many wait in the title", async () => {
    const html = await desk();
    expect(html.indexOf('id="waiting-title"')).toBeLessThan(html.indexOf('id="hero-title"'));
    expect(html).toContain("<title>(3) Decision needed · Countersign</title>");
  });
});

describe("what does not wait", () => {
  it.each([
    ["cannot be opened", { unopenable: "ERR_RUN_VERSION" }],
    ["is out of time", { expiresAt: minutesFrom(NOW, -1) }],
    ["has another status", { status: "expired" as const }],
  ])("takes no place among those that do when it %s", async (_, changes) => {
    const over = listed(NOW, "run-over", changes);
    expect(waits(over, NOW)).toBe(false);
    const html = await desk({ runs: only([over, listed(NOW, "run-waits")]) });
    expect(html).toContain("<title>(1) Decision needed · Countersign</title>");
    const waiting = between(html, 'id="waiting-title"', "</section>");
    expect(waiting).toContain('id="run-waits"');
    expect(waiting).not.toContain('id="run-over"');
    expect(between(html, 'id="runs-title"', "</section>")).toContain('id="run-over"');
  });

  it.each([
    ["run-1a", "Fixed. Requests that fail: 6 → 0 of 32."],
    ["run-2bb", "Worse. Requests that fail: 6 → 32 of 32."],
    ["run-3ccc", "Done, not measured. Approved by alice."],
    ["run-4dddd", "Rejected by alice. Nothing was changed."],
    ["run-5eeeee", "Expired. Nobody decided in time. Nothing was changed."],
    ["run-6ffffff", "Not done. src/checkout.js has changed since the proposal. Nothing was changed."],
    ["run-7ggggggg", "It may or may not have happened."],
    ["run-8hhhhhhhh", "Cannot be opened. ERR_RUN_VERSION"],
    ["run-9i", "Investigating."],
    ["run-0j", "Working. Approved by alice."],
  ])("says of %s in plain words: %s", (run, said) => {
    const entry = made.others.find((each) => each.run === run);
    if (!entry) throw new Error(`expected ${run}`);
    const { title, sentence } = listedWords(entry);
    expect(`${title} ${sentence}`.trim()).toBe(said);
  });

  it("does not say that nothing was changed where an earlier call of the run was made", () => {
    const check = {
      name: "requests that fail",
      before: { total: 32, failed: 6 },
      after: { total: 32, failed: 0 },
    };
    const outcome = { status: "resolved" as const, reason: "", checks: [check] };
    const decided = { decision: "reject", by: "bob" } as const;
    const rejected: Partial<ListedRun> = { status: "rejected", outcome, decided };
    const { title, sentence } = listedWords(listed(NOW, "run-twice", rejected));
    expect(`${title} ${sentence}`).toBe("Rejected by bob. An earlier call of this run was made.");
  });
});

describe("the desk", () => {
  it("says on top what is wrong with the deployment, and offers no button that nobody may press", async () => {
    const html = await desk({
      deciding: { as: "nobody", message: "REVIEW_AUTH is missing" },
      troubles: ["Runs of old.example cannot be opened."],
    });
    const said = words(html);
    expect(said).toContain("This deployment is not set up right.");
    expect(said).toContain("Nobody can start or decide: REVIEW_AUTH is missing.");
    expect(said).toContain("Runs of old.example cannot be opened.");
    expect(html.indexOf("not set up right")).toBeLessThan(html.indexOf("Waiting for a decision"));
    expect(html).not.toContain('action="/runs"');
  });

  it("says in the masthead who reads it", async () => {
    const actor = { id: "alice", method: "token" };
    const known = await desk({
      deciding: {
        as: "known",
        mode: "token",
        actor,
        mayDecide: true,
        roles: ["reviewer"],
        hasPasskey: false,
      },
    });
    expect(words(between(known, "<header", "</header>"))).toContain("alice");
    expect(words(between(await desk(), "<header", "</header>"))).toContain("Open demo");
  });

  it("stands without its list", async () => {
    const html = await desk({ runs: null });
    expect(words(html)).toContain("The list of runs cannot be read now.");
    expect(html).toContain('action="/runs"');
  });

  it("offers no button where runs start only from outside", async () => {
    expect(await desk({ start: null })).not.toContain('action="/runs"');
  });

  it("shows the sample without saying that it was verified", async () => {
    const html = await desk();
    const sample = words(between(html, "<aside", "</aside>"));
    expect(sample).toContain("approved by alice, with an SSH key");
    expect(sample).not.toMatch(/verified|✓|valid/i);
  });

  it("shows every hidden character that somebody put into a title, a path or a role", async () => {
    const html = await desk({ runs: only(made.hostile) });
    expect(html).not.toMatch(/[\u202e\u2066\u200b]/u);
    expect(html).toContain("U+202E");
    expect(html.length).toBeLessThan(60_000);
  });
});

it("a page of the list says which runs it lists, and leads on", async () => {
  const standing = { now: NOW, tag: "tag" };
  const page = RunListPage({ status: "rejected", runs: made.others, next: "/?cursor=x", standing });
  const html = String(await page.toString());
  expect(html).toContain("<title>Rejected runs · Countersign</title>");
  expect(html).toContain('href="/?cursor=x"');
});

it.each([
  [[], ""],
  [[{ role: "reviewer", count: 1 }], ""],
  [[{ role: "security", count: 1 }], "1 approval missing: 1 security"],
  [
    [
      { role: "reviewer", count: 2 },
      { role: "security", count: 1 },
    ],
    "3 approvals missing: 2 reviewer, 1 security",
  ],
])("says which approvals are missing: %j", (missing, said) => {
  expect(missingWords(missing)).toBe(said);
});
