import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as it was received. */
export interface Received {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  /** In milliseconds. */
  readonly from: number;
  readonly to: number;
}

interface Pair {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface RawSpan extends Omit<Received, 'attributes' | 'resource' | 'from' | 'to'> {
  readonly attributes: readonly Pair[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

/** A collector of OpenTelemetry: takes traces by OTLP over HTTP, as JSON or protobuf. */
export class Collector {
  readonly spans: Received[] = [];
  /** Whatever was received, as text. */
  readonly bodies: string[] = [];
  readonly requests: IncomingMessage[] = [];
  /** Status of the answer; `silent`: there is none. */
  answer: number | 'silent' = 200;
  private readonly server = createServer((request, response) => void this.take(request, response));

  /** @returns the value of OTEL_EXPORTER_OTLP_ENDPOINT */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  of(traceId: string): Received[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    this.requests.push(request);
    this.bodies.push(body.toString('latin1'));
    if (this.answer === 'silent') return;
    if (this.answer === 200 && request.headers['content-type'] === 'application/json') this.read(String(body));
    response.writeHead(this.answer, { 'content-type': 'application/json' }).end('{}');
  }

  private read(body: string): void {
    for (const { resource, scopeSpans } of (JSON.parse(body) as Body).resourceSpans)
      for (const { attributes, ...span } of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          ...span,
          attributes: valuesIn(attributes),
          resource: valuesIn(resource.attributes),
          from: Number(span.startTimeUnixNano) / 1e6,
          to: Number(span.endTimeUnixNano) / 1e6,
        });
  }
}

const valuesIn = (pairs: readonly Pair[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
