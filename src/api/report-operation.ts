import type { ExecutionResult } from 'graphql';
import { CodedError, UserErrorCode } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { OperationReport } from '../operations/operation-reports.js';

/** What is known of an operation besides its context. */
interface Told {
  readonly kind: OperationReport['kind'];
  readonly name: string | null | undefined;
  readonly result: Pick<ExecutionResult, 'data'> & { readonly errors?: readonly (WithCode | CodedError)[] | undefined };
  /** Events that a subscription has told. */
  readonly events?: number;
}

/** An error as clients see it, or of graphql-js. */
interface WithCode {
  readonly extensions?: { readonly code?: unknown } | undefined;
  readonly originalError?: unknown;
}

/** Codes of payloads. An alias can put any text where such a code is read, which is not for the log. */
const refusals: ReadonlySet<string> = new Set(Object.values(UserErrorCode));

/** Reports an operation that has been answered. */
export function reportOperation(context: Context, { kind, name = null, result, events }: Told): void {
  context.progress.isReported = true;
  const { operationReports } = context.services;
  const outcome = outcomeOf(result);
  context.work.end({ kind, name, outcome });
  if (!operationReports.isWatched) return;
  const { caller, client, meter } = context;
  const { inTransactions, others } = meter.sent;
  operationReports.tell({
    kind,
    name,
    transport: context.cookies ? 'http' : 'websocket',
    outcome,
    milliseconds: performance.now() - context.startedAt,
    statements: inTransactions + others,
    inTransactions,
    ...(events !== undefined && { events }),
    userId: caller?.userId ?? null,
    sessionId: caller?.sessionId ?? null,
    apiTokenId: caller?.apiToken?.id ?? null,
    requestId: client.requestId,
    trace: context.work.wholePlace,
    address: client.address,
  });
}

function outcomeOf({ data, errors }: Told['result']): string {
  const [error] = errors ?? [];
  if (error) return codeOf(error);
  for (const payload of Object.values(data ?? {})) {
    const [refusal] = errorsIn(payload);
    if (refusal) return refusals.has(String(refusal.code)) ? String(refusal.code) : 'REFUSED';
  }
  return 'OK';
}

function codeOf(error: WithCode | CodedError): string {
  const cause = error instanceof CodedError ? error : error.originalError;
  const code = cause instanceof CodedError ? cause.code : (error as WithCode).extensions?.code;
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

/** What a mutation has refused, if the client asked for it. */
function errorsIn(payload: unknown): readonly { readonly code?: unknown }[] {
  const { errors } = (payload ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? errors : [];
}
