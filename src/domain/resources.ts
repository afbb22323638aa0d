// What effects are on: a map from names to texts, or to JSON values where a domain says so. The port's side of it; the engine owns
// the contents.
import type { Json } from "./json.ts";

/**
 * A view of resources at one moment. What is put into it changes the view and nothing else, unless the engine made it for a local
 * call. Closed after the call that it was made for; whoever uses it later gets an exception.
 */
export interface Resources {
  /** The content at a name: a text, or a JSON value where the domain declares the name's prefix; null where nothing is. */
  get(name: string): Json;
  /** Puts a content there. Null is the same as {@link delete}. */
  put(name: string, content: Json): void;
  delete(name: string): void;
  /** Everything that is there, in the order of names. */
  entries(): readonly (readonly [name: string, content: Json])[];
}
