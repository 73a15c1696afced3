import pg from 'pg';
import { seconds } from '../clock.js';

/** Of a connection of the driver: what a request to cancel its statement names. */
export interface Cancellable {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  readonly processID: number;
  readonly secretKey: number;
}

/** The part of the driver's connection that its types leave out. */
interface Line {
  readonly stream: { destroy(): void };
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  once(event: string, listener: () => void): this;
  on(event: string, listener: () => void): this;
}

/** How long the server may take to hear it. */
const patience = seconds(5);

/**
 * Asks the server to cancel what a connection is doing, over a connection of its own, as the protocol has it: it works
 * while every connection of the pool is taken. Resolves when the server has heard it or cannot be reached; never fails.
 */
export function cancelStatement({ host, port, ssl, processID, secretKey }: Cancellable): Promise<void> {
  return new Promise((resolve) => {
    const line = new (pg.Connection as unknown as new (options: object) => Line)({ ssl });
    const impatience = setTimeout(() => line.stream.destroy(), patience);
    const done = () => {
      clearTimeout(impatience);
      resolve();
    };
    const cancel = () => line.cancel(processID, secretKey);
    line.on('error', done);
    line.once('end', done);
    line.once('connect', () => (ssl ? line.requestSsl() : cancel()));
    line.once('sslconnect', cancel);
    if (host.startsWith('/')) line.connect(`${host}/.s.PGSQL.${port}`);
    else line.connect(port, host);
  });
}
