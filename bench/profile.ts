import type { Runtime } from 'node:inspector';
import { type Profiler, Session } from 'node:inspector/promises';

/** Share of the main thread's time spent in the code of a package or source file itself, without what it calls. */
export interface Cost {
  readonly where: string;
  readonly share: number;
}

const interval = 200; // µs between samples

/** CPU profile of this process's main thread, summed up by package and file. */
export class Profile {
  private readonly session = new Session();

  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.setSamplingInterval', { interval });
    await this.session.post('Profiler.start');
  }

  /** @returns the most expensive packages and files first */
  async stop(): Promise<Cost[]> {
    const { profile } = await this.session.post('Profiler.stop');
    this.session.disconnect();
    return summarize(profile);
  }
}

function summarize({ nodes }: Profiler.Profile): Cost[] {
  const hits = new Map<string, number>();
  let total = 0;
  for (const { callFrame, hitCount = 0 } of nodes) {
    if (callFrame.functionName === '(idle)') continue;
    const where = placeOf(callFrame);
    hits.set(where, (hits.get(where) ?? 0) + hitCount);
    total += hitCount;
  }
  const costs = [...hits].map(([where, count]) => ({ where, share: count / total }));
  return costs.sort((a, b) => b.share - a.share);
}

function placeOf({ url, functionName }: Runtime.CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'compiled queries and built-ins';
  const afterModules = url.split('/node_modules/').at(-1);
  if (afterModules !== undefined && afterModules !== url) {
    const [scope = '', name = ''] = afterModules.split('/');
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  return url.startsWith('node:') ? url.split('/').slice(0, 2).join('/') : url.replace(/^.*\/dist\//, '');
}
