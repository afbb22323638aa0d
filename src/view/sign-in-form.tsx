// The way in, as each mode has it. A plain form: it works without script, and no script ever touches the token.
import type { SignInMode } from "./who-decides.tsx";

export function SignInForm({ mode, next }: { mode: SignInMode; next: string }) {
  if (mode === "access") {
    return (
      <p class="actions">
        <a class="button is-primary" href={`/sign-in?next=${encodeURIComponent(next)}`}>
          Sign in through Cloudflare Access
        </a>
      </p>
    );
  }
  return (
    <form class="sign-in" method="post" action="/sign-in">
      <input type="hidden" name="next" value={next} />
      <label for="token">Reviewer token</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        required
        maxlength={500}
      />
      <button class="is-primary" type="submit">
        Sign in
      </button>
    </form>
  );
}
