import { writeOperations } from './operations.js';
import { writeSchema } from './schema.js';

await writeSchema();
await writeOperations();
