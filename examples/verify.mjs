// Verifies a bundle of format 2 under a trust policy that you keep: node verify-2.mjs bundle.json trust.json
import { readFile } from "node:fs/promises";
import { readDocument, verify } from "countersign/chain";

const [bundle, trust] = await Promise.all(
  process.argv.slice(2, 4).map(async (path) => readDocument(await readFile(path))),
);
if (!bundle?.ok || !trust?.ok) throw new Error("expected two JSON documents: a bundle and a trust policy");

const { report, run } = await verify(bundle.value, trust.value);
for (const { ok, seq, code, message } of report.checks) {
  if (!ok) console.log(`receipt ${seq ?? "-"}: ${code}: ${message}`);
}
for (const { action, execution } of run?.rounds ?? []) {
  console.log(`${action.connector}.${action.method}: ${execution?.status ?? "not executed so far"}`);
}
console.log(`${report.verdict}: ${report.count} receipts of run ${report.run}, head ${report.head}`);
process.exitCode = report.verdict === "valid" ? 0 : 1;
