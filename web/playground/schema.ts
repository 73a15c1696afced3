import { buildSchema } from 'graphql';
import text from '../../schema.graphql?raw';

/**
 * The schema of the service that this page was built with. The page brings it along, so that documentation and completion
 * also work where introspection is off, and opening the page asks the service nothing.
 */
export const schema = buildSchema(text, { assumeValid: true });
