import { Kind, type OperationDefinitionNode } from 'graphql';

/** Root fields of lists and searches, which a replica may answer. */
const listFields: ReadonlySet<string> = new Set([
  'users',
  'sessions',
  'apiTokens',
  'securityEvents',
  'posts',
  'roles',
  'rolesConnection',
  'roleGrants',
  'jobs',
  'failedJobs',
]);

/** Whether an operation is a query of lists, without anything beside them. One with a fragment at its root is not looked into. */
export const asksForListsAlone = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === 'query' &&
  selectionSet.selections.every((field) => field.kind === Kind.FIELD && listFields.has(field.name.value));
