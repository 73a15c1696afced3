import { createServer } from 'node:http';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';

// The floor of a start: the least that answers a page beside a PostgreSQL of its own. No migrations, keys, API or pages.

const { DATA_DIR: dataDir = '', PORT: port } = process.env;
const log = { info: () => undefined, warn: console.warn, error: console.error };
const postgres = await startEmbeddedPostgres({ dataDir, log });
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('<!doctype html>');
});
server.listen(Number(port));
process.once('SIGINT', () => void postgres.stop().finally(() => process.exit()));
