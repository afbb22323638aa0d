// Another implementation than ours accepts what ours makes: Go's golang.org/x/mod/sumdb, where it is installed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkpointText, cosign, signNote } from "../../src/log/index.ts";
import { noteSigner } from "./note-signers.ts";
import { checkWithReference, layOut, MISSING } from "./reference.ts";
import { logOf } from "./tree-log.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

if (MISSING !== null) console.warn(MISSING);

describe.skipIf(MISSING !== null)("golang.org/x/mod/sumdb", () => {
  it.each([1, 2, 255, 256, 257, 1000, 70_000])(
    "accepts a log of %d entries",
    { timeout: 120_000 },
    async (size) => {
      const log = logOf(size);
      const [signer, witness] = [
        noteSigner("example.com/log", 0x01, 1),
        noteSigner("example.com/witness", 0x04, 2),
      ];
      const text = checkpointText({ origin: "example.com/log", size, root: log.root() });
      const note =
        signNote(text, signer.key, signer.sign) + cosign(text, 1_764_000_000, witness.key, witness.sign);
      await layOut(join(folder, String(size)), log, size, note);
      const said = await checkWithReference(join(folder, String(size)), signer.key.text, witness.key.text);
      expect(said).toMatch(`size ${size}, `);
    },
  );

  it("refuses one whose root is another log's", { timeout: 120_000 }, async () => {
    const log = logOf(300);
    const signer = noteSigner("example.com/log", 0x01, 1);
    const text = checkpointText({ origin: "example.com/log", size: 300, root: logOf(299).root() });
    await layOut(join(folder, "wrong"), log, 300, signNote(text, signer.key, signer.sign));
    await expect(checkWithReference(join(folder, "wrong"), signer.key.text)).rejects.toThrow();
  });
});
