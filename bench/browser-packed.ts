import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Budget } from './browser-budget.js';
import { startedBy } from './browser-service.js';
import type { Site } from './browser-site.js';
import { startRow } from './browser-start.js';
import { interleaved } from './statistics.js';

/** Rounds of four starts each. */
const rounds = 5;
const run = promisify(execFile);

/** Time from starting the packed service to its first page, the first time and later, beside the least that could do it. */
export async function packedStart(site: Site): Promise<Budget[]> {
  const folder = await installed(site);
  const service = join(folder, 'node_modules', 'gatehouse', 'dist', 'service', 'cli.js');
  const floor = fileURLToPath(new URL('./packed-floor.js', import.meta.url));
  const [serviceData, floorData] = [join(folder, 'service-data'), join(folder, 'floor-data')];
  const start = async (args: readonly string[], dataDir: string): Promise<number> => {
    const { seconds, stop } = await startedBy([process.execPath, ...args], folder, dataDir, site.closing);
    await stop();
    return seconds;
  };
  const first = async (args: readonly string[], dataDir: string) => {
    await rm(dataDir, { recursive: true, force: true });
    return start(args, dataDir);
  };
  const times = await interleaved(rounds, {
    floorFirst: () => first([floor], floorData),
    floorLater: () => start([floor], floorData),
    first: () => first([service, 'serve'], serviceData),
    later: () => start([service, 'serve'], serviceData),
  });
  return [
    startRow('packed service, first start', times.first, times.floorFirst),
    startRow('packed service, later start', times.later, times.floorLater),
  ];
}

/** Packs the copy of the checkout and installs the package. @returns the folder that it is installed in */
async function installed(site: Site): Promise<string> {
  const folder = await site.newFolder();
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: site.folder });
  await writeFile(join(folder, 'package.json'), '{}');
  await run('npm', ['install', '--omit=dev', '--prefer-offline', '--no-audit', join(folder, stdout.trim())], {
    cwd: folder,
  });
  return folder;
}
