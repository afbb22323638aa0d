// Pieces of the verify page that occur as often as the chain needs them. The page's script copies them and fills their slots
// with text, so that all markup stays here.
import { ROLES } from "../receipt/index.ts";
import { Seal } from "./seal.tsx";

export function VerifyTemplates() {
  return (
    <>
      {ROLES.map((role) => (
        <template id={`seal-${role}`}>
          <span class="seal-box">
            <Seal signer={role} />
          </span>
        </template>
      ))}
      <template id="row">
        <li class="proof-line">
          <span class="seal-box" data-slot="seal"></span>
          <b data-slot="kind"></b>
          <span class="proof-mark" data-slot="mark"></span>
          <span class="proof-words" data-slot="words"></span>
        </li>
      </template>
      <template id="failure">
        <li>
          <b data-slot="where"></b> <span data-slot="meaning"></span> <code data-slot="code"></code>
        </li>
      </template>
      <template id="check">
        <li>
          <span data-slot="mark" aria-hidden="true"></span> <b data-slot="title"></b>{" "}
          <span data-slot="words"></span>
          <ol data-slot="each"></ol>
        </li>
      </template>
      <template id="key">
        <li>
          <span class="seal-box" data-slot="seal"></span> <span data-slot="role"></span>{" "}
          <code data-slot="kid"></code> <span class="aside" data-slot="limits"></span>
        </li>
      </template>
      <template id="field">
        <label class="field">
          <code data-slot="label"></code>
          <textarea rows={1} spellcheck={false} autocomplete="off" data-slot="input"></textarea>
        </label>
      </template>
      <template id="subject">
        <details class="fold">
          <summary>
            <b data-slot="name"></b> <code class="digest" data-slot="digest"></code>{" "}
            <span class="aside" data-slot="size"></span>
          </summary>
          <div>
            <label data-slot="label">
              <span class="aside">As text. Change one letter.</span>
              <textarea rows={6} spellcheck={false} autocomplete="off" data-slot="input"></textarea>
            </label>
            <button type="button" data-slot="flip">
              Flip one bit
            </button>
          </div>
        </details>
      </template>
    </>
  );
}
