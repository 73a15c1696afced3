import { z } from 'zod';
import { flag, keyValues, ratio, url, whole } from '../config-values.js';

/** Variables of OpenTelemetry's specification. */
export const tracing = {
  /** Where [traces](operations.md#traces) go, by OTLP over HTTP, without `/v1/traces`; turns them on. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** The same for traces alone, with its whole path. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url.optional(),
  /**
   * `otlp` turns traces on, without an endpoint to `http://localhost:4318`; `none` turns them off.
   * @defaultValue `otlp` with an endpoint, otherwise `none`
   */
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).optional(),
  /** `true` turns traces off. */
  OTEL_SDK_DISABLED: flag.default(false),
  /** Encoding of traces. */
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/protobuf', 'http/json']).default('http/protobuf'),
  /** Headers for the collector, such as `authorization=Bearer%20…`; values are percent-encoded. */
  OTEL_EXPORTER_OTLP_HEADERS: keyValues.prefault(''),
  /**
   * Name of the service in traces.
   * @defaultValue `service.name` of `OTEL_RESOURCE_ATTRIBUTES`, otherwise `gatehouse`
   */
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[^\p{Cc}]{1,255}$/u, 'must have at most 255 characters, none of them a control character')
    .optional(),
  /** Attributes of all spans, such as `deployment.environment.name=staging`; values are percent-encoded. */
  OTEL_RESOURCE_ATTRIBUTES: keyValues.prefault(''),
  /** Which operations and jobs are traced; `parentbased_…` leaves it to the client when that names a trace. */
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  /** The share that is traced, for the samplers with `traceidratio`. */
  OTEL_TRACES_SAMPLER_ARG: ratio.prefault('1'),
  /** Longest time until spans are sent, in milliseconds. */
  OTEL_BSP_SCHEDULE_DELAY: whole(1, 600_000).prefault('5000'),
};
