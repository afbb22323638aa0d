// What a reviewer can ask of a guard, one value per request. A wish is data: reading feedback changes nothing.

export type Wish = { clause: string } /** `status` null means as it is. */ & (
  | { kind: "status"; status: number | null }
  /** A status the reviewer does not want, with none named in its place. */
  | { kind: "unwanted-status"; status: number }
  | { kind: "metric"; wanted: boolean; name: string | null }
  | { kind: "scope"; narrow: boolean }
  /** `name` null means the headers that other answers carry; `value` null means as they carry it. */
  | { kind: "header"; wanted: boolean; name: string | null; value: string | null }
  | { kind: "code"; code: string }
  | { kind: "message"; wanted: boolean; text: string | null }
  | { kind: "comment"; wanted: boolean; text: string | null }
  | { kind: "start-over" }
  | { kind: "impossible"; why: string }
);

/** A wish before the clause it came from is known. */
export type BareWish = Wish extends infer One ? (One extends Wish ? Omit<One, "clause"> : never) : never;
