// A page that says what went wrong, what it means for the run, and what to do next.
import { Page } from "./page.tsx";

export interface ErrorPageProps {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly message: string;
  readonly next: string;
  /** The run that the address is about, if it is there. */
  readonly run: string | null;
}

export function ErrorPage({ status, code, title, message, next, run }: ErrorPageProps) {
  return (
    <Page title={title} description={message} name="error">
      <div class="error">
        <h1>{title}</h1>
        <p class="words">{message}</p>
        <p>{next}</p>
        <p class="actions">
          {run !== null && (
            <a class="button is-primary" href={`/runs/${run}`}>
              To the run
            </a>
          )}
          <a class="button" href="/">
            To the desk
          </a>
        </p>
        <p class="aside">
          {status} <code>{code}</code>
        </p>
      </div>
    </Page>
  );
}
