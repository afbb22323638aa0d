// Names with white space that a page would lose: wherever one is shown, it does not look like the name without.
import { describe, expect, it } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import { SIGNER_OF } from "../../src/receipt/index.ts";
import { DeskPage } from "../../src/view/desk-page.tsx";
import { ReceiptPage } from "../../src/view/receipt-page.tsx";
import { RunListPage } from "../../src/view/run-list-page.tsx";
import { RunPage } from "../../src/view/run-page.tsx";
import type { Story } from "../../src/view/story.ts";
import type { Deciding } from "../../src/view/who-decides.tsx";
import { lawful, storyOf } from "./lawful-stories.ts";

const NOW = "2026-11-23T06:00:00.000Z";
const KEYS = new Map<string, string>();
const origin = "https://countersign.example";

/** Words that names end in, each with white space after it. */
const SPOILT = ["§1 ", "§2\t", "§3\n", "§4  §"];

/** All fields whose text names something. */
const NAMING = new Set(["id", "method", "source", "title", "path", "connector", "issuer", "kind"]);

/** A value in which every name ends in a word with white space after it. */
function spoil(value: unknown, word: string): unknown {
  if (Array.isArray(value)) return value.map((item) => spoil(item, word));
  if (typeof value !== "object" || value === null || value instanceof Map) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const names = NAMING.has(name) && typeof item === "string" && !(item in SIGNER_OF);
      return [name, names ? `${item}${word}` : spoil(item, word)];
    }),
  );
}

/** The page without what keeps white space by itself, which is code and JSON. */
const withoutBoxes = (html: string) =>
  html
    .replace(/<figure class="code-box.*?<\/figure>/gs, "")
    .replace(/<table (?:class="unified"|class="split").*?<\/table>/gs, "");

/** Every place where a spoilt name is shown, with what follows it. */
const places = (html: string, word: string) =>
  withoutBoxes(html).match(new RegExp(`${word.slice(0, 2)}.{0,8}`, "gs")) ?? [];

function expectShown(html: string, word: string, atLeast: number): void {
  const found = places(html, word);
  expect(found.length).toBeGreaterThanOrEqual(atLeast);
  const code = { "§1": "U+0020", "§2": "U+0009", "§3": "U+000A", "§4": "U+0020" }[word.slice(0, 2)];
  for (const place of found) expect(place).toMatch(/^§\d(<u[ >]|U\+00)/);
  expect(withoutBoxes(html)).toContain(code);
}

const stories = lawful.map(({ name, bundle }) => ({ name, story: storyOf(bundle) }));
const longest = stories.reduce((a, b) => (b.story.receipts.length > a.story.receipts.length ? b : a));
const waiting = stories.find(({ story }) => story.open);

describe.each(SPOILT)("a name that ends in %j", (word) => {
  it.each([longest, waiting])("is told from the one without on a run's page", async (one) => {
    if (!one) throw new Error("expected a chain that waits for a decision");
    const story = spoil(one.story, word) as Story;
    const deciding: Deciding = {
      as: "known",
      mode: "token",
      actor: { id: `ada${word}`, method: "token" },
      mayDecide: true,
    };
    const page = await RunPage({ story, keys: KEYS, origin, now: NOW, deciding }).toString();
    expectShown(String(page), word, 8);
  });

  it("is told from the one without on a receipt's page", async () => {
    const story = spoil(longest.story, word) as Story;
    const pages = await Promise.all(
      story.receipts.map((receipt) => ReceiptPage({ story, receipt, keys: KEYS }).toString()),
    );
    for (const page of pages) expectShown(String(page), word, 2);
  });

  it("is told from the one without in lists", async () => {
    const entry: RunEntry = {
      ...{ run: `run-${"0".repeat(24)}`, status: "awaiting_decision", head: null, count: 4 },
      ...{ createdAt: NOW, title: `Checkout${word}`, risk: "low", expiresAt: NOW, outcome: null },
      links: { self: "", page: "" },
    };
    const standing = { now: NOW, tag: "" };
    const runs = { waiting: { runs: [entry], more: false }, others: { runs: [entry], next: null } };
    const desk = await DeskPage({ runs, origin, deciding: { as: "anyone" }, standing }).toString();
    expectShown(String(desk), word, 2);
    const list = await RunListPage({ status: null, runs: [entry], next: null, standing }).toString();
    expectShown(String(list), word, 1);
  });
});
