// The gate of every gated call, on the side of the script. It performs nothing: the engine made the approved call before the script
// was resumed. A connector asks here with what it really received, and gets that call's result, or a refusal.
import { canonicalBytes, sha256Hex } from "../receipt/index.ts";

/** A call's arguments as they are signed. JSON has no undefined: a call without arguments is one with none. */
export const signedArguments = (args: unknown): unknown => (args === undefined ? {} : args);

/** The call that was approved and made. `sha256` is the hex digest of its action's bytes. */
export interface MadeCall {
  readonly executionId: string;
  readonly sha256: string;
  readonly result: unknown;
}

/** Thrown into the script for a call that is not the approved one. */
export class CallRefusedError extends Error {
  override readonly name = "CallRefusedError";
}

export class CallGate {
  #made: MadeCall | null = null;
  #refusal: string | null = null;

  /** Lets the script have one call's result, once. */
  open(made: MadeCall): void {
    this.#made = made;
    this.#refusal = null;
  }

  close(): void {
    this.#made = null;
  }

  /** The newest refusal since the gate was opened, whether or not the script told of it. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /**
   * The result of the approved call, for exactly that call.
   * @param args what the connector really received, of unknown form: a script can switch arguments after the pause in ways that Code
   *   Mode's own check passes over.
   * @throws {CallRefusedError} for any other call, and at the second time.
   */
  answer(connector: string, method: string, args: unknown, executionId: string | undefined): unknown {
    const made = this.#made;
    if (!made) return this.#refuse(`${connector}.${method} waits for a human: no approval lets it happen`);
    if (executionId !== made.executionId) return this.#refuse("the approval is for another execution");
    let sha256: string;
    try {
      sha256 = sha256Hex(canonicalBytes({ connector, method, args: signedArguments(args) }));
    } catch {
      return this.#refuse("the call's arguments are not plain JSON");
    }
    if (sha256 !== made.sha256)
      return this.#refuse(`${connector}.${method} with these arguments is not the approved call`);
    this.#made = null;
    return made.result;
  }

  #refuse(message: string): never {
    this.#refusal = message;
    throw new CallRefusedError(message);
  }
}
