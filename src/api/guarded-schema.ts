import { type GraphQLField, GraphQLObjectType, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { applyMiddleware, type IMiddlewareTypeMap } from 'graphql-middleware';
import { unansweredError } from '../database/connection-failure.js';
import type { CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Guard } from '../graphql/rules.js';
import { fieldsOf, meterFields } from './metered-fields.js';
import { notePermissionDenied, noteProofRequired } from './note-refusal.js';
import { guards, permissions, type Row } from './permissions.js';
import type { RateLimits } from './rate-limits.js';
import { refuse } from './refusals.js';
import { deny, rule, shield } from './shield.js';

type Arguments = Record<string, unknown>;
type Field = GraphQLField<unknown, Context>;

/**
 * Applies the rule table to the schema: rules, rate limits, guards and metering.
 * @throws when a root field has no row, or a row no field, so that the service does not start
 */
export function guardedSchema(schema: GraphQLSchema, limits: RateLimits): GraphQLSchema {
  assertComplete(schema);
  const guarded = applyMiddleware(schema, shieldFor(schema, limits));
  guardSubscriptions(guarded, limits);
  const ofThemselves = new Set(fieldsOf(guarded).filter(({ resolve }) => resolve));
  guardObjects(guarded);
  assertWrapped(schema, guarded);
  endChanges(guarded);
  noteOutcomes(guarded);
  meterFields(guarded, ofThemselves);
  return guarded;
}

/**
 * Runs a field's rule and rate limits. Errors are returned instead of thrown, because shield turns a thrown error into
 * its own denial.
 */
const decide =
  (limits: RateLimits, [mayRun, ...budgets]: Row) =>
  async (_parent: unknown, args: Arguments, context: Context, info: GraphQLResolveInfo) => {
    try {
      if (info.parentType.name === 'Mutation') await context.beginChange();
      const decision = mayRun(context);
      if (decision !== true) return decision;
      return (await limits.take(budgets, context, args, info)) ?? true;
    } catch (error) {
      return unansweredError(error) ?? (error instanceof Error ? error : new Error('It could not be decided'));
    }
  };

const rootRows = (type: keyof typeof permissions): [string, Row][] => Object.entries(permissions[type]);

/**
 * Shield is applied to the root fields only: it wraps each field in an async function, which on the fields of a long
 * list would take longer than reading the list.
 */
function shieldFor(schema: GraphQLSchema, limits: RateLimits): IMiddlewareTypeMap {
  const rulesOf = (type: 'Query' | 'Mutation') =>
    Object.fromEntries(
      rootRows(type).map(([field, row]) => [
        field,
        rule(`${type}.${field}`, { cache: 'no_cache' })(decide(limits, row)),
      ]),
    );
  const generator = shield(
    { Query: rulesOf('Query'), Mutation: rulesOf('Mutation') },
    { fallbackRule: deny, allowExternalErrors: true },
  );
  const { Query, Mutation } = generator.generate(schema) as Required<IMiddlewareTypeMap>;
  return { Query, Mutation } as IMiddlewareTypeMap;
}

/**
 * Middleware wraps `resolve`, which runs only after a subscription has started. So the rule is checked in `subscribe`
 * before the source starts, and again before each event through `mayGoOn`.
 */
function guardSubscriptions(schema: GraphQLSchema, limits: RateLimits): void {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  for (const [name, row] of rootRows('Subscription')) {
    const field = fields[name];
    const start = field?.subscribe;
    if (!field || !start) throw new Error(`Subscription.${name} cannot be guarded`);
    const decision = decide(limits, row);
    field.subscribe = async (root, args, context: Context, info) => {
      const allowed = await decision(root, args, context, info);
      if (allowed !== true) {
        notePermissionDenied(allowed, context, info, row[0]);
        throw allowed || new Error('denied');
      }
      context.mayGoOn = (at) => context.stillMay(row[0], at);
      return start(root, args, context, info);
    };
  }
}

/** Runs `endChange` after each mutation, so that its payload shows only what the caller may read afterwards. */
function endChanges(schema: GraphQLSchema): void {
  for (const [name] of rootRows('Mutation')) {
    const field = fieldOf(schema, 'Mutation', name);
    const { resolve } = field;
    field.resolve = async (root, args, context, info) => {
      const payload: unknown = await resolve?.(root, args, context, info);
      await context.endChange();
      return payload;
    };
  }
}

/** Has root fields timed, and their refusals recorded. Shield returns errors as values, also those that a resolver threw. */
function noteOutcomes(schema: GraphQLSchema): void {
  for (const type of ['Query', 'Mutation'] as const) {
    for (const [name, row] of rootRows(type)) {
      const field = fieldOf(schema, type, name);
      const { resolve } = field;
      const fullName = `${type}.${name}`;
      field.resolve = async (root, args, context, info) => {
        const begunAt = performance.now();
        const span = context.work.beginField(fullName, type === 'Mutation');
        const value: unknown = await resolve?.(root, args, context, info);
        context.services.tallies.noteField(fullName, performance.now() - begunAt);
        if (span) context.work.endField(span, value);
        notePermissionDenied(value, context, info, row[0]);
        noteProofRequired(value, context, info);
        return value;
      };
    }
  }
}

/** Guards of object fields are plain functions, so that a guarded field of a long list stays cheap. */
function guardObjects(schema: GraphQLSchema): void {
  for (const [type, fields] of Object.entries(guards)) {
    for (const [name, guard] of Object.entries(fields)) wrap(fieldOf(schema, type, name), guard);
  }
}

function wrap(field: Field, guard: Guard): void {
  const { resolve, name } = field;
  field.resolve = (object, args, context, info) => {
    const answer = (decision: true | CodedError) => {
      if (decision !== true) return refuse(decision, context, info);
      return resolve ? resolve(object, args, context, info) : (object as Record<string, unknown>)[name];
    };
    const decision = guard(object as { id: string }, context);
    return decision instanceof Promise ? decision.then(answer) : answer(decision);
  };
}

function fieldOf(schema: GraphQLSchema, typeName: string, name: string): Field {
  const type = schema.getType(typeName);
  const field = type instanceof GraphQLObjectType ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`The rule table names ${typeName}.${name}, which the schema does not have`);
  return field;
}

function assertComplete(schema: GraphQLSchema): void {
  const roots = {
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  };
  for (const [type, root] of Object.entries(roots)) {
    const listed = new Map(rootRows(type as keyof typeof permissions));
    for (const name of Object.keys(root?.getFields() ?? {})) {
      if (!listed.delete(name)) throw new Error(`${type}.${name} has no line in the rule table`);
    }
    const [unknown] = listed.keys();
    if (unknown) throw new Error(`The rule table names ${type}.${unknown}, which the schema does not have`);
  }
}

/** Checks that every rule was applied; a silently dropped one would leave its field unprotected. */
function assertWrapped(before: GraphQLSchema, after: GraphQLSchema): void {
  for (const type of ['Query', 'Mutation'] as const) {
    for (const [name] of rootRows(type)) {
      if (fieldOf(after, type, name).resolve === fieldOf(before, type, name).resolve)
        throw new Error(`The rule of ${type}.${name} did not land`);
    }
  }
}
