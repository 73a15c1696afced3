import { type DocumentNode, visit } from 'graphql';
import { badInput } from '../errors.js';

/** Queries with a secret argument. Mutations never run over GET. */
const takesSecret: ReadonlySet<string> = new Set(['passwordStrength']);

/**
 * Refuses secrets in URLs, which proxies log and browsers keep (ASVS 5.0, 14.2.1). The secret of this request may be
 * logged already, but the client's author notices the mistake.
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
