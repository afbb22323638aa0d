// One plain line for each call, for people. The result may be of any form: an older one, or one that was left out for its length.
import type { Call, Json } from "../domain/index.ts";

/** What a call did, or null where there is nothing to add to its name. */
export function describeCall({
  connector,
  method,
  args,
  result,
}: Call & { readonly result: Json }): string | null {
  switch (`${connector}.${method}`) {
    case "browser.run_checkout": {
      const [check] = listAt(result, "checks");
      const [total, failed] = [memberOf(check, "total"), memberOf(check, "failed")];
      return typeof total === "number" ? `Sent ${total} requests to the checkout: ${failed} failed` : null;
    }
    case "runbooks.search":
      return `Searched the runbooks: ${count(listAt(result, "results"), "page")} found`;
    case "workspace.read_notes":
      return `Read ${count(listAt(result, "notes"), "note")} of the team`;
    case "repository.read_files":
      return `Read ${count(listAt(result, "files"), "source file")}`;
    case "repository.read_file":
      return `Read ${memberOf(args, "path")}`;
    case "repository.write_file":
      return `${memberOf(args, "content") === null ? "Deleted" : "Wrote"} ${memberOf(args, "path")}`;
    default:
      return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

function count(list: readonly unknown[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? "" : "s"}`;
}
