// REVIEW_AUTH = "token": a decision bears the name of whoever holds the token, and without one nothing is signed.
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import {
  codeOf,
  deploy,
  expectNothingSigned,
  goodBody,
  issue,
  routesOf,
  signedBy,
  startRun,
} from "./client.ts";
import { withVars } from "./inside.ts";

const WRITING = ["POST", "PUT"];

const alice = issue("alice@example.com");
const bob = issue("bob@example.com");
const pager = issue("pager", "start");

function tokens(more: Record<string, string> = {}, entries = [alice, bob, pager], origin?: string) {
  return deploy(
    {
      REVIEW_AUTH: "token",
      REVIEWER_TOKENS: JSON.stringify(entries.map(({ entry }) => entry)),
      ...more,
    },
    origin,
  );
}

/** A run that waits for a decision, and goes on waiting. */
let waiting: RunView;
beforeAll(async () => {
  waiting = await startRun();
});

const SAME_ORIGIN = { origin: "http://localhost:8787", "sec-fetch-site": "same-origin" };

describe("a reviewer with a token", () => {
  it("starts and decides, and both receipts name them and the method", async () => {
    const here = tokens();
    const started = await here.post("/api/runs", {}, alice.bearer);
    expect(started.status).toBe(201);
    const view: RunView = await started.json();
    const done = await here.post(
      `/api/runs/${view.run}/approve`,
      { proposal: view.pending?.proposal },
      bob.bearer,
    );
    expect(await done.json()).toMatchObject({ status: "completed" });
    expect(await signedBy(view.run)).toEqual({
      startedBy: { id: "alice@example.com", method: "token" },
      reviewer: { id: "bob@example.com", method: "token" },
    });
  });

  it("signs in with a form, and decides with the cookie that page script cannot read", async () => {
    const here = tokens();
    const view = await startRun();
    const fields = { token: ` ${alice.token}\n`, next: `/runs/${view.run}?x=1` };
    const signedIn = await here.submit("/sign-in", fields, SAME_ORIGIN);
    expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, `/runs/${view.run}?x=1`]);
    const [cookie = "", ...attributes] = signedIn.headers.get("set-cookie")?.split("; ") ?? [];
    expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict"]);
    const body = { proposal: view.pending?.proposal ?? "", decision: "reject", reason: "No." };
    const decided = await here.submit(`/runs/${view.run}/decision`, body, { ...SAME_ORIGIN, cookie });
    expect(decided.status).toBe(303);
    expect((await signedBy(view.run)).reviewer).toEqual({ id: "alice@example.com", method: "token" });
    const opened = await here.ask("/sign-out", { headers: { cookie }, redirect: "manual" });
    expect([opened.status, opened.headers.get("set-cookie")], "a link signs nobody out").toEqual([303, null]);
    const out = await here.submit("/sign-out", {}, { ...SAME_ORIGIN, cookie });
    expect(out.headers.get("set-cookie")).toMatch(/^countersign=; Max-Age=0/);
  });

  it("gets a cookie over HTTPS that only this host can set and only HTTPS carries", async () => {
    const here = tokens({}, [alice], "https://countersign.example");
    const signedIn = await here.submit("/sign-in", { token: alice.token });
    const [cookie = "", ...attributes] = signedIn.headers.get("set-cookie")?.split("; ") ?? [];
    expect(cookie).toBe(`__Host-countersign=${encodeURIComponent(alice.token)}`);
    expect(attributes).toContain("Secure");
    const page = await here.ask("/", { headers: { cookie } });
    expect(await page.text()).toContain("<bdi>alice@example.com</bdi>");
  });

  it("is sent on to no other site after signing in", async () => {
    const here = tokens();
    for (const next of [
      ...[
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/.//evil.example",
        "javascript:alert(1)",
      ],
      ...[
        "http://localhost:8787//evil.example",
        "http://user@localhost:1/",
        "\t//evil.example",
        "",
        "https://",
      ],
    ]) {
      const { headers } = await here.submit("/sign-in", { token: alice.token, next });
      expect(new URL(headers.get("location") ?? "", "http://localhost:8787").origin, next).toBe(
        "http://localhost:8787",
      );
    }
  });

  it("is signed out everywhere once taken off the list", async () => {
    const cookie = `countersign=${alice.token}`;
    const here = tokens({}, [bob]);
    const refused = await here.post("/api/runs", {}, { cookie });
    expect([refused.status, await codeOf(refused)]).toEqual([401, "ERR_CREDENTIAL"]);
    expect(here.asked).toEqual([]);
  });

  it("may hold a token that starts runs and never decides", async () => {
    const here = tokens();
    const view: RunView = await (await here.post("/api/runs", {}, pager.bearer)).json();
    const asked = here.asked.length;
    await expectNothingSigned(view.run, async () => {
      for (const { method, path } of routesOf(view.run)) {
        if (
          !WRITING.includes(method) ||
          /^\/(api\/runs|runs|runs\/.*\/continue|sign-in|sign-out|api\/alerts\/.*)$/.test(path)
        )
          continue;
        const init = goodBody(path, view);
        const refused = await here.ask(path, {
          method,
          ...init,
          headers: { ...init.headers, ...pager.bearer },
        });
        expect(refused.status, path).toBe(403);
        if (path.startsWith("/api/")) expect(await codeOf(refused)).toBe("ERR_MAY_NOT_DECIDE");
      }
    });
    expect(here.asked).toHaveLength(asked);
  });
});

