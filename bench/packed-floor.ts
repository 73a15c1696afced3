import fastify from 'fastify';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';

// The floor of a packed start: Fastify that answers a page with what one statement says, beside a PostgreSQL of its own.

const { DATA_DIR: dataDir = '', PORT: port } = process.env;
const log = { info: () => undefined, warn: console.warn, error: console.error };
const postgres = await startEmbeddedPostgres({ dataDir, log });
const pool = new pg.Pool({ connectionString: postgres.url });
const server = fastify();
server.get('/', async (_request, reply) => {
  const { rows } = await pool.query('select now() as now');
  return reply.type('text/html').send(`<!doctype html>${rows[0].now.toISOString()}`);
});
await server.listen({ port: Number(port) });
process.once('SIGINT', async () => {
  await Promise.all([pool.end(), server.close()]);
  await postgres.stop();
  process.exit();
});
