import { migratingOptions } from './src/database/run-migrations.js';
import { entities } from './src/entities.js';

/** For the mikro-orm command line; the service builds its own options from its configuration. */
export default migratingOptions(process.env['DATABASE_URL'] ?? 'postgres://localhost/gatehouse', entities);
