import type { OperationReport } from './operation-reports.js';
import { withoutUserInUrl } from './redaction.js';

/** An operation that takes longer is slow, in milliseconds. */
const slow = 1000;
/**
 * An operation that sends more statements to the database has many. Outside of transactions these are reads, and more than
 * ten are most likely the rows of a list, one by one. A transaction has more with good reason: a single mutation up to 17.
 */
const many = { inTransactions: 30, others: 10 } as const;
/** Longest name that is logged, in characters. */
const longestName = 100;
const messages = {
  usual: 'An operation',
  slow: 'A slow operation',
  many: 'An operation with many statements',
  both: 'A slow operation with many statements',
} as const;

/** Names in GraphQL (specification, section 2.1.9). */
const isName = /^[_a-z]\w*$/i;
const isBare = /^[\w.:-]*$/;
/** Control characters, line breaks, and characters that change the direction of text. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** As pino writes them. */
const levels = { info: 30, warn: 40 } as const;

/** The fields of the log line of one operation. None of them can be a secret, so the line is not searched for any. */
export class OperationLine {
  readonly kind: OperationReport['kind'];
  /** As the client named it: at most 100 characters of any text. */
  readonly name: string | null;
  readonly outcome: string;
  /** In milliseconds, with one decimal. */
  readonly duration: number;
  readonly statements: number;
  /** Absent without any. */
  readonly inTransactions: number | undefined;
  /** Absent unless it is a subscription. */
  readonly events: number | undefined;
  readonly transport: OperationReport['transport'];
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly apiTokenId: string | null;
  readonly requestId: string;
  readonly address: string;
  /** Of its span, or of the client's when it is not recorded itself; absent without either. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;

  constructor(report: OperationReport) {
    this.kind = report.kind;
    this.name = report.name && nameInLog(report.name);
    this.outcome = report.outcome;
    this.duration = Math.round(report.milliseconds * 10) / 10;
    this.statements = report.statements;
    this.inTransactions = report.inTransactions || undefined;
    this.events = report.events;
    this.transport = report.transport;
    this.userId = report.userId;
    this.sessionId = report.sessionId;
    this.apiTokenId = report.apiTokenId;
    this.requestId = report.requestId;
    this.address = report.address;
    this.traceId = report.trace?.traceId;
    this.spanId = report.trace?.spanId;
  }

  get message(): string {
    const isSlow = this.isRequest && this.duration > slow;
    const hasMany = this.isRequest && this.hasMany;
    if (isSlow) return hasMany ? messages.both : messages.slow;
    return hasMany ? messages.many : messages.usual;
  }

  /** Whether it took long, or many statements. */
  get isNotable(): boolean {
    return this.message !== messages.usual;
  }

  get level(): 'info' | 'warn' {
    return this.isNotable ? 'warn' : 'info';
  }

  /** The line as pino would write it, at a tenth of the cost: members are known, and nothing is nested. */
  get json(): string {
    const events = this.events === undefined ? '' : `,"events":${this.events}`;
    const what = `"kind":${text(this.kind)},"name":${text(this.name)},"outcome":${text(this.outcome)}`;
    const transactions = this.inTransactions ? `,"inTransactions":${this.inTransactions}` : '';
    const costs = `"duration":${this.duration},"statements":${this.statements}${transactions}${events}`;
    const who = `"userId":${text(this.userId)},"sessionId":${text(this.sessionId)},"apiTokenId":${text(this.apiTokenId)}`;
    const where = `"transport":${text(this.transport)},${who},"requestId":${text(this.requestId)},"address":${text(this.address)}`;
    const trace = this.traceId === undefined ? '' : `,"traceId":"${this.traceId}","spanId":"${this.spanId}"`;
    return `{"level":${levels[this.level]},"time":${Date.now()},${what},${costs},${where}${trace},"msg":"${this.message}"}\n`;
  }

  /** One line for people, without the ids of a caller whom the operation was answered. */
  get summary(): string {
    const name = this.name && !isName.test(this.name) ? JSON.stringify(this.name).replace(unseen, '?') : this.name;
    const counts = [`${this.duration} ms`, counted(this.statements, 'statement')];
    if (this.events !== undefined) counts.push(counted(this.events, 'event'));
    const told = `${this.kind} ${name ?? 'without a name'}: ${this.outcome}, ${counts.join(', ')}`;
    if (!this.isNotable && this.outcome === 'OK') return told;
    return `${this.isNotable ? `${this.message}: ` : ''}${told}, request ${this.requestId}`;
  }

  private get hasMany(): boolean {
    const { statements, inTransactions = 0 } = this;
    return inTransactions > many.inTransactions || statements - inTransactions > many.others;
  }

  /** A subscription lasts as long as the client likes, and reads what happens meanwhile. */
  private get isRequest(): boolean {
    return this.kind !== 'subscription';
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** JSON of a text. Most are names, codes, ids and addresses, which nothing in JSON needs to be escaped in. */
function text(value: string | null): string {
  if (value === null) return 'null';
  return isBare.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** The name of an operation, which may be any text, as it is logged. */
export function nameInLog(name: string): string {
  const start = name.slice(0, longestName);
  return isName.test(start) ? start : withoutUserInUrl(start);
}
