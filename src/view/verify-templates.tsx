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
        <li class="receipt">
          <label class="row">
            <input type="radio" name="receipt" data-slot="radio" />
            <span class="seal-box" data-slot="seal"></span>
            <span class="receipt-line">
              <span class="row-kind" data-slot="kind"></span>
              <code class="digest" data-slot="digest"></code>
            </span>
            <span class="receipt-line aside">
              <span data-slot="who"></span>
              <span data-slot="time"></span>
            </span>
            <span class="receipt-mark" data-slot="mark"></span>
          </label>
        </li>
      </template>
      <template id="failure">
        <li>
          <p>
            <code class="code-tag" data-slot="code"></code> <b data-slot="where"></b>{" "}
            <span data-slot="message"></span>
          </p>
          <p class="aside" data-slot="why"></p>
        </li>
      </template>
      <template id="check">
        <li class="check-line">
          <span class="check-mark" data-slot="mark" aria-hidden="true"></span>
          <p data-slot="plain"></p>
          <details data-slot="fold">
            <summary data-slot="summary"></summary>
            <ol data-slot="each"></ol>
          </details>
        </li>
      </template>
      <template id="key">
        <li>
          <span class="seal-box" data-slot="seal"></span>
          <span>
            <span data-slot="role"></span> <code data-slot="kid"></code>{" "}
            <span class="aside" data-slot="limits"></span>
          </span>
        </li>
      </template>
      <template id="field">
        <div class="field">
          <label>
            <code data-slot="label"></code>
            <textarea rows={1} spellcheck={false} autocomplete="off" data-slot="input"></textarea>
          </label>
        </div>
      </template>
      <template id="subject">
        <details>
          <summary>
            <b data-slot="name"></b> <code class="digest" data-slot="digest"></code>{" "}
            <span class="aside" data-slot="size"></span>
          </summary>
          <label data-slot="label">
            <span class="aside">Its bytes, as text. Change one letter.</span>
            <textarea rows={6} spellcheck={false} autocomplete="off" data-slot="input"></textarea>
          </label>
          <button type="button" data-slot="flip">
            Turn over one bit
          </button>
        </details>
      </template>
    </>
  );
}
