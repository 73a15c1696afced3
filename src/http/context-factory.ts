import { createLoaders } from '../api/loaders.js';
import type { Handshake } from '../api/websocket-options.js';
import { authenticate, authenticatorFor, type Presented } from '../authentication/authenticate.js';
import { unansweredError } from '../database/connection-failure.js';
import { type Arrival, Context } from '../graphql/context.js';
import type { RequestClient } from '../operation.js';
import type { Meter } from '../operations/meter.js';
import type { OperationReport } from '../operations/operation-reports.js';
import type { Span, Tracing } from '../operations/span.js';
import { type TracePlace, tracePlaceIn } from '../operations/traceparent.js';
import type { Identity } from '../policy/caller.js';
import type { Services } from '../services.js';
import type { AddressOf } from './client-address.js';
import { contextError } from './context-error.js';
import { deviceTokenIn } from './cookies.js';
import { type OriginPolicy, trustsCookies } from './origins.js';

/** In characters. A header can be 16 KiB, and this one is stored with each security event. */
const longestUserAgent = 512;
/** In characters; the first languages of a longer list count. */
const longestLanguages = 200;

/** What only a request of HTTP has. An operation on a websocket gets an id of its own. */
type Http = Pick<Arrival, 'cookies'> & { readonly requestId: string; readonly method: string };

/** How an operation came. */
interface Way {
  /** Absent for one on a websocket. */
  readonly http?: Http;
  /** The place in a trace that a message on a websocket has named. */
  readonly trace?: TracePlace | undefined;
}

interface Making {
  readonly services: Services;
  readonly addressOf: AddressOf;
  readonly allowsOrigin: OriginPolicy;
  readonly newRequestId: () => string;
  readonly meter: () => Meter;
}

/** Makes the function that creates the context of a request, or of an operation on a websocket. */
export function contextFactory({ services, addressOf, allowsOrigin, newRequestId, meter }: Making) {
  return async (request: Handshake, presented: Presented, { http, trace }: Way = {}): Promise<Context> => {
    const named = trace ?? tracePlaceIn(request.headers);
    const identify = () => authenticate(services, presented);
    const identifyNow = authenticatorFor(services, presented);
    let known: RequestClient | undefined;
    const readClient = (): RequestClient => ({
      requestId: http?.requestId ?? newRequestId(),
      address: addressOf(request),
      userAgent: request.headers['user-agent']?.slice(0, longestUserAgent) ?? null,
      acceptLanguage: request.headers['accept-language']?.slice(0, longestLanguages),
      deviceToken: trustsCookies(request, allowsOrigin) ? deviceTokenIn(request) : null,
    });
    const client = () => {
      known ??= readClient();
      return known;
    };
    let identity: Identity;
    try {
      identity = await identify();
    } catch (error) {
      // While the database is unavailable, the caller cannot be determined.
      const unanswered = unansweredError(error);
      reportUnidentified(
        services,
        client(),
        { transport: http ? 'http' : 'websocket', trace: named },
        unanswered?.code,
      );
      throw unanswered ? contextError(unanswered) : error;
    }
    return new Context({
      services,
      createLoaders,
      identity,
      identify,
      identifyNow,
      client,
      meter,
      trace: named,
      span: services.tracing && beginSpan(services.tracing, { trace: named, client, http }),
      cookies: http?.cookies,
    });
  };
}

/** Reports an operation that has no context: its caller could not be determined, or its body could not be read. */
export function reportUnidentified(
  { operationReports }: Services,
  { requestId, address }: Pick<RequestClient, 'requestId' | 'address'>,
  { transport, trace }: Pick<OperationReport, 'transport' | 'trace'>,
  outcome = 'INTERNAL_SERVER_ERROR',
): void {
  operationReports.tell({
    kind: 'unknown',
    name: null,
    transport,
    outcome,
    milliseconds: 0,
    statements: 0,
    inTransactions: 0,
    userId: null,
    sessionId: null,
    apiTokenId: null,
    requestId,
    trace,
    address,
  });
}

/** An operation that has arrived. */
interface Begun {
  readonly trace: TracePlace | undefined;
  readonly client: () => RequestClient;
  readonly http: Http | undefined;
}

/** Begins the span of an operation, which is named once it is known. */
function beginSpan(tracing: Tracing, { trace, client, http }: Begun): Span | undefined {
  const span = tracing.begin({ name: 'GraphQL Operation', kind: 'server' }, trace);
  span?.set({
    'gatehouse.request.id': client().requestId,
    'network.protocol.name': http ? 'http' : 'websocket',
    ...(http && { 'http.request.method': http.method }),
  });
  return span;
}
