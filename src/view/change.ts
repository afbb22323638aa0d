// A change of one text: what a diff is drawn of. Made from the contents that receipts name, or from the arguments of two calls.

/** `isNew`: nothing stands there before. `isGone`: nothing stands there after. `language` is a name whose ending tells it. */
export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly isNew: boolean;
  readonly isGone: boolean;
  /** False where these are values laid out to be read: their line ends are ours. */
  readonly isText: boolean;
  readonly language: string;
}
