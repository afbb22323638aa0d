// `npm run test:faults`: the fault points of every path, those of `npm test` among them.
import { defineConfig } from "vitest/config";
import { inWorkerd } from "./vitest.config.ts";

export default defineConfig({
  plugins: [inWorkerd()],
  test: {
    name: "faults",
    include: ["test/worker/faults/**/*.test.ts"],
    setupFiles: ["test/worker/reset-after.ts"],
    silent: "passed-only",
    reporters: ["default", "./test/worker/faults/point-counter.ts"],
    testTimeout: 20_000,
  },
});
