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
    <Page title={`${title} · Countersign`} name="error">
      <div class="error">
        <p class="error-status">{status}</p>
        <h1>{title}</h1>
        <p class="words">{message}</p>
        <p>{next}</p>
        {run !== null && (
          <p class="onward">
            <a href={`/runs/${run}`}>To the run</a>
          </p>
        )}
        <p class="onward">
          <a href="/">To the desk</a>
        </p>
        <p class="aside">
          <code>{code}</code>
        </p>
      </div>
    </Page>
  );
}
