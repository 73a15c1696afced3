import type { GraphQLResolveInfo } from 'graphql';
import { CodedError, UserErrorCode } from '../errors.js';
import type { Payload } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import type { Rule } from '../graphql/rules.js';
import { networkOf } from './networks.js';

/**
 * Has a root field's refusal recorded: FORBIDDEN to a signed-in caller, by the rule of the field or by what it does. The
 * answer does not wait for it.
 */
export function notePermissionDenied(value: unknown, context: Context, info: GraphQLResolveInfo, rule: Rule): void {
  const { caller, services } = context;
  if (!caller || !(value instanceof CodedError) || value.code !== 'FORBIDDEN') return;
  const details = { field: `${info.parentType.name}.${info.fieldName}`, ...(rule.needs && { needs: rule.needs }) };
  services.refusedEvents.note(context, { type: 'PERMISSION_DENIED', details }, keyOf(context));
}

/** Has a mutation recorded that was refused because the proof of who the caller is was too old. */
export function noteProofRequired(value: unknown, context: Context, info: GraphQLResolveInfo): void {
  if (!asksForProof(value)) return;
  const details = { field: `${info.parentType.name}.${info.fieldName}` };
  context.services.refusedEvents.note(context, { type: 'REAUTHENTICATION_REQUIRED', details }, keyOf(context));
}

/** @param value what a root field resolves to */
function asksForProof(value: unknown): boolean {
  const { errors } = (value ?? {}) as Partial<Payload>;
  return Array.isArray(errors) && errors.some(({ code }) => code === UserErrorCode.REAUTHENTICATION_REQUIRED);
}

/** A limit that was exceeded. */
export interface Exceeded {
  readonly limit: string;
  /** Whose calls it counts. */
  readonly of: 'address' | 'caller' | 'mailbox';
  /** Of the root field; absent for a limit of whole operations. */
  readonly field?: string;
}

/** Has an exceeded limit recorded, under the caller or, for an anonymous one, the network address. */
export function noteRateLimited(context: Context, exceeded: Exceeded): void {
  const { refusedEvents, tallies } = context.services;
  tallies.noteExceeded(exceeded.limit);
  refusedEvents.note(context, { type: 'RATE_LIMITED', details: { ...exceeded } }, keyOf(context));
}

/** One for each session or API token in each network, so that a stolen one does not hide behind the owner's. */
function keyOf({ caller, client }: Context): string {
  const network = networkOf(client.address);
  return caller ? `${caller.userId} ${caller.apiToken?.id ?? caller.sessionId} ${network}` : network;
}
