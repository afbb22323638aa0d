// Receipts by hand, one after the other: for stories that no run stands behind. Nothing here is signed.
import type { ListedReceipt } from "../../src/host/run-api.ts";
import {
  type Digest,
  type Kind,
  PAYLOAD_TYPE,
  type Predicate,
  SIGNER_OF,
  toBase64,
} from "../../src/receipt/index.ts";
import { at, digest, RUN } from "./content.ts";

/** Adds receipts in order, each some milliseconds after the one before. */
export class Tape {
  readonly receipts: ListedReceipt[] = [];
  #ms = 0;

  frame() {
    return {
      run: RUN,
      seq: this.receipts.length,
      prev: this.receipts.at(-1)?.digest ?? null,
      kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
      issuedAt: at(this.#ms),
      policy: digest("policy"),
    };
  }

  add<K extends Kind>(
    kind: K,
    after: number,
    own: Omit<Predicate<K>, keyof ReturnType<Tape["frame"]>>,
  ): Predicate<K> & { digest: Digest } {
    this.#ms += after;
    const frame = this.frame();
    const predicate = { ...frame, ...own } as unknown as Predicate<K>;
    const receipt = {
      seq: frame.seq,
      kind,
      role: SIGNER_OF[kind],
      digest: digest(`${kind} ${frame.seq}`),
      envelope: {
        payloadType: PAYLOAD_TYPE,
        payload: toBase64(new TextEncoder().encode(`${kind} ${frame.seq}`)),
        signatures: [
          {
            keyid: frame.kid,
            sig: "cuY4cC0VaOyy3jYyqrGfbJNKOg5N7HHSxIup1jwSTxSGTXrd/bGR8cvSghDqbQ4iHd0mz/37IYSUMPNI2Y6CBg==",
          },
        ],
      },
      statement: {
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "report", digest: { sha256: digest(kind).slice(7) } }],
        predicateType: `urn:countersign:receipt:${kind}:v2`,
        predicate,
      },
    } as unknown as ListedReceipt;
    this.receipts.push(receipt);
    return { ...predicate, digest: receipt.digest };
  }
}
