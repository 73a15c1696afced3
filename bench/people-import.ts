import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.js';
import { sourceOf } from '../src/moving/formats.js';
import { importUsers } from '../src/moving/import-users.js';
import { SourceFile } from '../src/moving/sources/source-file.js';
import { asOperator, withServices } from '../src/open-services.js';
import type { Result } from './report.js';
import type { Stage } from './stage.js';

const count = 100_000;
/** All of them in two minutes. */
const target = count / 120;

/** Measures how many people a second are imported beside a running service, from JSON Lines. */
export async function importPeople({ env, passwordHash }: Stage): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-import-'));
  try {
    const path = join(folder, 'people.jsonl');
    await write(path, passwordHash);
    const start = performance.now();
    const file = await SourceFile.open(path);
    const { imported } = await withServices(loadConfig(env), (services) =>
      importUsers(asOperator(services), {
        file,
        format: 'json-lines',
        source: sourceOf('json-lines'),
        isDry: false,
        allowAdministrators: false,
        onRefused: ({ at, reason }) => {
          throw new Error(`Line ${at} was refused: ${reason}`);
        },
        onProgress: () => undefined,
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    await file.close();
    if (imported < count) throw new Error(`Only ${imported} people were imported`);
    const pace = imported / seconds;
    return {
      scenario: 'people imported',
      floor: `${Math.round(target)}/s`,
      service: `${Math.round(pace)}/s`,
      ratio: pace / target,
      target: { atLeast: 1 },
      notes: [
        `${imported} people in ${Math.round(seconds)} s; the floor's column has the target, 100,000 in two minutes`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each has a hash, a profile and a role beside `user`; every tenth has a second factor. */
async function write(path: string, passwordHash: string): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600 });
  for (let n = 0; n < count; n += 1) {
    const person = {
      id: randomUUID(),
      username: `moved.${n}`,
      email: `moved.${n}@example.com`,
      passwordHash,
      firstName: 'Robin',
      lastName: `No. ${n}`,
      language: 'en',
      timezone: 'Europe/Berlin',
      createdAt: '2024-01-01T00:00:00Z',
      roles: [`team-${1 + (n % 9)}`],
      ...(n % 10 === 0 && { twoFactor: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' } }),
    };
    if (!file.write(`${JSON.stringify(person)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
