import { randomBytes } from "node:crypto";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { keepTemporaryFilesInMemory } from "./test/temporary-files.ts";

keepTemporaryFilesInMemory();

/** Signing keys for Workers that have no .dev.vars of their own. */
function freshKeys(): Record<string, string> {
  const names = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
  return Object.fromEntries(names.map((name) => [name, randomBytes(32).toString("base64url")]));
}

/** Where cases start a command afresh, whose types would have to be stripped each time. */
const COMPILED = { NODE_COMPILE_CACHE: ".cache/compiled" };

/**
 * Vitest finds a class that becomes a facet only where a binding names it. A deployment must not have this one: the class is in no
 * migration, and Cloudflare refuses such a binding.
 */
const FACET = { CODEMODE: { className: "CodemodeRuntime", useSQLite: true } };

/** Tests that run in workerd, with the real bindings of a Worker of their own. */
const inWorkerd = (configPath: string) =>
  cloudflareTest({
    // Every exception that a test provokes and expects would be printed; what it does not expect fails it.
    verbose: false,
    wrangler: { configPath },
    miniflare: { bindings: freshKeys(), durableObjects: FACET },
  });

/**
 * `architecture`, `unit` and `cli` run in Node; `engine`, `edge` and `examples` in workerd with real bindings; `server` against servers
 * of its own and a real browser; `package` packs this package and uses it from a folder of its own. In each, `*.slow.test.ts` are what
 * takes long (kills, faults, all screens, the corpus in every runtime, installs): `npm test` leaves them out, `npm run test:all` does not.
 */
export default defineConfig({
  test: {
    silent: "passed-only",
    globalSetup: "./scripts/build-client.mjs",
    // Two cores are kept busy by three, for many a test waits. A file that tests the server has a browser: more would be too much.
    maxWorkers: 3,
    projects: [
      { test: { name: "architecture", include: ["test/architecture.test.ts"] } },
      {
        test: {
          name: "unit",
          include: ["test/{receipt,log,chain,checkout,view,client,planner}/**/*.test.{ts,tsx}"],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      { test: { name: "cli", include: ["test/cli/**/*.test.ts"], env: COMPILED, testTimeout: 60_000 } },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: "test/package/installed.ts",
          testTimeout: 120_000,
        },
      },
      {
        plugins: [inWorkerd("./test/engine/wrangler.toml")],
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: [
            "./test/engine/forge.ts",
            "./test/engine/model-server.ts",
            "./test/engine/mcp-server.ts",
          ],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [inWorkerd("./test/examples/wrangler.toml")],
        resolve: { tsconfigPaths: true },
        test: {
          name: "examples",
          include: ["test/examples/**/*.test.ts"],
          globalSetup: "./test/examples/forge.ts",
          testTimeout: 20_000,
        },
      },
      {
        plugins: [inWorkerd("./test/worker/wrangler.toml")],
        test: {
          name: "edge",
          include: ["test/worker/**/*.test.ts"],
          setupFiles: ["test/worker/reset-after.ts"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.{ts,tsx}"],
          globalSetup: ["./test/server/unpacked-chromium.ts", "./test/server/served.ts"],
          // Files share a browser.
          isolate: false,
          env: COMPILED,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
