// The body of an MCP request, read before the protocol's own library reads it: that parses JSON as JavaScript does, which rounds
// numbers, drops repeated names and repairs bytes that are no UTF-8. What a start then signed would not be what was sent.
import { ProtocolErrorCode } from "@modelcontextprotocol/server";
import { findMisread } from "../../../receipt/json-text.ts";
import { readText } from "../read-body.ts";

/** Longest message accepted, in bytes: a bundle to verify fits. */
export const MAX_MESSAGE = 4 * 1024 * 1024;

/** A message as its text says it, or the answer to one that cannot be read so. */
export type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; answer: Response };

/** Reads the body of a request whose content type is JSON. */
export async function readMessage(request: Request): Promise<Read> {
  const text = await readText(request, MAX_MESSAGE);
  if (!text.ok) {
    const { code, message } = text.refusal;
    return code === "ERR_BODY_TOO_LARGE"
      ? refuse(413, ProtocolErrorCode.InvalidRequest, `${code}: ${message}`)
      : refuse(400, ProtocolErrorCode.ParseError, `${code}: ${message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch {
    return refuse(400, ProtocolErrorCode.ParseError, "ERR_BODY_JSON: expected the body to be JSON");
  }
  const misread = findMisread(text.value);
  if (!misread) return { ok: true, value };
  const { pointer, message } = misread;
  const code = pointer.startsWith("/params/")
    ? ProtocolErrorCode.InvalidParams
    : ProtocolErrorCode.InvalidRequest;
  return refuse(422, code, `ERR_BODY_SCHEMA: ${pointer.slice(0, 300) || "body"}: ${message}`, idOf(value));
}

/** JSON-RPC 2.0, §5: the request's id, or null where none can be told. */
function idOf(value: unknown): string | number | null {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

function refuse(status: number, code: number, message: string, id: string | number | null = null): Read {
  return { ok: false, answer: Response.json({ jsonrpc: "2.0", id, error: { code, message } }, { status }) };
}
