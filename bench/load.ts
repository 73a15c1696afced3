import { type Answer, Connection } from './connection.js';
import { percentile } from './statistics.js';

/** Makes the next request from the last answer, which is undefined for the first request. */
export type NextRequest = (last: Answer | undefined) => Buffer;

export interface Load {
  readonly port: number;
  /** One per client. Each client sends its request repeatedly, the next one as soon as the last is answered. */
  readonly requests: readonly (Buffer | NextRequest)[];
  readonly seconds: number;
  /** A wrong answer ends the benchmark, because errors are faster than answers. */
  readonly isRight: (answer: Answer) => boolean;
}

export interface Pace {
  readonly perSecond: number;
  /** Median of the latency, in milliseconds. */
  readonly p50: number;
  /** 99th percentile of the latency, in milliseconds. */
  readonly p99: number;
}

/**
 * Sends requests for the given time and measures throughput and latency.
 * @throws for a wrong answer or a broken connection
 */
export async function drive({ port, requests, seconds, isRight }: Load): Promise<Pace> {
  const connections = await Promise.all(requests.map(() => Connection.open(port)));
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  try {
    await Promise.all(connections.map((connection, index) => client(connection, requests[index] ?? Buffer.alloc(0))));
  } finally {
    for (const connection of connections) connection.close();
  }
  const perSecond = (latencies.length / (performance.now() - start)) * 1000;
  return { perSecond, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };

  async function client(connection: Connection, request: Buffer | NextRequest): Promise<void> {
    let answer: Answer | undefined;
    for (let now = performance.now(); now < end; ) {
      const sent = now;
      answer = await connection.exchange(typeof request === 'function' ? request(answer) : request);
      if (!isRight(answer)) throw new Error(`A wrong answer: ${answer.status} ${Buffer.concat(answer.body)}`);
      now = performance.now();
      latencies.push(now - sent);
    }
  }
}
