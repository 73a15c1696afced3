import pg from 'pg';
import { seconds } from '../clock.js';

/** What a cancel request needs to know of a connection: the server's address, its process id and its secret key. */
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

/** Longest time for a cancel request to be delivered, in milliseconds. */
const deliveryTime = seconds(5);

/**
 * Asks the server to cancel the running statement of a connection. The request goes over a separate connection, as the
 * PostgreSQL protocol requires (CancelRequest), so it works even while every connection of the pool is in use. Resolves
 * when the server has received it, when the server cannot be reached, or after 5 seconds; never rejects.
 */
export function cancelStatement({ host, port, ssl, processID, secretKey }: Cancellable): Promise<void> {
  return new Promise((resolve) => {
    const line = new (pg.Connection as unknown as new (options: object) => Line)({ ssl });
    const timer = setTimeout(() => line.stream.destroy(), deliveryTime);
    const done = () => {
      clearTimeout(timer);
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
