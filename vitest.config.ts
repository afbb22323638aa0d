import { randomBytes } from "node:crypto";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Signing keys for the examples, which have no .dev.vars of their own. */
function freshKeys(): Record<string, string> {
  const names = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
  return Object.fromEntries(names.map((name) => [name, randomBytes(32).toString("base64url")]));
}

/** Tests that run in workerd, with the Worker's real bindings. */
export const inWorkerd = () =>
  cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: { bindings: { MIGRATIONS: await readD1Migrations("migrations") } },
  }));

/**
 * `architecture`, `unit` and `cli` run in Node, `worker` and `examples` in workerd with the real bindings, `server` against
 * `wrangler dev`, and `package` packs this package and uses it from a folder of its own. What takes too long for every day,
 * the fault points of every path, has vitest.faults.config.ts.
 */
export default defineConfig({
  test: {
    silent: "passed-only",
    reporters: ["default", "./test/worker/faults/point-counter.ts"],
    globalSetup: "./scripts/build-client.mjs",
    projects: [
      { test: { name: "architecture", include: ["test/architecture.test.ts"] } },
      {
        test: {
          name: "unit",
          include: ["test/{receipt,chain,agent,workload,view,client,http}/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "cli", include: ["test/cli/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: "test/package/installed.ts",
          testTimeout: 60_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          exclude: ["test/worker/faults/long/**"],
          setupFiles: ["test/worker/index-database.ts"],
          testTimeout: 20_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./examples/sign-your-connector/wrangler.toml" },
            miniflare: { bindings: freshKeys() },
          }),
        ],
        resolve: { tsconfigPaths: true },
        test: { name: "examples", include: ["test/examples/**/*.test.ts"], testTimeout: 20_000 },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
