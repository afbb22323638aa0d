// The frame of every page: head, skip links, masthead, main, footer. No inline script or style, nothing from elsewhere.
// What it says of a page to whoever unfurls a link (`og:`) is what the page itself says first.
import type { Child } from "hono/jsx";

/** The state that the tab's icon shows. */
export type Tone = "working" | "waiting" | "good" | "quiet" | "bad";

export interface PageProps {
  /** The window's title, without the name of the house. Plain text: hidden characters spelled out by `plain`. */
  readonly title: string;
  /** One or two sentences that are true of the page now. */
  readonly description: string;
  /** Names the page for the style sheet: `body.on-<name>`. */
  readonly name: "desk" | "run" | "receipt" | "verify" | "docs" | "enrol" | "sign-in" | "error";
  /** The whole address of the page, where it has one that stays. */
  readonly url?: string;
  readonly icon?: Tone;
  /** The run that the page is about: the way to the checker leads to its chain. */
  readonly run?: string;
  /** Where the page is below the desk, for the masthead: `Runs / 840ab3`. */
  readonly trail?: Child;
  /** At the right of the masthead: who reads this, or what this browser verified. */
  readonly status?: Child;
  /** A second skip link, for a page with one thing to do: an id on the page and its words. */
  readonly skipTo?: { readonly id: string; readonly words: string } | null;
  /** Without script, reload after so many seconds; null stays as it is. */
  readonly refresh?: number | null;
  /** The page's own script: an entry of scripts/build-client.mjs. Every page works without one, or says what to do instead. */
  readonly script?: "run-page" | "desk-page" | "verify-page" | "enrol-page";
  readonly children?: Child;
}

/** Where the build puts scripts and the style sheet. */
const BUILT = "/build";
/** Asked for with the style sheet, not after it. */
const FONTS = ["literata", "jetbrains-mono"];

export function Page(props: PageProps) {
  const { title, description, name, icon, run, refresh = null, script, skipTo = null } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        {refresh !== null && (
          <noscript>
            <meta http-equiv="refresh" content={String(refresh)} />
          </noscript>
        )}
        <title>{`${title} · Countersign`}</title>
        <Unfurled {...props} />
        <meta name="description" content={description} />
        <link rel="icon" href={icon ? `/favicon-${icon}.svg` : "/favicon.svg"} type="image/svg+xml" />
        {FONTS.map((name) => (
          <link rel="preload" href={`/fonts/${name}.woff2`} as="font" type="font/woff2" crossorigin="" />
        ))}
        <link rel="stylesheet" href={`${BUILT}/countersign.css`} />
        {script && <script type="module" src={`${BUILT}/${script}.js`} />}
      </head>
      <body class={`on-${name}`}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        {skipTo && (
          <a class="skip" href={`#${skipTo.id}`}>
            {skipTo.words}
          </a>
        )}
        <header class="masthead">
          <a class="wordmark" href="/">
            <Mark />
            Countersign
          </a>
          {props.trail && <span class="trail">{props.trail}</span>}
          <span class="masthead-status">{props.status}</span>
          <nav aria-label="Site">
            <a
              href={run ? `/verify?run=${run}` : "/verify"}
              aria-current={name === "verify" ? "page" : undefined}
            >
              Verify
            </a>
          </nav>
        </header>
        <main id="content" tabindex={-1}>
          {props.children}
        </main>
        <footer class="colophon">
          <a href="/docs">API</a>
          <a href="/.well-known/countersign.json">Trust policy</a>
          <a href="/.well-known/jwks.json">JWKS</a>
        </footer>
      </body>
    </html>
  );
}

/** What a chat or a search shows of a link to the page. */
function Unfurled({ title, description, url }: PageProps) {
  return (
    <>
      <meta property="og:site_name" content="Countersign" />
      <meta property="og:type" content="website" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      {url !== undefined && <meta property="og:url" content={url} />}
      <meta name="twitter:card" content="summary" />
    </>
  );
}

/** Two strokes, one across the other: signed and countersigned. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <path d="M4 21c5-10 9-13 11-11s-5 11-1 11 6-8 9-8 1 5 5 5" />
      <path d="M5 27h22" />
    </svg>
  );
}
