import type { Socket } from 'node:net';
import type { App } from '../../src/app.js';
import { eventually } from './eventually.js';

interface Line {
  readonly ear: { readonly connection: { readonly stream: Socket } };
}

/** Whatever a process hears signals on at present. */
export const lineOf = ({ services: { signals } }: App): Line => Reflect.get(signals, 'line') as Line;

const earOf = (app: App): Socket => lineOf(app).ear.connection.stream;

/** Ends a process's signal line and keeps it from coming back. @returns what lets it come back */
export async function withoutSignals(app: App): Promise<() => Promise<void>> {
  const { signals } = app.services;
  const connect = Reflect.get(signals, 'connect') as () => Promise<void>;
  Reflect.set(signals, 'connect', () => Promise.reject(new Error('cut')));
  earOf(app).destroy();
  await eventually(() => !signals.isListening);
  return async () => {
    Reflect.set(signals, 'connect', connect);
    await eventually(() => signals.isListening);
  };
}

/** Keeps what the database tells a process in its line. */
export function holdUp(app: App): { resume(): unknown } {
  const stream = earOf(app);
  stream.pause();
  return stream;
}
