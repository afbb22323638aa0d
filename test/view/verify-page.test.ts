// The checker's page as the server sends it: no verdict, every part that its script fills, and words for whoever has no script.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHEATS, firstToTry, readCheat } from "../../src/client/cheat-names.ts";
import { DocsPage } from "../../src/view/docs-page.tsx";
import { SignInPage } from "../../src/view/sign-in-page.tsx";
import { VerifyPage } from "../../src/view/verify-page.tsx";

const origin = "https://agent.example";

async function verifyPage(run: string | null): Promise<string> {
  return String(await VerifyPage({ origin, run }).toString());
}

const words = (html: string) => html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

describe("the verify page", () => {
  it("comes without a verdict, and says that nothing was checked", async () => {
    const said = words(await verifyPage(null));
    expect(said).toContain("Not verified yet");
    expect(said).toContain("Anything at all, until your browser has verified it.");
    expect(said).not.toMatch(/✓|Valid\.|Caught/);
  });

  it("has every part and template that its script fills", async () => {
    const html = await verifyPage("run-1");
    const scripts = ["verify-page", "show-verdict", "show-receipts", "show-chosen"];
    const source = scripts.map((name) => readFileSync(`src/client/${name}.ts`, "utf8")).join("\n");
    const ids = [...source.matchAll(/\b(?:part|stamp|takeFile|onClick)\("([a-z-]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBeGreaterThan(20);
    for (const id of new Set(ids)) expect(html, id).toContain(`id="${id}"`);
    for (const how of CHEATS) expect(html).toMatch(new RegExp(`id="caught-${how}"`));
  });

  it("names the run of the address, and its bundle for the command line", async () => {
    const html = await verifyPage("run-840ab3c2");
    expect(html).toContain("<title>Verify run 840ab3 · Countersign</title>");
    expect(words(html)).toContain("Run 840ab3 of this deployment");
    expect(html).toContain(`${origin}/api/runs/run-840ab3c2/bundle`);
  });

  it("labels the sample as one", async () => {
    expect(words(await verifyPage(null))).toContain("Sample run, public demo keys");
  });

  it("tells whoever has no script that nothing was verified, and where else to", async () => {
    const [, noscript = ""] = /<noscript>(.*?)<\/noscript>/s.exec(await verifyPage(null)) ?? [];
    expect(words(noscript)).toContain("Nothing has been verified.");
  });
});

describe("the address", () => {
  it("asks for one cheat by its name, or for the first that the chain allows", () => {
    expect(firstToTry("drop")).toEqual(["drop"]);
    expect(firstToTry("forge")).toEqual(CHEATS);
    expect(firstToTry("__proto__")).toEqual([]);
    expect(firstToTry(null)).toEqual([]);
    expect(readCheat("toString")).toBeNull();
  });
});

describe("the other pages", () => {
  it("say that a token did not work, and that nothing was started", async () => {
    const refusal = { code: "ERR_CREDENTIAL", message: "the token is not one of this deployment’s" };
    const html = String(await SignInPage({ mode: "token", refusal, next: "/runs/run-1" }).toString());
    expect(words(html)).toContain("That token didn’t work.");
    expect(words(html)).toContain("Nothing was started or signed.");
    expect(html).toContain('value="/runs/run-1"');
  });

  it("list every operation of the API in a line", async () => {
    const paths = {
      "/api/runs": {
        get: { tags: ["Runs"], summary: "List runs" },
        post: { tags: ["Runs"], summary: "Start one" },
      },
      "/api/runs/{run}/decision": { post: { tags: ["Decisions"], summary: "Decide" } },
    };
    const said = words(String(await DocsPage({ document: { paths }, origin }).toString()));
    expect(said).toContain("POST /api/runs Start one");
    expect(said).toContain("Decisions POST /api/runs/{run}/decision Decide");
  });
});
