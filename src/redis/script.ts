import { createHash } from 'node:crypto';

/** What Redis runs as one step. Sent by its digest; the text follows when the server does not have it. */
export class Script {
  readonly digest: string;

  /** @param text Lua; may use keys of its `KEYS` only, as a cluster asks for */
  constructor(readonly text: string) {
    // Redis names scripts by SHA-1.
    this.digest = createHash('sha1').update(text).digest('hex');
  }
}

/** Keys, of one hash tag, and arguments of a script. */
export interface ScriptInput {
  readonly keys: string[];
  readonly arguments: string[];
}
