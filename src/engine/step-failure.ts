// How a step says that it came to nothing.

/**
 * Thrown by a step that came to nothing: it is tried again, a few times. The message is for the planner and the reviewer, the script
 * for the planner alone.
 */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly script: string | null;
  constructor(message: string, script: string | null = null) {
    super(message);
    this.script = script;
  }
}
