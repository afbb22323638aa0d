// The page to sign in on. It also stands in for a page that its visitor may not see, and then says so.
import { Page } from "./page.tsx";
import { capital } from "./result-words.ts";
import { SignInForm } from "./sign-in-form.tsx";
import type { SignInMode } from "./who-decides.tsx";

export interface SignInPageProps {
  readonly mode: SignInMode | "open";
  /** Why the visitor was not let through, if they were on their way somewhere. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** The path to go on to. */
  readonly next: string;
}

export function SignInPage({ mode, refusal, next }: SignInPageProps) {
  return (
    <Page title="Sign in" description="Sign in to start runs and decide." name="sign-in">
      <div class="sign-in-page">
        <h1>Sign in</h1>
        {refusal && (
          <div class="notice is-bad" role="alert">
            <b>{refusal.code === "ERR_CREDENTIAL" ? "That token didn’t work." : "Please sign in first."}</b>
            <p>
              {capital(refusal.message)}. Nothing was started or signed. <code>{refusal.code}</code>
            </p>
          </div>
        )}
        <HowTo mode={mode} refused={refusal !== null} next={next} />
      </div>
    </Page>
  );
}

function HowTo({ mode, refused, next }: { mode: SignInMode | "open"; refused: boolean; next: string }) {
  if (mode === "open") return <p>No need: this demo is open to everybody.</p>;
  return (
    <>
      <p>
        {mode === "token"
          ? "You get a token from whoever runs this deployment. Your receipts will carry the name it was issued to."
          : `Cloudflare Access signs you in before you reach this page.${refused ? ACCESS_MISFIT : ""}`}
      </p>
      <SignInForm mode={mode} next={next} />
    </>
  );
}

const ACCESS_MISFIT = " If you have just come from there, its settings and this deployment’s do not match.";
