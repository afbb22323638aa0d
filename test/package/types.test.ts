// The package's types, as a stranger's compiler sees them; and every @example of theirs, compiled and run.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { ROOT, run } from "./run.ts";

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const folder = inject("folder");

/** Compiles with strict settings, every declaration file included, and gives the complaints. */
async function compile(name: string, options: object, include: readonly string[]): Promise<string> {
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  writeFileSync(join(folder, name), JSON.stringify({ compilerOptions, include }));
  return (await run(process.execPath, [TSC, "--project", name], folder)).stdout;
}

const CONSUMER = `
import { EMPTY, nextStep, type Report, signNext, verify } from "countersign/chain";
import { createSigner, type Digest, type Kind, type ReceiptOf } from "countersign/receipt";

export const report: Report = await verify({}, {}, { run: "run-1" });
export const head: Digest | null = report.head;
export const due: Kind | undefined = nextStep(EMPTY)?.kind;
const signer = createSigner(new Uint8Array(32));
const draft = { run: "run-1", subject: [], now: "" };
const handoff = { outcome: \`sha256:\${"0"}\` } as const;
const signed = signNext(EMPTY, { ...draft, kind: "handoff", fields: handoff }, signer, () => undefined);
export const receipt: ReceiptOf<"handoff"> | null = signed.ok ? signed.value.receipt : null;

// @ts-expect-error a verdict needs a trust policy
await verify({});
// @ts-expect-error no kind of receipt
export const kind: Kind = "nothing";
// @ts-expect-error a handoff has other fields
signNext(EMPTY, { ...draft, kind: "handoff", fields: { decision: "approve" } }, signer, () => undefined);
`;

describe("a stranger's compiler", () => {
  it.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])("takes the types with module %s and resolution %s", async (module, moduleResolution) => {
    writeFileSync(join(folder, "consumer.ts"), CONSUMER);
    expect(await compile("tsconfig.json", { module, moduleResolution }, ["consumer.ts"])).toBe("");
  });

  it("takes the examples, against the installed package", async () => {
    const options = {
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES2024"],
      types: ["node", "@cloudflare/workers-types"].map((name) => typesOf(name)),
      paths: { "@cloudflare/codemode": [join(ROOT, "node_modules/@cloudflare/codemode")] },
      allowJs: true,
      checkJs: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
    };
    // The other examples are of format 2, and are compiled against the package that has it.
    const own = ["examples/sign-your-connector", "examples/verify.mjs"];
    expect(await compile("tsconfig.examples.json", options, own)).toBe("");
  });
});

describe("every @example", () => {
  const examples = ["receipt", "chain"].flatMap((ring) =>
    readdirSync(join(ROOT, "src", ring)).flatMap((file) => readExamples(`${ring}/${file}`)),
  );

  it("stands in the types that a stranger's editor shows", () => {
    const declared = examples.map(({ from }) =>
      readFileSync(join(folder, "node_modules/countersign/dist", from.replace(/ts$/, "d.ts")), "utf8"),
    );
    expect(examples.length).toBeGreaterThan(12);
    expect(declared.every((text) => text.includes("@example"))).toBe(true);
  });

  it("compiles and runs", async () => {
    mkdirSync(join(folder, "doc"), { recursive: true });
    for (const [i, { code }] of examples.entries()) {
      writeFileSync(join(folder, `doc/example-${i}.ts`), `${code}\nexport {};\n`);
    }
    const options = { module: "NodeNext", noEmit: false, types: [typesOf("node")], skipLibCheck: true };
    expect(await compile("tsconfig.doc.json", options, ["doc"])).toBe("");
    for (const [i, { from }] of examples.entries()) {
      const { code, stderr } = await run(process.execPath, [`doc/example-${i}.js`], folder);
      expect({ from, code, stderr }).toEqual({ from, code: 0, stderr: "" });
    }
  });
});

function typesOf(name: string): string {
  return join(ROOT, "node_modules", name.startsWith("@") ? name : `@types/${name}`);
}

/** The code of each `@example` in a source file. */
function readExamples(from: string): { readonly from: string; readonly code: string }[] {
  const text = readFileSync(join(ROOT, "src", from), "utf8");
  return [...text.matchAll(/^ \* @example\n((?: \*(?!\/).*\n)+?) \*\//gm)].map(([, body = ""]) => ({
    from,
    code: body.replace(/^ \* ?/gm, ""),
  }));
}
