import type { App } from '../../src/app.js';
import { eventually } from './eventually.js';

/** Ends a process's LISTEN connection and keeps it from coming back. @returns what lets it come back */
export async function withoutSignals({ services: { signals } }: App): Promise<() => Promise<void>> {
  const connect = Reflect.get(signals, 'connect') as () => Promise<void>;
  Reflect.set(signals, 'connect', () => Promise.reject(new Error('cut')));
  const client = Reflect.get(signals, 'client') as { connection: { stream: { destroy(): void } } };
  client.connection.stream.destroy();
  await eventually(() => !signals.isListening);
  return async () => {
    Reflect.set(signals, 'connect', connect);
    await eventually(() => signals.isListening);
  };
}

/** Keeps what the database tells a process in its line. */
export function holdUp({ services: { signals } }: App): { resume(): unknown } {
  const client = Reflect.get(signals, 'client') as { connection: { stream: { pause(): void; resume(): unknown } } };
  client.connection.stream.pause();
  return client.connection.stream;
}
