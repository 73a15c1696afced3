import type { Socket } from 'node:net';
import type { App } from '../../src/app.js';
import { eventually } from './eventually.js';

interface Line {
  readonly ear: { readonly connection: { readonly stream: Socket } };
}

/** The current signal line of a process. */
export const lineOf = ({ services: { signals } }: App): Line => Reflect.get(signals, 'line') as Line;

const earOf = (app: App): Socket => lineOf(app).ear.connection.stream;

/** Breaks a process's signal line and keeps it from reconnecting. @returns a function that lets it reconnect */
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

/** Delays everything that the database sends to a process over its signal line, until `resume`. */
export function holdUp(app: App): { resume(): unknown } {
  const stream = earOf(app);
  stream.pause();
  return stream;
}
