// Instants as a person reads them. The server writes UTC; the page's script turns each into the reader's zone and keeps UTC for the
// pointer (src/client/local-times.ts). The exact value always stands in the datetime attribute.
import { between, leftWords } from "./duration.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `full`: `23 Nov 2026, 05:30:12 UTC`; `clock`: `05:30:12 UTC`; `short`: `05:30 UTC`; `bare`: `05:30:12`. */
export type InstantForm = "full" | "clock" | "short" | "bare";

/** An instant as receipts write it. */
export function Instant({ at, as = "full" }: { at: string; as?: InstantForm }) {
  return (
    <time datetime={at} data-as={as} title={`${dayOf(at)}, ${at.slice(11, 23)} UTC`}>
      {instantWords(at, as)}
    </time>
  );
}

/** The same as plain text, in UTC. */
export function instantWords(at: string, as: InstantForm = "full"): string {
  const time = at.slice(11, 19);
  const words = {
    full: `${dayOf(at)}, ${time} UTC`,
    clock: `${time} UTC`,
    short: `${at.slice(11, 16)} UTC`,
    bare: time,
  };
  return words[as];
}

function dayOf(at: string): string {
  return `${Number(at.slice(8, 10))} ${MONTHS[Number(at.slice(5, 7)) - 1] ?? ""} ${at.slice(0, 4)}`;
}

/** How long there is to decide, as of the page's making; the page's script lets it run (src/client/countdown.ts). */
export function TimeLeft({ from, to }: { from: string; to: string }) {
  return (
    <span class="time-left" data-from={from} data-to={to}>
      {leftWords(between(from, to))}
    </span>
  );
}
