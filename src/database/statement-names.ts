import { createHash } from 'node:crypto';

/** Most texts that are prepared; a bound on the memory of each connection. */
const mostPrepared = 500;
/** Bytes of a digest in a name, so that no two texts have the same one. */
const digestSize = 128 / 8;

/**
 * Names of prepared statements. A name is a digest of the text: behind a pooler a connection may meet a statement that another
 * process has prepared under the same name, and executes it. It must be the same statement.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private isGivenUp = false;

  /** Undefined, so not prepared, once 500 texts have a name, or names do not last. */
  of(text: string): string | undefined {
    if (this.isGivenUp) return undefined;
    const known = this.names.get(text);
    if (known || this.names.size >= mostPrepared) return known;
    const name = `s${createHash('sha256').update(text).digest().subarray(0, digestSize).toString('base64url')}`;
    this.names.set(text, name);
    return name;
  }

  /** Nothing is named from now on. @returns whether anything was until now */
  giveUp(): boolean {
    const isFirst = !this.isGivenUp;
    this.isGivenUp = true;
    return isFirst;
  }
}
