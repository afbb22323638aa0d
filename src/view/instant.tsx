// Instants as a person reads them: always UTC, always with the exact value in the datetime attribute.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * `23 Nov 2026, 05:30:12 UTC`; as `clock`, `05:30:12 UTC`; as `bare`, without the zone, where a heading names it.
 * The instant is as receipts write it.
 */
export function Instant({ at, as = "full" }: { at: string; as?: "full" | "clock" | "bare" }) {
  const day = `${Number(at.slice(8, 10))} ${MONTHS[Number(at.slice(5, 7)) - 1] ?? ""} ${at.slice(0, 4)}`;
  const time = at.slice(11, 19);
  const words = { full: `${day}, ${time} UTC`, clock: `${time} UTC`, bare: time };
  return <time datetime={at}>{words[as]}</time>;
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
