// What a run's tables hold, as the store gives it: rows, and no rule.

/** A row of the fence. `result` is the hex digest of what the write answered. */
export type FenceRow = { readonly state: "written"; readonly result: string } | { readonly state: "closed" };

/** A version of a file. `sha256` is the hex digest of its content, an artifact. */
export interface FileRow {
  readonly path: string;
  readonly version: number;
  readonly sha256: string;
}

/** What stays of a run that has been deleted: its name must never be another run's, and its head tells which chain it was. */
export interface Gone {
  /** Missing where an earlier version has deleted the run. */
  readonly run?: string;
  readonly head: string;
  readonly count: number;
  readonly at: string;
}

/** Something that happened outside the run and is of use beside it. Nobody signs it, and nothing follows from it. */
export interface Note {
  /**
   * `continued`: the run that `by` names says that it continues this one. `alert_repeated`: a notification, which `by` names by its
   * source and digest, was taken for a repeat of the run's alert.
   */
  readonly kind: "alert_resolved" | "alert_repeated" | "continued";
  readonly at: string;
  readonly by: string;
}

/** What the run owes somebody outside: `seq` is the receipt it is about, `due` when to try again, in ms since 1970. */
export interface OutboxRow {
  readonly id: string;
  readonly topic: "webhook" | "parent";
  readonly seq: number;
  readonly tries: number;
  readonly due: number;
}
