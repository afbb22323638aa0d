// The page to sign in on. It also stands in for a page that its visitor may not see, and then says so.
import { Page } from "./page.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import type { SignInMode } from "./who-decides.tsx";

interface SignInPageProps {
  readonly mode: SignInMode | "open";
  /** Why the visitor was not let through, if they were on their way somewhere. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** The path to go on to. */
  readonly next: string;
}

export function SignInPage({ mode, refusal, next }: SignInPageProps) {
  return (
    <Page title="Sign in · Countersign" name="error">
      <div class="error">
        <h1>Sign in</h1>
        {refusal && (
          <div class="notice" role="alert">
            <h2>{refusal.code === "ERR_CREDENTIAL" ? "That did not let you in" : "You are not signed in"}</h2>
            <p>
              <b>Nothing was started or signed.</b> {sentence(refusal.message)}
            </p>
            <p class="aside">
              <code>{refusal.code}</code>
            </p>
          </div>
        )}
        <HowTo mode={mode} refused={refusal !== null} next={next} />
      </div>
    </Page>
  );
}

function HowTo({ mode, refused, next }: { mode: SignInMode | "open"; refused: boolean; next: string }) {
  if (mode === "open") return <p>There is nothing to sign in to: this is an open demo.</p>;
  if (mode === "token") {
    return (
      <>
        <p>Whoever operates this deployment hands out the tokens. The receipts will name you by yours.</p>
        <SignInForm mode={mode} next={next} />
      </>
    );
  }
  return (
    <>
      <p>
        Cloudflare Access signs people in here, before this page is reached.{" "}
        {refused && "If you have just come from it, its settings and this deployment’s do not fit together."}
      </p>
      <SignInForm mode={mode} next={next} />
    </>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
