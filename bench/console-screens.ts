import pg from 'pg';
import { type Budget, verdictOf } from './browser-budget.js';
import type { Site } from './browser-site.js';
import { type ConsoleStage, consoleStage } from './console-stage.js';
import { interleaved, median } from './statistics.js';

/** In milliseconds. */
const most = 1500;
const rounds = 3;

/** Loads each screen anew while signed in, and takes the time until all that it asks for is shown. */
export async function consoleScreens(site: Site): Promise<Budget[]> {
  return screensOn(await consoleStage(site));
}

async function screensOn({ url, databaseUrl, page, probe }: ConsoleStage): Promise<Budget[]> {
  const view = (path: string) => async () => {
    await page.goto(url + path);
    return probe.settled();
  };
  const work = Object.fromEntries((await paths(databaseUrl)).map(([name, path]) => [name, view(path)]));
  // The first time loads what the service keeps in memory.
  await interleaved(1, work);
  const times = Object.entries(await interleaved(rounds, work)).map(([name, each]) => ({ name, took: median(each) }));
  const slowest = times.reduce((one, other) => (other.took > one.took ? other : one));
  return [
    {
      what: 'first view of a screen, the slowest',
      measured: `${slowest.name} ${Math.round(slowest.took)} ms`,
      bound: `≤ ${most} ms`,
      verdict: verdictOf(slowest.took <= most),
      notes: [
        `medians of ${rounds}, in ms: ${times.map(({ name, took }) => `${name} ${Math.round(took)}`).join(', ')}`,
      ],
    },
  ];
}

const screens = ['live', 'people', 'roles', 'why', 'sessions', 'tokens', 'keys', 'work', 'audit', 'settings'];

/** Names of all screens with their paths; a person, a role and a question are those of somebody with events. */
async function paths(databaseUrl: string): Promise<[name: string, path: string][]> {
  const database = new pg.Client(databaseUrl);
  await database.connect();
  try {
    const { rows } = await database.query<{ person: string; role: string }>(`
      select (select id from users order by id limit 1) as person, (select id from roles where name = 'team-7') as role`);
    const [{ person, role } = { person: '', role: '' }] = rows;
    const why = `/console/why?person=${person}&action=read&resource=resource-1`;
    return [
      ['now', '/console'],
      ['now, a month', '/console?range=month'],
      ...screens.map((name): [string, string] => [name, `/console/${name}`]),
      ['a person', `/console/people/${person}`],
      ['a role', `/console/roles/${role}`],
      ['map of roles', '/console/roles/map'],
      ['an answer', why],
      ['who may', '/console/why?view=who&action=read&resource=resource-1'],
    ];
  } finally {
    await database.end();
  }
}
