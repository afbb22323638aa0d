// A receipt's own page, for every receipt of every lawful chain of the corpus: it names whatever the receipt binds.
import { describe, expect, it } from "vitest";
import { bindings } from "../../src/view/bindings.ts";
import { ReceiptPage } from "../../src/view/receipt-page.tsx";
import { lawful, storyOf } from "./lawful-stories.ts";

describe("the page of every receipt", () => {
  it.each(lawful)("$name", async ({ bundle }) => {
    const story = storyOf(bundle);
    for (const receipt of story.receipts) {
      const html = String(await ReceiptPage({ story, receipt, keys: new Map() }).toString());
      const { subject, predicate } = receipt.statement;
      for (const { digest } of subject) expect(html).toContain(`/artifacts/sha256:${digest.sha256}"`);
      for (const word of [receipt.digest, receipt.keyid, predicate.prev ?? "", predicate.policy]) {
        expect(html).toContain(`<code>${word}</code>`.replace("<code></code>", ""));
      }
      expect(html).not.toContain("<script");
      expect(html.toLowerCase()).not.toContain("verified");
      expect(new Set(html.match(/ id="[^"]*"/g)).size, "every id once").toBe(html.match(/ id="/g)?.length);
    }
  });
});

describe("what a receipt binds", () => {
  const story = storyOf(lawful.find(({ expect: { verdict } }) => verdict === "valid")?.bundle);
  const of = (kind: string) => {
    const receipt = story.receipts.find((one) => one.kind === kind);
    return receipt ? bindings(receipt, story.receipts) : [];
  };

  it("a decision names the call, its proposal, its preview and the rules, each once", () => {
    expect(of("decision").map(({ terms, what }) => [terms.join(", "), what])).toEqual([
      ["action", "the exact call"],
      ["prev, preview", expect.stringMatching(/^receipt \d+, preview$/)],
      ["proposal", expect.stringMatching(/^receipt \d+, proposal$/)],
      ["policy", "the rules this run stands under"],
    ]);
  });

  it("evidence says which call a subject is, where an item has its name", () => {
    const receipt = story.receipts.find((one) => one.kind === "evidence");
    if (receipt?.kind !== "evidence") throw new Error("expected evidence");
    const { statement } = receipt;
    const items = [{ name: "item-2", connector: "runbooks", method: "search" }];
    const predicate = { ...statement.predicate, items };
    const bound = bindings({ ...receipt, statement: { ...statement, predicate } }, story.receipts);
    expect(bound.filter(({ terms }) => terms[0]?.startsWith("item-")).map(({ what }) => what)).toEqual([
      "a finished call, and what it answered",
      "runbooks.search, and what it answered",
    ]);
  });

  it("the first receipt follows none", () => {
    expect(of("alert").map(({ terms }) => terms.join(", "))).toEqual(["alert", "policy"]);
  });
});
