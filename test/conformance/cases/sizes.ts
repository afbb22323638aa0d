// The size rule of canonical JSON (§1) at its boundary, on an action: length in UTF-16 code units, plus 1, minus the empty arrays
// and objects, is at most 8,388,608. Artifacts of this size are written compactly: their base64 is periodic.
import { accepted, type CorpusCase, faults, type Lawful, type Row } from "../case.ts";
import { SEQ } from "../scenarios.ts";

const { proposal } = SEQ;
const LIMIT = 8_388_608;
const HEAD = '{"args":[';
const TAIL = '],"connector":"pager","method":"page"}';

/** An action of so many UTF-16 units that counts so many empty containers, padded with a text of `é` and `a`, or of `a`. */
function action(length: number, empty = 0, accents = false): string {
  const head = `${HEAD}${"[],{},".repeat(empty / 2)}"`;
  const room = length - head.length - TAIL.length - 1;
  const text = accents ? `${"éa".repeat(Math.floor(room / 2))}${"a".repeat(room % 2)}` : "a".repeat(room);
  return `${head}${text}"${TAIL}`;
}

const propose = (text: string) => ({
  call: { connector: "pager", method: "page", args: null },
  action: text,
});
const fits: readonly (readonly [name: string, text: string])[] = [
  ["of the greatest length", action(LIMIT - 1)],
  ["of the greatest length with six empty containers, which count for one less each", action(LIMIT + 5, 6)],
  ["of the greatest length in UTF-16 units, though longer in bytes", action(LIMIT - 1, 0, true)],
];
const tooLong: typeof fits = [
  ["a unit longer", action(LIMIT)],
  ["a unit longer with six empty containers", action(LIMIT + 6, 6)],
];
const why = "Canonical JSON has at most 8,388,608 units, counted as §1 counts them.";

export const sizeCases: readonly CorpusCase[] = [
  ...accepted(
    "action's size",
    why,
    fits.map(([name, text]): Lawful => [name, proposal, propose(text)]),
  ),
  ...faults(
    "action's size",
    why,
    tooLong.map(([name, text]): Row => [37, name, proposal, propose(text)]),
  ),
];
