import { badInput, CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Logger } from '../operations/logging.js';
import { type AskedDocument, askedDocument } from './asked-document.js';
import type { CostBudget } from './cost-budget.js';
import { documentHash, sha256 } from './document-hash.js';
import { costOfNothing } from './limits.js';
import { PersistedQueries } from './persisted-queries.js';
import type { TrustedDocuments } from './trusted-documents.js';
import { UntrustedDocuments } from './untrusted-documents.js';

/** What a request is to run. */
export interface ChosenDocument {
  /** Undefined when the request asks for nothing, or is refused. */
  readonly text?: string;
  readonly refusal?: CodedError;
  /** The text that was sent or named, when it is not trusted. */
  readonly untrusted?: string;
  /** SHA-256 of the text, by which the client wants to name it from now on. */
  readonly hash?: string;
}

/** Clients know the message too. */
const notFound = new CodedError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
const notTrusted = new CodedError('DOCUMENT_NOT_TRUSTED', 'Only documents of the manifest are answered here.');
const nothing: ChosenDocument = {};
/** Points for an id that is not known, which takes a look into a table. */
const costOfMiss = 10;

/** Finds the document that a request asks for, on both transports, before anything is parsed. */
export class Documents {
  /** Undefined while trusted documents are enforced: no other text may run, and theirs are known by their ids. */
  private readonly persisted: PersistedQueries | undefined;

  private readonly untrusted: UntrustedDocuments | undefined;

  /** @param trusted undefined: every text is answered */
  constructor(
    private readonly trusted: TrustedDocuments | undefined,
    private readonly budget: CostBudget,
    log: Logger,
  ) {
    this.persisted = trusted?.mode === 'enforce' ? undefined : new PersistedQueries();
    this.untrusted = trusted && new UntrustedDocuments(trusted.mode, log);
  }

  /** @param request members of a body, of a URL, or of a message on a websocket */
  choose(request: object): ChosenDocument {
    try {
      const asked = askedDocument(request);
      if (asked.id !== undefined) return this.chooseById(asked, asked.id);
      return asked.text === undefined ? nothing : this.judge(asked.text);
    } catch (error) {
      if (error instanceof CodedError) return { refusal: error };
      throw error;
    }
  }

  /**
   * Notes a document that is not trusted, and charges one that is refused.
   * @returns the refusal
   */
  admit(context: Context, { refusal, untrusted }: ChosenDocument): CodedError | undefined {
    if (untrusted !== undefined) this.untrusted?.note(context, untrusted);
    if (refusal) this.budget.takeAfterwards(context, refusal === notFound ? costOfMiss : costOfNothing);
    return refusal;
  }

  /**
   * A second look at what is about to run, in case a request was read in two ways.
   * @throws DOCUMENT_NOT_TRUSTED while trusted documents are enforced
   */
  assertTrusted(text: string): void {
    if (this.trusted?.mode === 'enforce' && this.trusted.equalTo(text) === undefined) throw notTrusted;
  }

  /** Keeps a text by its hash, if the client asked for it. Call it only once the operation was accepted. */
  keep({ hash, text }: ChosenDocument): void {
    if (hash !== undefined && text !== undefined) this.persisted?.keep(hash, text);
  }

  private chooseById({ text, isHash }: AskedDocument, id: string): ChosenDocument {
    const trusted = this.trusted?.withId(id);
    if (text === undefined) {
      if (trusted !== undefined) return { text: trusted };
      const known = isHash ? this.persisted?.find(id) : undefined;
      return known === undefined ? { refusal: notFound } : this.judge(known);
    }
    if (trusted !== undefined && documentHash(text) === documentHash(trusted)) return { text: trusted };
    if (trusted !== undefined) return { refusal: badInput('The id is that of another document.') };
    if (!isHash) return this.judge(text);
    if (sha256(text) !== id) return { refusal: badInput('The hash is not the SHA-256 of the query.') };
    return { ...this.judge(text), hash: id };
  }

  private judge(text: string): ChosenDocument {
    if (!this.trusted) return { text };
    const trusted = this.trusted.equalTo(text);
    if (trusted !== undefined) return { text: trusted };
    return this.trusted.mode === 'enforce' ? { refusal: notTrusted, untrusted: text } : { text, untrusted: text };
  }
}
