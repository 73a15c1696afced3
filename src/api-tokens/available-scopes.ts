import { type CatalogueEntry, catalogueEntries } from '../policy/permission-catalogue.js';
import type { Rights } from '../policy/rights.js';

/**
 * The permissions of the catalogue that `createApiToken` accepts as scopes: those that the account holds, with or
 * without conditions. For the rights of an API token, those within its scopes.
 */
export const availableScopesOf = (rights: Rights): readonly CatalogueEntry[] =>
  rights.standing.isActive
    ? catalogueEntries.filter(
        ({ resource, action }) => rights.reaches(`${resource}:${action}`) && rights.isInScope(action, resource),
      )
    : [];
