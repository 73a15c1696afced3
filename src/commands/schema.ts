import { printedSchema } from '../api/print-schema.js';

/** Prints the schema of the API, as schema.graphql has it. */
export function printApiSchema(): void {
  process.stdout.write(printedSchema());
}
