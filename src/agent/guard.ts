// What a guard is made of, before it is code: the runbook's advice first, then whatever reviewers asked for.
// A guard is a value; asking for a change gives another one.
import type { Fault } from "./locate-fault.ts";
import type { Advice } from "./read-advice.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Guard {
  status: number;
  code: string;
  /** Text for the customer; `asked` when a reviewer gave or wanted it, so that a narrower guard keeps it. */
  message: { text: string; asked: boolean } | null;
  /** Narrow: only a missing base. Otherwise also a base without the property. */
  narrow: boolean;
  /** A counter; its name follows from the code unless a reviewer gave one. */
  metric: { name: string | null } | null;
  /** Lower-case name to the source of its value. */
  headers: ReadonlyMap<string, string>;
  comment: string | null;
}

/** What a guard is for: the fault, the advice on it, and the code around it. */
export interface Setting {
  fault: Fault;
  advice: Advice;
  around: Surroundings;
}

/** A guard with one wish applied; exactly one of the two texts says what happened. */
export interface Step {
  guard: Guard;
  applied?: string;
  notApplied?: string;
}

/** The word for what is missing: the last name in `session.cart`. */
export function nounOf(base: string): string {
  return base.match(/[A-Za-z_$][\w$]*/g)?.at(-1) ?? base;
}

export function defaultMessage(fault: Fault): string {
  const noun = nounOf(fault.base);
  return `This session has no ${noun} any more. Start a new ${noun}, then try again.`;
}

export function defaultComment(fault: Fault): string {
  return `${fault.base} can be undefined here: answer instead of reading its ${fault.property}.`;
}

export function defaultGuard(advice: Advice, fault: Fault): Guard {
  return {
    status: advice.status,
    code: advice.code,
    message: { text: defaultMessage(fault), asked: false },
    narrow: false,
    metric: null,
    headers: new Map(),
    comment: null,
  };
}
