import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Context } from '../graphql/context.js';
import type { Caller } from '../policy/caller.js';
import { fieldsForEveryone as securityEventFields } from '../security-events/security-event.type.js';
import { fieldsForEveryone as sessionEventFields } from '../sessions/session.type.js';

/** Fields of events whose value is the same whoever asks; see `isForEveryone`. */
export const fieldsForEveryone: Readonly<Record<string, readonly string[]>> = {
  SecurityEvent: securityEventFields,
  SessionEvent: sessionEventFields,
};

/**
 * Milliseconds for which a result for everyone is used again. Streams that are behind come later, and names may have
 * changed by then.
 */
const freshFor = 1000;

/** Which subscriptions get the same results. */
export interface Sharing {
  /** The same for subscriptions that ask alike. */
  readonly key: string;
  /** Whether the result depends on the event alone; otherwise it is shared only within one session or API token. */
  readonly isForEveryone: boolean;
}

interface Asked {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: unknown;
}

/** Answers of `isTheSameForAll`. Documents are kept, so each is examined once. */
const examined = new WeakMap<DocumentNode, boolean>();

/**
 * Determines with whom a subscription may share its results.
 * @param document valid; parsed from `query`
 */
export function sharingOf(schema: GraphQLSchema, document: DocumentNode, asked: Asked): Sharing {
  const isForEveryone = examined.get(document) ?? isTheSameForAll(schema, document);
  examined.set(document, isForEveryone);
  // Without directives and arguments below the root field, variables narrow the stream but not its results.
  const variables = isForEveryone ? null : (asked.variables ?? null);
  return { key: JSON.stringify([asked.query, asked.operationName ?? null, variables]), isForEveryone };
}

/** Whether every operation and fragment selects only listed fields, and uses no directive. */
function isTheSameForAll(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  const root = schema.getSubscriptionType();
  let isSame = true;
  const visitor = visitWithTypeInfo(types, {
    enter: (node) => {
      if (node.kind === Kind.DIRECTIVE) isSame = false;
      if (node.kind !== Kind.FIELD || types.getParentType() === root) return;
      const parent = types.getParentType()?.name ?? '';
      const { value: name } = node.name;
      if (name !== '__typename' && !fieldsForEveryone[parent]?.includes(name)) isSame = false;
    },
  });
  visit(document, visitor);
  return isSame;
}

type Execute = (context: Context) => Promise<ExecutionResult>;

/** An event that is to be told to one stream. */
interface Telling {
  readonly event: object;
  readonly sharing: Sharing;
  /** Makes a context of the caller as of now. */
  readonly renewed: () => Promise<Context>;
  /** Whether the stream may still have the event; asked again after a wait for another stream's result. */
  readonly mayGoOn: () => boolean | Promise<boolean>;
  /** Makes the result; also called after a shared one has failed, which may concern another caller alone. */
  readonly execute: Execute;
}

interface Shared {
  readonly result: Promise<ExecutionResult>;
  readonly madeAt: number;
  /** The result once it is there, unless it has failed. */
  known?: ExecutionResult;
}

/** How a result is made, for whom, and for how many milliseconds it is used again once it is made. */
interface Making {
  readonly make: () => Promise<ExecutionResult>;
  readonly mayGoOn: Telling['mayGoOn'];
  readonly time: number;
}
type Results = Map<string, Shared>;

/**
 * Executes a selection once per event for all subscriptions that ask alike. What depends on the caller is shared only
 * among the streams of one session or API token, and only while it is being made: rights may change afterwards.
 */
export class SharedResults {
  private readonly forEveryone = new WeakMap<object, Results>();
  /** A caller is another object whenever what is known of the session or API token has been read again. */
  private readonly forCallers = new WeakMap<object, WeakMap<Caller, Results>>();

  /** @returns the result if another stream has made it and it depends on the event alone */
  known(event: object, { key, isForEveryone }: Sharing): ExecutionResult | undefined {
    const shared = isForEveryone ? this.forEveryone.get(event)?.get(key) : undefined;
    return shared && isFresh(shared, freshFor) ? shared.known : undefined;
  }

  /**
   * @returns the result for the caller of `renewed`, which another stream may have made; 'forbidden' when the right to it
   *   has ended while that one made it
   */
  async tell({ event, sharing, renewed, mayGoOn, execute }: Telling): Promise<ExecutionResult | 'forbidden'> {
    if (sharing.isForEveryone) {
      const results = of(this.forEveryone, event, newResults);
      return shared(results, sharing.key, { make: async () => execute(await renewed()), mayGoOn, time: freshFor });
    }
    const context = await renewed();
    if (!context.caller) return execute(context);
    const results = of(of(this.forCallers, event, newCallers), context.caller, newResults);
    return shared(results, sharing.key, { make: () => execute(context), mayGoOn, time: 0 });
  }
}

async function shared(results: Results, key: string, making: Making): Promise<ExecutionResult | 'forbidden'> {
  const { make, mayGoOn, time } = making;
  const earlier = results.get(key);
  if (earlier && (time === 0 || isFresh(earlier, time))) {
    const hasWaited = !earlier.known;
    const result = await earlier.result.catch(() => undefined);
    // The right was checked before.
    if (hasWaited && !(await mayGoOn())) return 'forbidden';
    return result && !result.errors ? result : make();
  }
  const made: Shared = { result: make(), madeAt: performance.now() };
  results.set(key, made);
  const forget = () => {
    if (results.get(key) === made) results.delete(key);
  };
  // Nobody may use it longer, and the event that it hangs on stays in memory.
  made.result.then((result) => {
    if (result.errors || time === 0) return forget();
    made.known = result;
    setTimeout(forget, time).unref();
  }, forget);
  return made.result;
}

const isFresh = ({ madeAt }: Shared, time: number): boolean => performance.now() - madeAt < time;

const newResults = (): Results => new Map();
const newCallers = () => new WeakMap<Caller, Results>();

function of<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
