import type { Context } from '../graphql/context.js';
import type { Logger } from '../operations/logging.js';
import { documentHash } from './document-hash.js';
import type { TrustMode } from './trusted-documents.js';

/** Distinct documents that are logged. Anybody can make up more, so further ones are only counted. */
const mostLogged = 1000;
const name = /\b(?:query|mutation|subscription)\s+([_a-z]\w{0,99})/i;

/**
 * Counts operations whose document is not trusted, and logs each distinct document once, so that an operator sees what the
 * mode `enforce` refuses. Texts are not logged: they may hold secrets.
 */
export class UntrustedDocuments {
  private readonly logged = new Set<string>();

  constructor(
    private readonly mode: TrustMode,
    private readonly log: Logger,
  ) {}

  note({ client, services }: Context, text: string): void {
    services.tallies.untrusted += 1;
    if (this.logged.size > mostLogged) return;
    const hash = documentHash(text);
    if (this.logged.has(hash)) return;
    this.logged.add(hash);
    if (this.logged.size > mostLogged) {
      this.log.warn('Further documents that are not trusted are not logged');
      return;
    }
    const { address, requestId } = client;
    const told = this.mode === 'enforce' ? 'A document that is not trusted was refused' : 'A document is not trusted';
    this.log.warn({ name: name.exec(text)?.[1] ?? null, hash, address, requestId }, told);
  }
}
