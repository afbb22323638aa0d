// Mutation testing of src/receipt and src/chain with StrykerJS, which `npm run test:mutation` installs in .cache:
// `.cache/mutation/node_modules/.bin/stryker run test/mutation/stryker.config.mjs --mutate src/chain/fold.ts`.
// Not part of `npm test`: it takes long, and says how good the tests are rather than whether the code is right.
export default {
  mutate: ["src/receipt/**/*.ts", "src/chain/**/*.ts"],
  testRunner: "in-process",
  plugins: [new URL("in-process-runner.mjs", import.meta.url).pathname],
  coverageAnalysis: "perTest",
  concurrency: 1,
  // Loops without end are counted, not timed: a busy machine must not make a mutant look caught.
  timeoutMS: 60_000,
  // What a load leaves behind is never freed.
  maxTestRunnerReuse: 150,
  // Stryker rewrites tsconfig.json with an API that TypeScript 7 does not have; nothing here needs it.
  tsconfigFile: "none",
  disableTypeChecks: false,
  tempDirName: ".cache/stryker",
  ignorePatterns: [".cache", "public", "docs", "examples", "src/view", "src/http", "src/run", "src/public"],
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: ".cache/mutation-next.json" },
};
