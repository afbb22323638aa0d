// What a page and its verifier say to one another. The verifier runs in a worker, so that no file can freeze the page.

import type { Result, Role } from "../receipt/index.ts";
import type { Cheat } from "./cheat-names.ts";
import type { IntendCode, Intended, Meant } from "./intend.ts";
import type { Field } from "./json-tree.ts";
import type { JudgeCode, Judgement } from "./judgement.ts";
import type { Source } from "./read-source.ts";

/** One way to break a chain. `key` names a receipt, `sha256` an artifact. */
export type Breakage =
  | { readonly how: "drop" | "swap" | "repeat" | "splice"; readonly key: number }
  | {
      readonly how: "statement" | "envelope";
      readonly key: number;
      readonly path: readonly string[];
      readonly text: string;
    }
  | { readonly how: "artifact"; readonly sha256: string; readonly text: string }
  | { readonly how: "flip"; readonly sha256: string };

/** A run's page has its chain judged, and asks what a decision on it would sign; the others work on the one chain that the verify page lays out. */
export type Request =
  | { readonly ask: "judge"; readonly bundle: Source; readonly trust: Source; readonly run: string | null }
  | { readonly ask: "intend"; readonly bundle: Source; readonly trust: Source; readonly meant: Meant }
  | { readonly ask: "bundle"; readonly source: Source; readonly run: string | null }
  | { readonly ask: "trust" | "other"; readonly source: Source }
  | { readonly ask: "choose"; readonly key: number }
  | { readonly ask: "cheat"; readonly how: Cheat }
  | { readonly ask: "break"; readonly breakage: Breakage }
  | { readonly ask: "undo" | "restart" }
  | { readonly ask: "believe"; readonly own: boolean };

/** A subject of the chosen receipt. `text` is null when its bytes are missing, no text, or too long to edit here. */
export interface ShownSubject {
  readonly name: string;
  readonly sha256: string;
  readonly size: number | null;
  readonly text: string | null;
}

/** All that can be edited of one receipt. */
export interface Chosen {
  readonly key: number;
  readonly statement: readonly Field[];
  readonly envelope: readonly Field[];
  readonly subjects: readonly ShownSubject[];
}

export interface TrustShown {
  readonly count: number;
  readonly issuer: string;
  readonly keys: readonly { readonly kid: string; readonly role: Role; readonly limits: string | null }[];
}

/** Everything the verify page shows. `keys` are the receipts' keys, in the order of `judgement.receipts`. */
export interface Sheet {
  readonly trust: TrustShown | null;
  /** Why nothing is judged yet, when a bundle is there. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly judgement: Judgement | null;
  /** Who the chain itself says issued it. Only a claim. */
  readonly issuer: string | null;
  readonly keys: readonly number[];
  readonly chosen: Chosen | null;
  /** The cheat that was tried last and still stands; null when none does. */
  readonly cheat: Cheat | null;
  /** What was done to the chain, oldest first. */
  readonly changes: readonly string[];
  readonly otherRun: string | null;
  /** True once the chain was signed again with keys made here; `believesOwn` while those are the keys believed. */
  readonly resigned: boolean;
  readonly believesOwn: boolean;
}

export type ReplyCode =
  | JudgeCode
  | IntendCode
  | "ERR_CHEAT"
  | "ERR_NOT_CANONICAL"
  | "ERR_UNREADABLE"
  | "ERR_VERIFIER"
  | "ERR_STOPPED";
export type ReplyTo<R extends Request> = Result<
  R extends { ask: "judge" } ? Judgement : R extends { ask: "intend" } ? Intended : Sheet,
  ReplyCode
>;

export interface Numbered<Message> {
  readonly id: number;
  readonly message: Message;
}
