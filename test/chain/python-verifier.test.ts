// The second implementation, test/conformance/verify.py, written from docs/receipts.md alone: it agrees with every case.
// Needs python3 with `cryptography`. Where that is missing the test is skipped, and says so where everybody sees it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { put } from "../conformance/json-edit.ts";
import { readCorpus } from "../conformance/read-corpus.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

const folder = join(import.meta.dirname, "../conformance");
const corpus = join(folder, "corpus.json");
const broken = writeChain(amend(SCENARIOS.approved, 4, { edit: put("predicate.run", "run-2") })).bundle;

/** Why the Python verifier cannot run here, or null. */
function findObstacle(): string | null {
  const asked = spawnSync(
    "python3",
    ["-c", "import sys, cryptography; sys.exit(sys.version_info < (3, 11))"],
    {
      encoding: "utf8",
    },
  );
  if (asked.error) return "there is no python3 here";
  if (asked.stderr.includes("ModuleNotFoundError"))
    return "python3 has no `cryptography`: pip install cryptography";
  return asked.status === 0 ? null : "python3 is older than 3.11";
}

const obstacle = findObstacle();
// Straight to the terminal: what a skipped test prints is not shown.
if (obstacle)
  writeSync(2, `\nSKIPPED: the Python verifier was not compared with the corpus, for ${obstacle}\n\n`);

describe.skipIf(obstacle)(
  `the Python verifier${obstacle ? ` (skipped: ${obstacle})` : ""}`,
  { timeout: 120_000 },
  () => {
    it("judges every case of the corpus as it states", () => {
      const printed = execFileSync("python3", [join(folder, "judge_corpus.py"), corpus], {
        encoding: "utf8",
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      });
      const said = printed
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      const cases = readCorpus(readFileSync(corpus, "utf8"));
      expect(cases.length).toBeGreaterThan(700);
      expect(said).toEqual(cases.map(({ name, expect: stated }) => [name, stated]));
    });

    it.each([
      ["a whole run", writeChain(SCENARIOS.approved).bundle, [], 0, "valid\n"],
      ["an open run", writeChain(SCENARIOS.approved.slice(0, 4)).bundle, [], 3, "incomplete\n"],
      ["a broken run", broken, [], 1, "ERR_RUN at receipt 4\n"],
      [
        "another run than the one meant",
        writeChain(SCENARIOS.approved).bundle,
        ["run-2"],
        1,
        "ERR_RUN_UNEXPECTED\n",
      ],
      ["junk", "[".repeat(100_000), [], 2, "ERR_BUNDLE\n"],
    ])("says of %s what the command line says", (_, bundle, more, status, stdout) => {
      const at = mkdtempSync(join(tmpdir(), "countersign-python-"));
      onTestFinished(() => rmSync(at, { recursive: true }));
      writeFileSync(join(at, "bundle.json"), typeof bundle === "string" ? bundle : JSON.stringify(bundle));
      writeFileSync(join(at, "trust.json"), JSON.stringify(TRUST));
      const args = [join(folder, "verify.py"), "bundle.json", "trust.json", ...more];
      expect(spawnSync("python3", args, { cwd: at, encoding: "utf8" })).toMatchObject({ status, stdout });
    });
  },
);
