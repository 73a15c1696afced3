import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildPlainSchema } from './schema.js';

/** The schema of the API in the schema definition language. Sorted, so that moving a resolver does not change it. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(buildPlainSchema()))}\n`;