describe("the starter of a run, where the policy wants a separate reviewer", () => {
  it("is refused by the rules of the chain, and somebody else is not", async () => {
    const here = tokens();
    const vars = { SEPARATE_REVIEWER: "true", REVIEW_AUTH: "token" };
    const view: RunView = await withVars(vars, async () =>
      (await here.post("/api/runs", {}, alice.bearer)).json(),
    );
    const body = { proposal: view.pending?.proposal };
    await expectNothingSigned(view.run, async () => {
      const refused = await here.post(`/api/runs/${view.run}/approve`, body, alice.bearer);
      expect([refused.status, await codeOf(refused)]).toEqual([403, "ERR_REVIEWER"]);
    });
    const own = await here.ask(`/runs/${view.run}`, { headers: { cookie: `countersign=${alice.token}` } });
    expect(await own.text()).toContain("You started this run, so somebody else has to approve it.");
    expect((await here.post(`/api/runs/${view.run}/approve`, body, bob.bearer)).status).toBe(200);
  });
});

describe("without a good token", () => {
  const bad: [string, Record<string, string>, string][] = [
    ["none", {}, "ERR_SIGN_IN_REQUIRED"],
    ["an empty cookie", { cookie: "countersign=" }, "ERR_SIGN_IN_REQUIRED"],
    ["a cookie of another name", { cookie: `session=${alice.token}` }, "ERR_SIGN_IN_REQUIRED"],
    ["an unknown token", { authorization: "Bearer guess" }, "ERR_CREDENTIAL"],
    ["a good token cut short", { authorization: `Bearer ${alice.token.slice(0, -1)}` }, "ERR_CREDENTIAL"],
    ["the stored hash", { authorization: `Bearer ${alice.entry.sha256}` }, "ERR_CREDENTIAL"],
    ["an empty bearer", { authorization: "Bearer " }, "ERR_CREDENTIAL"],
    ["another scheme", { authorization: `Basic ${btoa(`alice:${alice.token}`)}` }, "ERR_CREDENTIAL"],
    ["two tokens", { authorization: `Bearer ${bob.token} ${alice.token}` }, "ERR_CREDENTIAL"],
    ["an unknown cookie", { cookie: "countersign=guess" }, "ERR_CREDENTIAL"],
    [
      "a bad bearer beside a good cookie",
      { authorization: "Bearer guess", cookie: `countersign=${alice.token}` },
      "ERR_CREDENTIAL",
    ],
  ];

  it.each(bad)(
    "(%s) every route that changes anything refuses, before any run is asked",
    async (_, headers, code) => {
      const here = tokens();
      const view = waiting;
      let refusals = 0;
      await expectNothingSigned(view.run, async () => {
        for (const { method, path } of routesOf(view.run)) {
          if (!WRITING.includes(method) || /^\/(sign-|api\/alerts\/)/.test(path)) continue;
          const init = goodBody(path, view);
          const refused = await here.ask(path, { method, ...init, headers: { ...init.headers, ...headers } });
          expect(refused.status, path).toBe(401);
          expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer realm="countersign"/);
          expect(refused.headers.get("www-authenticate")?.includes("invalid_token")).toBe(
            code === "ERR_CREDENTIAL",
          );
          if (path.startsWith("/api/")) expect(await codeOf(refused)).toBe(code);
          else expect(await refused.text()).toContain('action="/sign-in"');
          refusals += 1;
        }
      });
      expect(here.asked).toEqual([]);
      expect(refusals).toBeGreaterThanOrEqual(6);
    },
  );

  it("MCP is refused as an API is, whatever is asked for", async () => {
    const here = tokens();
    const message = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "start_run", arguments: {} },
    };
    const refused = await here.post("/mcp", message, { accept: "text/html" });
    expect([refused.status, await codeOf(refused)]).toEqual([401, "ERR_SIGN_IN_REQUIRED"]);
    expect(here.asked).toEqual([]);
  });

  it("a refused form leads back to its run, and the page offers the way in instead of the decision", async () => {
    const here = tokens();
    const view = waiting;
    const refused = await here.submit(`/runs/${view.run}/decision`, {}, SAME_ORIGIN);
    const text = await refused.text();
    expect(text).toContain("Nothing was started or signed.");
    expect(text).toContain(`name="next" value="/runs/${view.run}"`);
    const page = await (await here.ask(`/runs/${view.run}`)).text();
    expect(page).toContain(`href="/sign-in?next=/runs/${view.run}"`);
    expect(page).not.toContain('value="approve"');
  });

  it("signing in fails with the form again, and sets no cookie", async () => {
    const refused = await tokens().submit("/sign-in", { token: "guess", next: "/runs/x" }, SAME_ORIGIN);
    expect([refused.status, refused.headers.get("set-cookie")]).toEqual([401, null]);
    const text = await refused.text();
    expect(text).toContain("ERR_CREDENTIAL");
    expect(text).toContain('name="next" value="/runs/x"');
  });
});

describe("a signed-in browser that another site's page uses", () => {
  // What a browser would send if SameSite=Strict ever failed to keep the cookie back.
  const cookie = `countersign=${alice.token}`;
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "same-site", origin: "http://evil.localhost:8787" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "same-origin" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:8788" },
  ];

  it.each(foreign)("(%o) starts, signs and signs in nothing", async (headers) => {
    const here = tokens();
    const view = waiting;
    await expectNothingSigned(view.run, async () => {
      for (const { method, path } of routesOf(view.run)) {
        if (!WRITING.includes(method)) continue;
        const init = goodBody(path, view);
        const refused = await here.ask(path, {
          method,
          ...init,
          headers: { ...init.headers, cookie, ...headers },
        });
        expect([path, refused.status]).toEqual([path, 403]);
        expect(refused.headers.get("set-cookie")).toBeNull();
      }
      const socket = await here.ask(`/api/runs/${view.run}/live`, {
        headers: { upgrade: "websocket", cookie, ...headers },
      });
      expect(socket.status).toBe(403);
    });
    expect(here.asked).toEqual([]);
  });
});
