import { ormOptions } from './src/database/orm.js';

/** For the mikro-orm command line; the service builds its own options from its configuration. */
export default ormOptions(process.env['DATABASE_URL'] ?? 'postgres://localhost/gatehouse', 2);
