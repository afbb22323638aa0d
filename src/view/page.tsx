// The frame of every page: head, skip link, masthead, main, footer. No inline script or style, nothing from elsewhere.
import type { Child } from "hono/jsx";
import type { Tone } from "./status-words.ts";

export interface PageProps {
  readonly title: string;
  /** Names the page for the style sheet. */
  readonly name: "desk" | "run" | "receipt" | "verify" | "docs" | "error";
  /** The state that the icon shows; without one, the mark of the house. */
  readonly icon?: Tone;
  /** The run that the page is about: the way to the checker leads to its chain. */
  readonly run?: string;
  /** Without script, reload after so many seconds; null stays as it is. */
  readonly refresh?: number | null;
  /** The page's own script: an entry of scripts/build-client.mjs. Every page works without one, or says what to do instead. */
  readonly script?: "run-page" | "desk-page" | "verify-page";
  readonly children?: Child;
}

const SHEETS = [
  "tokens",
  "elements",
  "page",
  "desk",
  "story",
  "picture",
  "code",
  "decision",
  "keys",
  "sign-in",
  "receipts",
  "document",
  "check",
  "verify",
  "break",
  "print",
];

export function Page({ title, name, icon, run, refresh = null, script, children }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {refresh !== null && (
          <noscript>
            <meta http-equiv="refresh" content={String(refresh)} />
          </noscript>
        )}
        <title>{title}</title>
        <link rel="icon" href={icon ? `/favicon-${icon}.svg` : "/favicon.svg"} type="image/svg+xml" />
        {SHEETS.map((sheet) => (
          <link rel="stylesheet" href={`/css/${sheet}.css`} />
        ))}
        {script && <script type="module" src={`/build/${script}.js`} />}
      </head>
      <body class={`on-${name}`}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="masthead">
          <a class="wordmark" href="/">
            <Mark />
            Countersign
          </a>
          <nav aria-label="Site">
            <a
              href={run ? `/verify?run=${run}` : "/verify"}
              aria-current={name === "verify" ? "page" : undefined}
            >
              Check a chain
            </a>
          </nav>
        </header>
        <main id="content" tabindex={-1}>
          {children}
        </main>
        <footer class="colophon">
          <p>
            Keys of this deployment: <a href="/.well-known/countersign.json">trust policy</a>,{" "}
            <a href="/.well-known/jwks.json">JWKS</a>. The same over HTTP: <a href="/docs">API</a>.
          </p>
        </footer>
      </body>
    </html>
  );
}

/** Two strokes, one across the other: signed and countersigned. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path d="M4 21c5-10 9-13 11-11s-5 11-1 11 6-8 9-8 1 5 5 5" />
      <path d="M5 27h22" />
    </svg>
  );
}
