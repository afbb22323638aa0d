// Stryker's test runner here: runs the corpus against src/receipt and src/chain inside its own process, in milliseconds a mutant, where
// vitest started anew takes seconds. A mutant of what runs at load is judged on modules of its own, never on another's rest.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The published corpus, judged case by case. corpus.test.ts makes it anew and judges the generator, not the verifier. */
const FILES = ["test/chain/*.test.ts"];
const LEFT_OUT = /\/corpus\.test\.ts$/;
/** Tests that look at the clock say nothing of a mutant. */
const TIMED = /in bounded time/;
/** A case that takes longer is tried on no mutant. Milliseconds. */
const SLOW = 500;
/** A mutant that so many of the likeliest tests do not notice has survived, whatever the rest would say. */
const MOST = 400;
/** How many mutants on either side stand beside one. */
const NEAR = 12;
/** Where the first run leaves its coverage for the processes that come after it, in Stryker's copy of the project. */
const COVERAGE = "mutant-coverage.json";
const SHIM = new URL("vitest-in-process.mjs", import.meta.url).href;

const root = pathToFileURL(`${process.cwd()}/`).href;
const stripped = new Map();

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "vitest" && context.parentURL !== SHIM) return { url: SHIM, shortCircuit: true };
    const found = next(specifier, context);
    // Whatever a module of one load imports belongs to that load as well.
    const load = /\?load=\d+$/.exec(context.parentURL ?? "")?.[0];
    const own = load && found.url.startsWith(root) && !found.url.includes("/node_modules/");
    return own ? { ...found, url: `${found.url}${load}` } : found;
  },
  load(url, context, next) {
    if (!/\.ts\?load=\d+$/.test(url)) return next(url, context);
    const path = fileURLToPath(url);
    const source = stripped.get(path) ?? stripTypeScriptTypes(readFileSync(path, "utf8"));
    stripped.set(path, source);
    return { format: "module", source, shortCircuit: true };
  },
});

class InProcessRunner {
  loads = 0;

  constructor() {
    // What the instrumented code reads and writes: the mutant that is on, the test that runs, and what was covered.
    globalThis.__stryker__ ??= {};
    this.stryker = globalThis.__stryker__;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    const testFiles = FILES.flatMap((glob) => globSync(glob).sort()).filter((file) => !LEFT_OUT.test(file));
    const tests = [];
    const times = {};
    for (const test of await this.load(testFiles)) {
      this.stryker.currentTestId = test.id;
      const start = performance.now();
      const failureMessage = await failureOf(test);
      times[test.id] = performance.now() - start;
      const { id, name, fileName } = test;
      tests.push({
        id,
        name,
        fileName,
        timeSpentMs: times[id],
        status: failureMessage ? 1 : 0,
        failureMessage,
      });
    }
    const { mutantCoverage } = this.stryker;
    writeFileSync(COVERAGE, JSON.stringify({ testFiles, times, perTest: mutantCoverage.perTest }));
    return { status: "complete", tests, mutantCoverage };
  }

  async mutantRun({ activeMutant: { id }, hitLimit, mutantActivation }) {
    this.seen ??= readCoverage();
    const { testFiles, perTest } = this.seen;
    this.activate(undefined);
    this.clean ??= await this.load(testFiles);
    this.activate(id, hitLimit);
    const covering = this.clean.filter((test) => perTest[test.id]?.[id]);
    let result = await this.attempt(this.likeliest(Number(id), covering), hitLimit);
    if (result.status === "survived" && mutantActivation === "static") {
      const load = this.nextLoad();
      for (const file of testFiles) {
        const tests = await this.load([file], load);
        result = await this.attempt(this.likeliest(Number(id), tests), hitLimit);
        if (result.status !== "survived") break;
      }
    }
    this.activate(undefined);
    return result;
  }

  activate(activeMutant, hitLimit) {
    Object.assign(this.stryker, { activeMutant, hitLimit, hitCount: 0, currentTestId: undefined });
  }

  nextLoad() {
    this.loads += 1;
    return this.loads;
  }

  /** Imports test files, and gives the tests that they declare. A file that cannot be imported is one test that fails. */
  async load(files, load = this.nextLoad()) {
    const { collect } = await import(SHIM);
    const tests = [];
    for (const file of files) {
      const url = `${pathToFileURL(resolve(file)).href}?load=${load}`;
      const collected = await collect(file, () => import(url)).catch((error) => [
        { id: `${file}#load`, name: "load", fileName: file, body: () => Promise.reject(error) },
      ]);
      tests.push(...collected.filter(({ name }) => !TIMED.test(name)));
    }
    return tests;
  }

  async attempt(tests, hitLimit) {
    let nrOfTests = 0;
    for (const test of tests) {
      nrOfTests += 1;
      const failureMessage = await failureOf(test);
      if (this.stryker.hitCount > hitLimit) return { status: "timeout", reason: "a loop without end" };
      if (failureMessage) return { status: "killed", killedBy: [test.id], failureMessage, nrOfTests };
    }
    return { status: "survived", nrOfTests };
  }

  /** The tests likeliest to notice a mutant, likeliest first: those that run what stands beside it and few others do. */
  likeliest(mutant, tests) {
    const { perTest, times, counts, oddness } = this.seen;
    const scored = tests.map((test) => {
      let score = 0;
      for (let id = mutant - NEAR; id <= mutant + NEAR; id += 1) {
        if (perTest[test.id]?.[id]) score += 1 / counts.get(String(id));
      }
      return { test, score, odd: oddness.get(test.id) ?? 0, time: times[test.id] ?? 0 };
    });
    return scored
      .filter(({ time }) => time <= SLOW)
      .sort((a, b) => b.score - a.score || b.odd - a.odd)
      .slice(0, MOST)
      .map(({ test }) => test);
  }
}

function readCoverage() {
  const seen = JSON.parse(readFileSync(COVERAGE, "utf8"));
  const counts = new Map();
  for (const covered of Object.values(seen.perTest)) {
    for (const id of Object.keys(covered)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  // How much of what few others run a test runs.
  const oddness = new Map();
  for (const [test, covered] of Object.entries(seen.perTest)) {
    oddness.set(
      test,
      Object.keys(covered).reduce((sum, id) => sum + 1 / counts.get(id), 0),
    );
  }
  return { ...seen, counts, oddness };
}

async function failureOf({ body }) {
  try {
    await body();
    return undefined;
  } catch (error) {
    return String(error?.message ?? error) || "failed";
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];
