// How an assertion and a trust policy name a reviewer's key. One key material in another form is another key.

/** How a passkey is named: by its credential. */
export function webauthnForm(credential: string): string {
  return `webauthn ${credential}`;
}

/** How an SSH key is named: by its line, type and application included. */
export function sshForm(publicKey: string): string {
  return `ssh ${publicKey}`;
}
