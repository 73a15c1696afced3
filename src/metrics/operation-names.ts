import { ownDocuments } from '../api/own-documents.js';

/** Names of the operations that the pages and the client send. Other names come from clients, who could make up any number. */
export const ownOperations: readonly string[] = Object.keys(ownDocuments);

/** Label of every name that is not told apart. */
export const otherName = 'other';
/** Label of operations without a name. */
export const noName = 'unnamed';
