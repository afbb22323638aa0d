// Instants as a person reads them. The server writes UTC; the page's script turns each into the reader's zone and keeps UTC for the
// pointer (src/client/local-times.ts). The exact value always stands in the datetime attribute.

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
  const left = duration(from, to);
  return (
    <span class="time-left" data-from={from} data-to={to}>
      {left ? `${left} left` : "time is up"}
    </span>
  );
}

/** How long from one instant to a later one, roughly, in the two largest units; null when it is not later. */
export function duration(from: string, to: string): string | null {
  const seconds = Math.floor((Date.parse(to) - Date.parse(from)) / 1000);
  if (!(seconds > 0)) return null;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** The time between two receipts: `54 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function lapse(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;
  return duration(from, to) ?? "0 ms";
}
