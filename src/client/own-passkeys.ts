// The passkeys that were made in this browser, and where passkeys work at all. What is kept are public keys and the names of the
// credentials; the private keys stay with the authenticator. Nobody else is told: that a key is yours, only your own browser can say.

/** A passkey, as far as it is public. */
export interface Passkey {
  readonly credential: string;
  readonly publicKey: { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string };
  readonly rpId: string;
}

const KEPT = "countersign.passkeys";

/** The passkeys that this browser remembers, oldest first. */
export function ownPasskeys(): readonly Passkey[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPasskey) : [];
  } catch {
    return [];
  }
}

/** Remembers a passkey. False where the browser keeps nothing: then it can sign only until the page goes. */
export function keepPasskey(passkey: Passkey): boolean {
  try {
    localStorage.setItem(KEPT, JSON.stringify([...ownPasskeys(), passkey]));
    return true;
  } catch {
    return false;
  }
}

/** Forgets them all. */
export function forgetPasskeys(): void {
  localStorage.removeItem(KEPT);
}

/** Whether the id of a key's material is that of a passkey which this browser remembers. */
export function isOwnKey(id: string | null): boolean {
  return id !== null && ownPasskeys().some(({ publicKey }) => keyId(publicKey) === id);
}

/** The id of a key's material as the verifier tells it: base64url of x and y, one behind the other. */
function keyId({ x, y }: Passkey["publicKey"]): string {
  const bytes = [x, y].map((part) => atob(part.replaceAll("-", "+").replaceAll("_", "/"))).join("");
  return `p256:${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

function isPasskey(value: unknown): value is Passkey {
  if (typeof value !== "object" || value === null) return false;
  const { credential, publicKey, rpId }: Partial<Passkey> = value;
  return [credential, publicKey?.x, publicKey?.y, rpId].every((text) => typeof text === "string");
}

/** Why passkeys do not work here, and what to do; null where they may work. `instead` is an address at which they do. */
export function passkeyTrouble(): { readonly words: string; readonly instead: string | null } | null {
  const { hostname, protocol, port, pathname, search } = location;
  if (/^[\d.]+$|^\[/.test(hostname)) {
    const isLoopback = hostname.startsWith("127.") || hostname === "[::1]";
    const instead = isLoopback ? `${protocol}//localhost${port && `:${port}`}${pathname}${search}` : null;
    return { words: `Passkeys do not work at ${hostname}.`, instead };
  }
  if (!isSecureContext) return { words: "Passkeys work only over https.", instead: null };
  if (!("PublicKeyCredential" in window)) return { words: "This browser has no passkeys.", instead: null };
  return null;
}
