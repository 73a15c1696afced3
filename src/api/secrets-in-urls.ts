import { type DocumentNode, visit } from 'graphql';
import { badInput } from '../errors.js';

/** Queries that are given a secret. Mutations never run over GET. */
const takesSecret: ReadonlySet<string> = new Set(['passwordStrength']);

/**
 * URLs are logged by proxies and kept by browsers, so no secret may be in one (ASVS 5.0, 14.2.1). Too late for the
 * one that was sent; in time for whoever writes the client.
 * @throws BAD_USER_INPUT
 */
export function refuseSecretsInUrl(method: string | undefined, document: DocumentNode): void {
  if (method !== 'GET') return;
  visit(document, {
    Field: ({ name }) => {
      if (takesSecret.has(name.value)) throw badInput(`Send ${name.value} by POST.`);
    },
  });
}
