// Starts PostgreSQL in a process of its own: node start-postgres.fixture.mjs <compiled module> <data directory>
// Prints one line of JSON, { url } or { code }, and stays until it is killed or its input ends.
const [, , moduleUrl, dataDir] = process.argv;
const { startEmbeddedPostgres } = await import(moduleUrl);
const log = { info() {}, warn() {}, error() {} };

try {
  const postgres = await startEmbeddedPostgres({ dataDir, log, settings: { fsync: 'off' } });
  console.log(JSON.stringify({ url: postgres.url }));
  process.stdin.resume().once('end', () => postgres.stop());
} catch (error) {
  console.log(JSON.stringify({ code: error.code ?? String(error) }));
  process.exitCode = 1;
}
