// What a script can reach: its own isolate and the connectors. No network, environment, key, file, storage or other script.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { attack, bodies, expectWritten, runScript } from "./attack.ts";

let run: string;
beforeAll(async () => {
  run = (await attack(bodies({}))).run;
});

/** The value of an expression inside the sandbox, or what it threw; `nothing` when it has not settled within a second. */
async function tried(expression: string): Promise<unknown> {
  const pass = await runScript(
    run,
    `try {
      const late = new Promise((resolve) => setTimeout(resolve, 1000, "nothing"));
      return { got: await Promise.race([(async () => ${expression})(), late]) };
    } catch (error) { return "refused: " + String(error?.message ?? error); }`,
  );
  if (pass.status !== "completed") throw new Error(`expected an answer, got ${JSON.stringify(pass)}`);
  return pass.result;
}

const NO_NETWORK = /^refused: .*not permitted to access the internet/;
const opened = (socket: string) =>
  `new Promise((resolve, reject) => { const s = ${socket}; s.onopen = () => resolve("open"); s.onerror = (e) => reject(e.error ?? e); })`;

const connected = (name: string, call: string) =>
  `import("node:${name}").then((m) => new Promise((resolve, reject) => m.${call}.once("connect", resolve).once("error", reject)))`;
/** It asks over the script's own fetch and hides why that failed, so the script looks there. */
const DNS = `(async () => {
  const { fetch } = globalThis;
  let why;
  globalThis.fetch = (...request) => fetch(...request).catch((error) => { why = error; throw error; });
  const { resolve4 } = await import("node:dns/promises");
  return resolve4("example.com").catch((error) => { throw why ?? error; });
})()`;

describe("a script that wants the network", () => {
  it.each([
    ["fetch", `fetch("https://example.com/?key=1")`],
    ["fetch of this very Worker", `fetch("http://localhost:8787/api/runs", { method: "POST" })`],
    ["fetch of a Request", `fetch(new Request("https://example.com"))`],
    ["an upgrade", `fetch("https://example.com", { headers: { upgrade: "websocket" } })`],
    ["WebSocket", opened(`new WebSocket("wss://example.com")`)],
    ["EventSource", opened(`new EventSource("https://example.com")`)],
    ["a TCP socket", `import("cloudflare:sockets").then(({ connect }) => connect("example.com:80").opened)`],
    ["node:net", connected("net", `connect(80, "example.com")`)],
    ["node:tls", connected("tls", `connect(443, "example.com")`)],
    ["node:dns", DNS],
  ])("finds none by %s", async (_, expression) => {
    expect(await tried(expression)).toMatch(NO_NETWORK);
  });
});

describe("a script that wants more code", () => {
  it.each([
    ["eval", `eval("1")`, /disallowed/],
    ["Function", `new Function("return 1")()`, /disallowed/],
    ["a function's constructor", `(async () => {}).constructor("return 1")()`, /disallowed/],
    ["WebAssembly", `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))`, /disallowed/],
    ["an import over HTTP", `import("https://example.com/x.js")`, /No such module/],
    ["a data: import", `import("data:text/javascript,export default 1")`, /No such module/],
    ["node:fs", `import("node:fs")`, /No such module/],
    ["node:http", `import("node:http")`, /No such module/],
    ["node:https", `import("node:https")`, /No such module/],
    ["node:vm", `import("node:vm")`, /No such module/],
    ["node:child_process", `import("node:child_process")`, /No such module/],
    ["node:worker_threads", `import("node:worker_threads")`, /No such module/],
    ["the runtime's own modules", `import("workerd:unsafe")`, /No such module/],
    ["its host's modules", `import("./run/write-gate.ts")`, /No such module/],
    ["the cache of others", `caches.default.put("https://example.com/", new Response("1"))`, /No Cache/],
  ])("gets none by %s", async (_, expression, refused) => {
    expect(await tried(expression)).toMatch(refused);
  });
});

describe("a script that wants what its host has", () => {
  it.each([
    ["the environment", `import("cloudflare:workers").then((m) => JSON.stringify([m.env, process.env]))`],
    ["its own environment", `JSON.stringify([this.env, process.env])`],
  ])("finds nothing in %s", async (_, expression) => {
    expect(await tried(expression)).toEqual({ got: "[{},{}]" });
  });

  it("finds no key and no variable in anything that it can reach", async () => {
    const pass = await runScript(
      run,
      `const seen = new Set(), found = [];
      const walk = (value, depth) => {
        if (typeof value === "string") found.push(value);
        if (value === null || !["object", "function"].includes(typeof value) || seen.has(value) || depth > 8) return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) {
          found.push(String(key));
          try { walk(value[key], depth + 1); } catch {}
        }
        walk(Object.getPrototypeOf(value), depth + 1);
      };
      const modules = await Promise.all(["cloudflare:workers", "executor.js"].map((name) => import(name)));
      for (const root of [globalThis, this, process, modules]) walk(root, 0);
      return found.join(" ");`,
    );
    expect(pass).toMatchObject({ status: "completed", result: expect.stringContaining("CodeExecutor") });
    const reached = pass.status === "completed" ? String(pass.result) : "";
    for (const secret of [
      env.AGENT_SIGNING_KEY,
      env.HUMAN_SIGNING_KEY,
      env.RUNTIME_SIGNING_KEY,
      env.ISSUER,
    ]) {
      if (!secret) throw new Error("expected the Worker to have its secrets");
      expect(reached).not.toContain(secret);
    }
    expect(reached).not.toMatch(/SIGNING_KEY|LOADER/);
  });

  it.each([
    ["storage", `this.ctx.storage.sql.exec("SELECT 1")`],
    ["another run", `this.env.RUN.getByName("run-1").view()`],
    ["the connector behind the stub", `__connectors.repository.executeTool("write_file", {})`],
    ["the stub's fields", `__connectors.repository.binding.callTool("read_file", {})`],
    ["a method that there is not", `repository.delete_file({ path: "src/http.js" })`],
    ["a method of every object", `repository.constructor({})`],
    ["a method of the prototype", `repository["__proto__"]({})`],
    ["a call by a list of names", `__connectors.browser.callTool(["run_checkout"], {})`],
    ["a snippet of another script", `codemode.run("other").then((said) => { throw new Error(said.error); })`],
    ["a function of Code Mode that there is not", `codemode.approve({ executionId: "x" })`],
  ])("gets nowhere by asking for %s", async (_, expression) => {
    expect(await tried(expression)).toMatch(/^refused: /);
  });

  it("leaves nothing behind for the next script", async () => {
    await runScript(run, `globalThis.left = 1; Object.prototype.left = 1; process.env.LEFT = "1"; return 1;`);
    expect(await tried(`[typeof left, typeof {}.left, process.env.LEFT ?? null]`)).toEqual({
      got: ["undefined", "undefined", null],
    });
  });

  it("has changed nothing by all that", async () => {
    await expectWritten(run, {});
  });
});
