// Stands in for `vitest` while mutants are tried: the same `expect`, and `describe` and `it` that only write tests down.
// Knows just what the tests of src/next/receipt and src/next/chain use; anything else fails at load.
import { expect } from "vitest";

export { expect };

/** Where tests are written down, and the names of the describes around them. The runner sets it before it loads a file. */
let open = { file: "", tests: [], names: [] };

/** Collects the tests that a file declares while `load` imports it. */
export async function collect(file, load) {
  open = { file, tests: [], names: [] };
  await load();
  return open.tests;
}

export function describe(name, body) {
  open.names.push(name);
  body();
  open.names.pop();
}

describe.each = (rows) => (name, body) =>
  rows.forEach((row, i) => {
    describe(`${name} [${i}]`, () => body(...[row].flat()));
  });

export function it(name, body) {
  const full = [...open.names, name].join(" > ");
  open.tests.push({ id: `${open.file}#${full}`, name: full, fileName: open.file, body });
}

it.each = (rows) => (name, body) =>
  rows.forEach((row, i) => {
    it(`${name} [${i}]`, () => (Array.isArray(row) ? body(...row) : body(row)));
  });
