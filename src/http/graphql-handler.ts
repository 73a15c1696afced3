import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CostBudget } from '../api/cost-budget.js';
import type { ChosenDocument, Documents } from '../api/documents.js';
import type { RepeatedOperations } from '../api/repeated-operations.js';
import { reportOperation } from '../api/report-operation.js';
import type { CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import { membersOf, putText } from './asked-request.js';
import { contextError } from './context-error.js';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Set once its creation has begun. Kept on the request because the garbage collector traverses WeakMaps at each
     * run.
     */
    graphqlContext: Promise<Context> | null;
    /** What the request is to run; null before that is known. */
    chosenDocument: ChosenDocument | null;
  }
}

export interface GraphqlOptions {
  readonly apollo: ApolloServer<Context>;
  readonly repeated: RepeatedOperations;
  readonly documents: Documents;
  readonly budget: CostBudget;
  readonly createContext: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>;
}

/**
 * Handles /graphql. Known operations take the fast path; Apollo handles everything else, including errors that occur
 * before the operation.
 */
export function graphqlHandler({ apollo, repeated, documents, budget, createContext }: GraphqlOptions) {
  /** Creates the context once per request. A second attempt after a failure would wait for the database again. */
  const contextOf = (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    request.graphqlContext ??= createContext(request, reply);
    return request.graphqlContext;
  };
  const admitted = async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const made = await contextOf(request, reply);
    const refusal = budget.refusalOf(made) ?? documents.admit(made, request.chosenDocument ?? {});
    if (!refusal) return made;
    reportRefusal(made, request, refusal);
    throw contextError(refusal);
  };
  const viaApollo = fastifyApolloHandler(apollo, { context: admitted });
  const throughApollo = async (server: FastifyInstance, request: FastifyRequest, reply: FastifyReply) => {
    const answer = await viaApollo.call(server, request, reply);
    const { chosenDocument: chosen } = request;
    if (chosen?.hash !== undefined && repeated.knows(chosen.text ?? '')) documents.keep(chosen);
    return answer;
  };
  return async function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const chosen = chooseFor(documents, request);
    const known = chosen.refusal ? undefined : repeated.find(request);
    if (!known) return throughApollo(this, request, reply);
    let context: Context;
    try {
      context = await contextOf(request, reply);
    } catch {
      // Apollo formats the error of a failed context.
      return throughApollo(this, request, reply);
    }
    documents.admit(context, chosen);
    const { status, retryAfter, body } = await repeated.answer(known, context);
    documents.keep(chosen);
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    return reply.code(status).header('content-type', `${known.mediaType}; charset=utf-8`).send(body);
  };
}

/** Both ways find the text in the request, whether it was sent or named. */
function chooseFor(documents: Documents, request: FastifyRequest): ChosenDocument {
  const members = membersOf(request);
  if (!members) return {};
  const chosen = documents.choose(members);
  request.chosenDocument = chosen;
  if (chosen.text !== undefined) putText(request, members, chosen.text);
  return chosen;
}

function reportRefusal(context: Context, { body }: FastifyRequest, refusal: CodedError): void {
  const { operationName } = (body ?? {}) as { readonly operationName?: unknown };
  const name = typeof operationName === 'string' ? operationName : null;
  reportOperation(context, { kind: 'unknown', name, result: { errors: [refusal] } });
}
