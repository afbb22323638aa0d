// Instants in the reader's own zone. The server wrote UTC, which stays in the title; the form is the one that it asked for.

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const SECOND = { ...MINUTE, second: "2-digit" } as const;

const FORMS: Readonly<Record<string, Intl.DateTimeFormat>> = {
  full: new Intl.DateTimeFormat("en-GB", { ...DAY, ...SECOND }),
  clock: new Intl.DateTimeFormat("en-GB", SECOND),
  bare: new Intl.DateTimeFormat("en-GB", SECOND),
  short: new Intl.DateTimeFormat("en-GB", MINUTE),
};

/** Rewrites every time of a part of the page. Safe to repeat. */
export function showLocalTimes(within: ParentNode = document): void {
  for (const time of within.querySelectorAll<HTMLTimeElement>("time[data-as]")) {
    const at = new Date(time.dateTime);
    const form = FORMS[time.dataset.as ?? "full"];
    // The text node stays the same one, so that it goes on being the server's.
    if (form && time.firstChild && !Number.isNaN(at.getTime())) time.firstChild.nodeValue = form.format(at);
  }
}
