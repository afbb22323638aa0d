// What a tool answers: structured data and the same as text, or a refusal with its stable code. Never a decision.
import { type CallToolResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { logFailure } from "../../host/index.ts";
import type { Refusal } from "../../receipt/index.ts";

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<string> };

/** A result as a tool's answer. */
export function toolAnswer(answer: Answer<object>): CallToolResult {
  if (!answer.ok) return toolRefusal(answer.refusal);
  // Through JSON, so that what the model reads as text and what a program reads as data are the same.
  const text = JSON.stringify(answer.value);
  return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) };
}

/** A refusal as a tool's answer: the model reads why and what to do. */
export function toolRefusal({ code, message }: Refusal<string>): CallToolResult {
  return { content: [{ type: "text", text: `${code}: ${message}` }], isError: true };
}

/**
 * Does the work of a tool, resource or prompt. What it throws, but for the protocol's own errors, is our failure: the operator's log
 * says which, and the client only that there was one.
 */
export async function orFail<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    logFailure("mcp_failed", error);
    throw new ProtocolError(
      ProtocolErrorCode.InternalError,
      "ERR_INTERNAL: something went wrong on our side",
    );
  }
}
