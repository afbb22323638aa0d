// The cheats by their names, for the page: it knows them without the code that carries them out.

/** Every cheat, in the order in which the page offers them. */
export const CHEATS = ["reject", "change", "drop", "other", "keys"] as const;
/** One of {@link CHEATS}. */
export type Cheat = (typeof CHEATS)[number];

/** A cheat by its name; null for any other text. */
export function readCheat(name: string): Cheat | null {
  return CHEATS.find((cheat) => cheat === name) ?? null;
}

/** What the address's `try` asks for, the first choice first: `forge` is the first that the chain allows. */
export function firstToTry(name: string | null): readonly Cheat[] {
  if (name === "forge") return CHEATS;
  const cheat = name === null ? null : readCheat(name);
  return cheat ? [cheat] : [];
}
