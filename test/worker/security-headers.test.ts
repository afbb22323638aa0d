// Whatever the Worker answers carries the headers that keep a browser from being used against its owner. Static files are
// looked at in test/server/sign-in.test.ts.
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { type Deployment, deploy, goodBody, routesOf, startRun } from "./client.ts";

let view: RunView;
beforeAll(async () => {
  view = await startRun();
});

function expectSafe(path: string, { headers }: Response): void {
  expect(Object.fromEntries(headers), path).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
  });
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy, path).toMatch(/^default-src 'none'/);
  expect(policy, path).not.toMatch(/unsafe|\*|https?:/);
  // A sandboxed document has no frames, forms or base to speak of.
  if (!policy.endsWith("; sandbox")) {
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action"])
      expect(policy, path).toContain(rule);
  }
  expect(headers.get("access-control-allow-origin"), path).toBeNull();
}

/** Every route with every method, by somebody who may and by somebody who may not. */
async function* answers(here: Deployment): AsyncGenerator<[string, Response]> {
  for (const { path } of routesOf(view.run)) {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]) {
      const init = ["POST", "PUT"].includes(method) ? goodBody(path, view) : {};
      yield [`${method} ${path}`, await here.ask(path, { method, ...init })];
    }
  }
  yield ["nowhere", await here.ask("/nowhere")];
  yield ["nowhere, as a page", await here.ask("/nowhere", { headers: { accept: "text/html" } })];
  yield ["too large", await here.ask("/api/runs", { method: "POST", body: "x".repeat(70_000) })];
}

describe("every answer", () => {
  const deployments: [string, Deployment][] = [
    ["an open demo", deploy({})],
    ["settings that do not add up", deploy({ REVIEW_AUTH: "" })],
    [
      "protected reading",
      deploy({
        REVIEW_AUTH: "token",
        READ_AUTH: "protected",
        REVIEWER_TOKENS: JSON.stringify([{ id: "alice", sha256: "0".repeat(64) }]),
      }),
    ],
    ["no keys", deploy({ HUMAN_SIGNING_KEY: undefined })],
  ];

  it.each(deployments)("of %s is safe in a browser", async (_, here) => {
    const statuses = new Set<number>();
    for await (const [what, answer] of answers(here)) {
      expectSafe(what, answer);
      expect(answer.headers.has("strict-transport-security"), "over plain HTTP").toBe(false);
      statuses.add(answer.status);
    }
    expect(statuses.size).toBeGreaterThan(2);
  });

  it("over HTTPS keeps browsers to HTTPS, for this host alone", async () => {
    const here = deploy({}, "https://countersign.example");
    for (const path of ["/", "/nowhere", `/api/runs/${view.run}`]) {
      expect((await here.ask(path)).headers.get("strict-transport-security")).toBe("max-age=31536000");
    }
  });
});

describe("an artifact", () => {
  it("that is a page with a script is shown as text, in a sandbox, and never as a page", async () => {
    const html = "<!doctype html><script>document.title = 'owned'</script>";
    const here = deploy({});
    const alert = { title: html, source: "test" };
    const started: RunView = await (await here.post("/api/runs", { alert })).json();
    const receipts: { receipts: { statement: { subject: { digest: { sha256: string } }[] } }[] } = await (
      await here.ask(`/api/runs/${started.run}/receipts`)
    ).json();
    for (const { digest } of receipts.receipts.flatMap(({ statement }) => statement.subject)) {
      const answer = await here.ask(`/api/runs/${started.run}/artifacts/${digest.sha256}`);
      expect(answer.headers.get("content-type")).toMatch(
        /^(text\/plain; charset=utf-8|application\/octet-stream)$/,
      );
      expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
      expectSafe(digest.sha256, answer);
    }
  });
});
