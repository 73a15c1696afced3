import { administratorOf, type DemoPerson } from './demo-people.js';
import { Started } from './started.js';

export interface Demo {
  readonly url: string;
  readonly administrator: DemoPerson;
  stop(): Promise<unknown>;
}

/** Starts the demo in the folder of the services of a test file; its people have a past of a month. */
export async function startDemo(): Promise<Demo> {
  const started = new Started({}, ['--demo']);
  const { url } = await started.ready();
  return { url, administrator: await administratorOf(url), stop: () => started.stop() };
}
