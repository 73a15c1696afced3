import { writeSchema } from './schema.js';

await writeSchema();
