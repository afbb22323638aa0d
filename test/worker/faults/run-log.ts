// What runs log while they are stopped on purpose, kept here. Left to itself, vitest sends each line to its own process and waits
// for the answer; an instance that has been stopped never hears that, and the test file would never end.
const lines: string[] = [];

for (const level of ["log", "info", "warn", "error"] as const) {
  console[level] = (...words: unknown[]) => {
    lines.push(words.map(String).join(" "));
  };
}

/** Does something; if it fails, tells what was logged meanwhile. */
export async function telling<Value>(work: () => Promise<Value>): Promise<Value> {
  lines.length = 0;
  try {
    return await work();
  } catch (cause) {
    throw new Error(`after this was logged:\n${lines.join("\n")}`, { cause });
  }
}
