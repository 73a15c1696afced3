import { type BrotliOptions, brotliCompress, constants, gzip, type ZlibOptions } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Held, huge } from '../operations/held.js';
import { addVary } from './vary.js';

/** In characters. Smaller answers are sent sooner than they are compressed. */
const smallest = 4096;
/** Answers that are compressed at a time, in libuv's pool, whose threads hash passwords too. */
const mostAtOnce = 2;

/** The fastest levels: a list of 100 users becomes a sixth of its size. */
const levels = {
  br: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } } satisfies BrotliOptions,
  gzip: { level: 1 } satisfies ZlibOptions,
};
type Encoding = keyof typeof levels;
const encodings: readonly Encoding[] = ['br', 'gzip'];

/**
 * Compresses answers of queries, where no secret stands beside text that somebody else can choose
 * (docs/decisions/0028-what-is-compressed.md).
 */
export class AnswerCompression {
  private running = 0;

  constructor(private readonly held: Held) {}

  /**
   * Compresses an answer if that pays, and sets its headers. One that would have to wait for others is sent as it is.
   * @param isQuery whether the answer is that of a query
   * @returns what is to be sent
   */
  async compress(
    request: FastifyRequest,
    reply: FastifyReply,
    text: string,
    isQuery: boolean,
  ): Promise<string | Buffer> {
    if (text.length < smallest || text.length > huge || !isQuery || !isSafe(request)) return text;
    addVary(reply, 'Accept-Encoding');
    const encoding = encodingFor(request);
    if (!encoding || this.running >= mostAtOnce) return text;
    const compressed = await this.run(encoding, text);
    if (compressed) reply.header('content-encoding', encoding);
    return compressed ?? text;
  }

  /** The text counts as held until it is compressed. */
  private async run(encoding: Encoding, text: string): Promise<Buffer | undefined> {
    this.running += 1;
    this.held.bytes += text.length;
    try {
      return await compressed(encoding, text);
    } finally {
      this.running -= 1;
      this.held.release(text.length);
    }
  }
}

/**
 * Whether no page of another site can have sent the request with the rights of its user: only a browser adds cookies by
 * itself, and only a program adds the other credentials. A query is never answered by a cookie; this holds even if it were.
 */
const isSafe = ({ headers }: FastifyRequest): boolean =>
  headers.cookie === undefined || headers.authorization !== undefined || headers['x-api-key'] !== undefined;

/**
 * What the client weighs highest (RFC 9110, section 12.5.3); of equals, what is smaller. Without a weight of its own,
 * sending a text as it is comes last.
 */
function encodingFor({ headers }: FastifyRequest): Encoding | undefined {
  const weights = weightsIn(String(headers['accept-encoding'] ?? ''));
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const least = weights.get('identity') ?? 0;
  const [best = 'br', other = 'gzip'] = weightOf('gzip') > weightOf('br') ? [...encodings].reverse() : encodings;
  return [best, other].find((coding) => weightOf(coding) > 0 && weightOf(coding) >= least);
}

function weightsIn(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const [, coding = '', weight = '1'] of header.toLowerCase().matchAll(/([a-z*-]+)(?:\s*;\s*q=([\d.]+))?/g))
    weights.set(coding, Number(weight));
  return weights;
}

/** @returns undefined when it fails */
function compressed(encoding: Encoding, text: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const done = (error: Error | null, result: Buffer) => resolve(error ? undefined : result);
    if (encoding === 'br') brotliCompress(text, levels.br, done);
    else gzip(text, levels.gzip, done);
  });
}
