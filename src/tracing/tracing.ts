import { randomUUID } from 'node:crypto';
import { createTraceState, ROOT_CONTEXT, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import { endsWithin } from '../operations/ends-within.js';
import type { Logger } from '../operations/logging.js';
import type { Tracing } from '../operations/span.js';
import type { TracePlace } from '../operations/traceparent.js';
import { RecordedSpan } from './recorded-span.js';
import { ToldExporter } from './told-exporter.js';

type Terms = NonNullable<Config['tracing']>;

/** How long a stop waits for the collector, in milliseconds. */
const patience = seconds(2);

/**
 * Traces by OpenTelemetry's SDK, without what it would register for the whole process: several services may run in one.
 * Spans wait in a queue of 2,048; more are dropped.
 */
export function startTracing(terms: Terms, log: Logger): Tracing {
  const { protocol, url, headers, delay } = terms;
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  const exporter = new ToldExporter(new Exporter({ url, headers }), log);
  const provider = new TracerProvider({
    sampler: samplerOf(terms),
    resource: resourceOf(terms),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: delay })],
  });
  const tracer: Tracer = provider.getTracer('gatehouse');
  const isDrawn = drawing(terms);
  return {
    begin: (span, parent) => {
      if (parent) return RecordedSpan.begin(tracer, contextOf(parent), span);
      return isDrawn() ? RecordedSpan.begin(tracer, ROOT_CONTEXT, span) : undefined;
    },
    close: async () => {
      await endsWithin(
        patience,
        provider.shutdown().catch(() => undefined),
      );
    },
  };
}

/** Draws the traces that begin here. The SDK draws once it has made ids and a span, which costs more than the operation's log line. */
const drawing =
  ({ sampler, ratio }: Terms): (() => boolean) =>
  () =>
    !sampler.endsWith('traceidratio') || Math.random() < ratio;

/** Decides about traces that a client has named; those that begin here have been drawn. */
function samplerOf({ sampler, ratio }: Terms): Sampler {
  const root = sampler.endsWith('always_off') ? new AlwaysOffSampler() : new AlwaysOnSampler();
  if (sampler.startsWith('parentbased_')) return new ParentBasedSampler({ root });
  if (sampler !== 'traceidratio') return root;
  const share = new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler({ root, remoteParentSampled: share, remoteParentNotSampled: share });
}

function resourceOf({ serviceName, resource }: Terms) {
  const name = serviceName ?? resource['service.name'] ?? 'gatehouse';
  return defaultResource().merge(
    resourceFromAttributes({ 'service.instance.id': randomUUID(), ...resource, 'service.name': name }),
  );
}

function contextOf({ traceId, spanId, isSampled, state }: TracePlace) {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    isRemote: true,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  });
}
