import { randomBytes } from "node:crypto";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { keepTemporaryFilesInMemory } from "./test/temporary-files.ts";

keepTemporaryFilesInMemory();

/** Signing keys for the examples, which have no .dev.vars of their own. */
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

/** Tests that run in workerd, with the Worker's real bindings. */
export const inWorkerd = () =>
  cloudflareTest({
    // Every exception that a test provokes and expects would be printed; what it does not expect fails it.
    verbose: false,
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: { durableObjects: FACET },
  });

/**
 * `architecture`, `unit` and `cli` run in Node, `worker` and `examples` in workerd with the real bindings, `server` against
 * servers of its own, and `package` packs this package and uses it from a folder of its own. What takes too long for every day,
 * the fault points of every path, has vitest.faults.config.ts.
 */
export default defineConfig({
  test: {
    silent: "passed-only",
    reporters: ["default", "./test/worker/faults/point-counter.ts"],
    globalSetup: "./scripts/build-client.mjs",
    // A file that tests the server has a server and a browser: more of them at a time would be too much for many a machine.
    maxWorkers: 2,
    projects: [
      { test: { name: "architecture", include: ["test/architecture.test.ts"] } },
      {
        test: {
          name: "unit",
          include: [
            "test/{receipt,chain,agent,workload,view,client,http,next/chain,next/view,next/client}/**/*.test.{ts,tsx}",
          ],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "checkout",
          include: ["test/next/checkout/**/*.test.ts"],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "cli",
          include: ["test/{cli,next/cli}/**/*.test.ts"],
          env: COMPILED,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: "test/package/installed.ts",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "package-next",
          include: ["test/next/package/**/*.test.ts"],
          globalSetup: "test/next/package/installed.ts",
          testTimeout: 60_000,
        },
      },
      // Starting workerd and handing it the modules takes longer than most files, so they share it, one after the other;
      // but for those that attack or break what they run in.
      {
        plugins: [inWorkerd()],
        test: {
          name: "worker",
          include: ["test/worker/*.test.ts"],
          setupFiles: ["test/worker/reset-after.ts"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: "worker apart",
          include: ["test/worker/*/*.test.ts"],
          setupFiles: ["test/worker/reset-after.ts"],
          testTimeout: 20_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./examples/sign-your-connector/wrangler.toml" },
            miniflare: { bindings: freshKeys(), durableObjects: FACET },
          }),
        ],
        resolve: { tsconfigPaths: true },
        test: { name: "examples", include: ["test/examples/**/*.test.ts"], testTimeout: 20_000 },
      },
      {
        plugins: [
          cloudflareTest({
            verbose: false,
            wrangler: { configPath: "./test/next/engine/wrangler.toml" },
            miniflare: { durableObjects: { CODEMODE: { className: "CodemodeRuntime", useSQLite: true } } },
          }),
        ],
        test: {
          name: "engine",
          include: ["test/next/engine/**/*.test.ts"],
          globalSetup: "./test/next/engine/forge.ts",
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            verbose: false,
            wrangler: { configPath: "./test/next/examples/wrangler.toml" },
            miniflare: { durableObjects: FACET },
          }),
        ],
        resolve: { tsconfigPaths: true },
        test: {
          name: "examples-next",
          include: ["test/next/examples/**/*.test.ts"],
          globalSetup: "./test/next/examples/forge.ts",
          testTimeout: 20_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            verbose: false,
            wrangler: { configPath: "./test/next/worker/wrangler.toml" },
            miniflare: { bindings: freshKeys(), durableObjects: FACET },
          }),
        ],
        test: {
          name: "edge",
          include: ["test/next/worker/**/*.test.ts"],
          setupFiles: ["test/worker/reset-after.ts"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts"],
          globalSetup: ["./test/server/unpacked-chromium.ts", "./test/server/built-worker.ts"],
          // Files share a browser, not a server.
          isolate: false,
          env: COMPILED,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "server-next",
          include: ["test/next/server/**/*.test.{ts,tsx}"],
          globalSetup: ["./test/server/unpacked-chromium.ts", "./test/next/server/served.ts"],
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
