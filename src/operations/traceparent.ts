/** A place in a trace, as processes name it to each other (W3C Trace Context). */
export interface TracePlace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether whoever began the trace records it. */
  readonly isSampled: boolean;
  /** What systems of tracing tell each other, as it came. */
  readonly state?: string;
}

/** W3C Trace Context, section 3.2: version, trace, span and flags; later versions may add to it. */
const format = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const longestState = 512;

/** @returns undefined without a `traceparent`, and for a malformed one */
export function tracePlaceIn(carrier: Readonly<Record<string, unknown>>): TracePlace | undefined {
  const { traceparent, tracestate } = carrier;
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId, spanId, flags = '', more] = format.exec(traceparent) ?? [];
  if (!traceId || !spanId || (version === '00' && more !== undefined)) return undefined;
  const hasState = typeof tracestate === 'string' && tracestate.length <= longestState;
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, isSampled, ...(hasState && { state: tracestate }) };
}

export const traceparentOf = ({ traceId, spanId, isSampled }: TracePlace): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
