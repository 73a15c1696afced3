import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../graphql/context.js';
import { type AnyField, isUnbounded, type ShareOf, shareOfField } from './answer-share.js';
import { lengthOfError } from './refusals.js';
import { lengthOfJson, weigh } from './weigh.js';

type Field = GraphQLField<unknown, Context>;
type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Wraps the resolvers of a schema, for compiled and interpreted execution alike. A resolver's value is counted before
 * it is processed, so a list that is too long ends its operation before its first row is resolved.
 * @param ofThemselves fields that have their own resolver; other fields are loaded with their parent and counted there
 */
export function meterFields(schema: GraphQLSchema, ofThemselves: ReadonlySet<AnyField>): void {
  for (const field of fieldsOf(schema)) {
    if (field.resolve && (ofThemselves.has(field) || isNonNullType(field.type)))
      field.resolve = metered(field, field.resolve, ofThemselves);
  }
}

/** All fields of object types except those of introspection. */
export function fieldsOf(schema: GraphQLSchema): Field[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  return types.flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []));
}

function metered(field: Field, resolve: Resolver, ofThemselves: ReadonlySet<AnyField>): Resolver {
  const counts = ofThemselves.has(field) ? counterFor(field, ofThemselves) : undefined;
  const arrive = (value: unknown, context: Context, info: GraphQLResolveInfo): unknown => {
    if (value instanceof Error) return fail(value, context, info);
    if (value == null) return value;
    return !counts || counts(value, context, info) ? value : goneOn(context, info, value);
  };
  return (object, args, context, info) => {
    if (context.meter.endedBy) return goneOn(context, info);
    let value: unknown;
    try {
      value = resolve(object, args, context, info);
    } catch (error) {
      return fail(error, context, info);
    }
    if (!isPromise(value)) return arrive(value, context, info);
    return value.then(
      (arrived) => arrive(arrived, context, info),
      (error) => fail(error, context, info),
    );
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

type Counter = (value: unknown, context: Context, info: GraphQLResolveInfo) => boolean;

function counterFor(field: Field, ofThemselves: ReadonlySet<AnyField>): Counter | undefined {
  const type = getNamedType(field.type);
  if (isCompositeType(type)) {
    const shareOf = sharesFor(type, ofThemselves);
    return (value, { meter }, info) => weigh(meter, value, shareOf(info));
  }
  return isUnbounded(field) ? (value, { meter }) => meter.answers(0, lengthOfJson(value)) : undefined;
}

interface Known {
  readonly nodes: readonly FieldNode[];
  readonly shareOf: ShareOf;
  /** Entry with the same first node but other fields merged into it, as when a fragment is spread in several places. */
  readonly next: Known | undefined;
}

/** Caches the share of each selection by its AST nodes, which stay the same as long as the document is cached. */
function sharesFor(type: GraphQLCompositeType, ofThemselves: ReadonlySet<AnyField>) {
  const known = new WeakMap<FieldNode, Known>();
  const reports = (field: AnyField) => ofThemselves.has(field);
  return ({ fieldNodes, schema, fragments }: GraphQLResolveInfo): ShareOf => {
    const [first] = fieldNodes as [FieldNode];
    const head = known.get(first);
    for (let one = head; one; one = one.next) if (isSame(one.nodes, fieldNodes)) return one.shareOf;
    const shareOf = shareOfField({ schema, fragments, reports }, type, fieldNodes);
    known.set(first, { nodes: fieldNodes, shareOf, next: head });
    return shareOf;
  };
}

const isSame = (one: readonly FieldNode[], other: readonly FieldNode[]): boolean =>
  one === other || (one.length === other.length && one.every((node, place) => node === other[place]));

/**
 * Counts an error.
 * @throws the error, for the executor to place; if the operation has ended, see `goneOn`
 */
function fail(error: unknown, context: Context, info: GraphQLResolveInfo): unknown {
  if (context.meter.endedBy || !context.meter.fails(lengthOfError(info))) return goneOn(context, info);
  throw error;
}

/**
 * The value of a field whose operation has ended. The operation is already answered, so the field returns a promise
 * that never settles; the promise and everything that hangs on it are garbage-collected. A mutation that timed out goes
 * on instead, so that a finished change is not reported as failed.
 * @param done the value that was already there
 * @throws OPERATION_TIMED_OUT for a mutation's field that has no value yet
 */
function goneOn({ meter }: Context, { operation }: GraphQLResolveInfo, done?: unknown): unknown {
  if (operation.operation !== 'mutation' || meter.endedBy?.code !== 'OPERATION_TIMED_OUT')
    return new Promise(() => undefined);
  if (done === undefined) throw meter.endedBy;
  return done;
}
