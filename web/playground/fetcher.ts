import type { GraphiQLProps } from 'graphiql';
import { type DocumentNode, getOperationAST, parse, print, separateOperations } from 'graphql';
import { gatehouse } from '../session';
import { observable } from './subscription';

export type Fetcher = GraphiQLProps['fetcher'];
type Params = Parameters<Fetcher>[0];

/**
 * Sends what is run: queries and mutations over HTTP, subscriptions over a websocket. It is signed in by the session of the
 * account pages, unless the editor of headers has a credential of its own.
 */
export const fetcher: Fetcher = (given, { headers = {} } = {}) => {
  const params = withPresentName(given);
  const subscription = subscriptionIn(params);
  if (!subscription) return send(params, headers);
  return observable({ query: subscription, variables: params.variables ?? {} }, ownCredential(headers));
};

async function send(params: Params, headers: Record<string, string>) {
  const post = ownCredential(headers) ? fetch : gatehouse.fetch;
  const response = await post('/graphql', {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(params),
  });
  return response.json();
}

/** For a moment after an operation was opened GraphiQL still gives the name of the former one. */
function withPresentName({ operationName, ...params }: Params): Params {
  const document = parsed(params.query);
  const isAbsent = document && operationName != null && !getOperationAST(document, operationName);
  return isAbsent ? params : { ...params, ...(operationName != null && { operationName }) };
}

/** @returns the headers, if they say who calls */
function ownCredential(headers: Record<string, string>): Record<string, string> | undefined {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return names.includes('authorization') || names.includes('x-api-key') ? headers : undefined;
}

/** @returns the text of the chosen operation and its fragments, if it is a subscription */
function subscriptionIn({ query, operationName }: Params): string | undefined {
  const document = parsed(query);
  const operation = document && getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return undefined;
  const separate = separateOperations(document as DocumentNode)[operation.name?.value ?? ''];
  return separate && print(separate);
}

/** A document with an error is sent all the same: the service says what is wrong with it. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}
