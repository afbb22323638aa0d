// Verifies a bundle under a trust policy that you keep: node verify.mjs bundle.json trust.json
import { readFile } from "node:fs/promises";
import { readDocument, verify } from "countersign/chain";

const [bundle, trust] = await Promise.all(process.argv.slice(2, 4).map(read));
const report = await verify(bundle, trust);

for (const { ok, seq, code, message } of report.checks) {
  if (!ok) console.log(`receipt ${seq ?? "-"}: ${code}: ${message}`);
}
console.log(`${report.verdict}: ${report.count} receipts of run ${report.run}, head ${report.head}`);
process.exitCode = report.verdict === "valid" ? 0 : 1;

/** @param {string} path */
async function read(path) {
  const document = readDocument(await readFile(path));
  if (document.ok) return document.value;
  throw new Error(`${path}: ${document.refusal.message}`);
}
