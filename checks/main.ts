// node dist/checks/main.js [name…]: runs all checks, or those named. The exit code is 1 when one fails.
import { type Check, program, tool } from './check.js';
import { documentedConfiguration } from './configuration.js';
import { describedSchema } from './descriptions.js';
import { importDirections } from './import-directions.js';
import { migrationsFit } from './migrations.js';
import { operationsAreCurrent } from './operations.js';
import { listOfRoutines, routinesFit } from './routines.js';
import { schemaIsCurrent } from './schema.js';

const checks: Readonly<Record<string, Check>> = {
  lint: tool('biome', 'ci', '.', '--error-on-warnings', '--colors=off'),
  types: tool('tsc', '--noEmit', '--pretty', 'false'),
  'types of the client': tool('tsc', '--noEmit', '--pretty', 'false', '-p', 'client'),
  'types of the tests': tool('tsc', '--noEmit', '--pretty', 'false', '-p', 'tests'),
  'types of the examples': tool('tsc', '--noEmit', '--pretty', 'false', '-p', 'examples'),
  'types of the pages': tool('tsc', '--noEmit', '--pretty', 'false', '-p', 'web'),
  imports: importDirections,
  unused: tool('knip', '--no-progress'),
  licences: program(process.execPath, 'packing/licences.mjs'),
  schema: schemaIsCurrent,
  operations: operationsAreCurrent,
  descriptions: describedSchema,
  migrations: migrationsFit,
  routines: routinesFit,
  configuration: documentedConfiguration,
};

const say = (line: string) => process.stdout.write(`${line}\n`);

async function passes(name: string): Promise<boolean> {
  const check = checks[name];
  const problems = check ? await check().catch((error: Error) => [error.stack ?? error.message]) : ['no such check'];
  say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const line of problems.length === 0 ? (lists[name]?.() ?? []) : problems) say(`       ${line}`);
  return problems.length === 0;
}

/** What a check that passes has to show. */
const lists: Readonly<Record<string, () => readonly string[]>> = { routines: listOfRoutines };

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(checks);
let failed = 0;
for (const name of names) if (!(await passes(name))) failed += 1;
say(`${names.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
