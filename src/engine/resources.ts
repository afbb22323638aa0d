// What effects are on: the run's own resources, in its storage, and those of the outside, as the domain reads them. A domain sees
// either only through copy-on-write views that close after the call.
import { contentBytes, digestFromHex } from "../chain/index.ts";
import type { Domain, Json, Resources } from "../domain/index.ts";
import { canonicalize, type Digest, digestOf, NotCanonicalError, readCanonical } from "../receipt/index.ts";
import type { RunStore } from "./store.ts";

/** Contents by resource. A name that is not there holds nothing. */
export type Contents = ReadonlyMap<string, Json>;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A view of resources that changes nothing but itself. */
export class ResourceView implements Resources {
  readonly #base: Contents;
  readonly #isJson: (name: string) => boolean;
  readonly #changed = new Map<string, Json>();
  #isOpen = true;

  /** @param isJson which names hold JSON values; all others hold texts. */
  constructor(base: Contents, isJson: (name: string) => boolean) {
    this.#base = base;
    this.#isJson = isJson;
  }

  get(name: string): Json {
    this.#mustBeOpen();
    return this.#changed.get(name) ?? (this.#changed.has(name) ? null : (this.#base.get(name) ?? null));
  }

  put(name: string, content: Json): void {
    this.#mustBeOpen();
    this.#changed.set(name, content === null ? null : toContent(name, content, this.#isJson(name)));
  }

  delete(name: string): void {
    this.put(name, null);
  }

  entries(): readonly (readonly [string, Json])[] {
    this.#mustBeOpen();
    return [...this.contents()].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What was put or deleted. */
  get changed(): Contents {
    return this.#changed;
  }

  /** Everything as this view has it. */
  contents(): Contents {
    const all = new Map(this.#base);
    for (const [name, content] of this.#changed) {
      if (content === null) all.delete(name);
      else all.set(name, content);
    }
    return all;
  }

  /** Ends the view: what still holds it can neither read nor write through it. */
  close(): void {
    this.#isOpen = false;
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) throw new Error("this view of the resources is closed: its call is over");
  }
}

/** Runs `work` with a view of contents, and closes the view. */
export async function withView<Value>(
  domain: Domain<unknown>,
  contents: Contents,
  work: (view: ResourceView) => Promise<Value> | Value,
): Promise<Value> {
  const view = new ResourceView(contents, (name) => holdsJson(domain, name));
  try {
    return await work(view);
  } finally {
    view.close();
  }
}

/** True for a resource whose content is a JSON value and not a text. */
export function holdsJson(domain: Domain<unknown>, name: string): boolean {
  return (domain.json ?? []).some((prefix) => name.startsWith(prefix));
}

/** The digest of what stands somewhere: null where nothing does. */
export function digestOfContent(content: Json | undefined): Digest | null {
  return content === null || content === undefined ? null : digestOf(contentBytes(content));
}

/** A content from its bytes: of a JSON resource the value, unless the bytes are a text's; of any other the text. */
export function contentOf(domain: Domain<unknown>, name: string, bytes: Uint8Array): Json {
  if (holdsJson(domain, name)) {
    const value = readCanonical(bytes);
    if (value.ok) return freeze(value.value as Json);
  }
  return decoder.decode(bytes);
}

/** Checks what a domain says stands at a resource. Undefined is nothing. */
export function toContent(name: string, content: unknown, isJson: boolean): Json {
  if (content === null || content === undefined) return null;
  if (typeof content === "string") {
    if (content.isWellFormed()) return content;
    throw new Error(`expected well-formed text at ${name}, got a lone surrogate`);
  }
  if (!isJson) throw new Error(`expected text at ${name}, got ${typeof content}; declare its prefix in json`);
  try {
    return freeze(JSON.parse(canonicalize(content)));
  } catch (error) {
    if (error instanceof NotCanonicalError) throw new Error(`expected JSON at ${name}: ${error.message}`);
    throw error;
  }
}

/** A view hands out the contents themselves: whoever changed one in place would change it for everybody, behind the receipts' back. */
function freeze(content: Json): Json {
  if (typeof content === "object" && content !== null) {
    for (const member of Object.values(content)) freeze(member);
    Object.freeze(content);
  }
  return content;
}

/** The run's own resources, in its storage. */
export class OwnResources {
  readonly #store: RunStore;
  readonly #domain: Domain<unknown>;
  /** Contents by the hex of their SHA-256 and their resource: what was read once need not be read and hashed again. */
  readonly #known = new Map<string, Json>();

  constructor(store: RunStore, domain: Domain<unknown>) {
    this.#store = store;
    this.#domain = domain;
  }

  /** Stores what a run starts from. */
  seed(contents: Iterable<readonly [string, Json]>): void {
    for (const [name, content] of contents) {
      // The handoff names each of them: one that no receipt can name would keep the run from ending.
      if (name.length < 1 || name.length > 1000 || !name.isWellFormed()) {
        throw new TypeError(`expected a resource's name of 1 to 1000 characters, got ${name.length}`);
      }
      this.put(name, toContent(name, content, holdsJson(this.#domain, name)));
    }
  }

  /** Puts a content, or takes away what is there. Call it inside the transaction that makes it lawful. */
  put(name: string, content: Json): void {
    this.#store.setResource(name, content === null ? null : contentBytes(content));
  }

  /** Everything as it is. @throws when stored bytes no longer hash to their name. */
  contents(): Contents {
    const contents = new Map<string, Json>();
    for (const [name, sha256] of this.#store.resources()) contents.set(name, this.#content(name, sha256));
    return contents;
  }

  /** The digests of everything as it is, by name: what a handoff hands on. */
  manifest(): Readonly<Record<string, Digest>> {
    const entries = [...this.#store.resources()].map(
      ([name, sha256]) => [name, digestFromHex(sha256)] as const,
    );
    return Object.fromEntries(entries);
  }

  /** The digest of what stands at a name now, or null. */
  digest(name: string): Digest | null {
    const sha256 = this.#store.resources().get(name);
    return sha256 === undefined ? null : digestFromHex(sha256);
  }

  #content(name: string, sha256: string): Json {
    const key = `${sha256} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const bytes = this.#store.artifact(sha256);
    if (!bytes) throw new Error(`the stored bytes of ${name} no longer hash to ${sha256}`);
    const content = contentOf(this.#domain, name, bytes);
    this.#known.set(key, content);
    return content;
  }
}
