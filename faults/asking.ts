import { eventually } from '../tests/support/eventually.js';
import type { Service } from './service.js';

/** Longest time in which the service has to answer again once the database is back, in milliseconds. */
const longestReturn = 5000;

/**
 * Whether the service soon answers something that it has to ask the database for.
 * @param slowness of the machine, a multiple of the time limit
 */
export async function isServedAgain(service: Service, slowness: number): Promise<boolean> {
  return eventually(() => isAnswered(service), longestReturn * slowness, 50).then(
    () => true,
    () => false,
  );
}

/** Whether the service answers a question that it has to ask the database for. */
export async function isAnswered(service: Service): Promise<boolean> {
  const query = '{ posts(first: 1) { totalCount } }';
  try {
    const reply = await fetch(`${service.url}/graphql?${new URLSearchParams({ query })}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    return !((await reply.json()) as { errors?: unknown }).errors;
  } catch {
    return false;
  }
}

/** @returns the code of the first error, or `answered` */
export async function ask(service: Service, query: string): Promise<string> {
  const reply = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await reply.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'answered';
}
