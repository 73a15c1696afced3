import type pg from 'pg';
import type { Logger } from '../operations/logging.js';
import { connectTime, type DatabaseSockets, keepAlive } from './database-sockets.js';
import type { StatementTimes } from './statement-times.js';

/**
 * Sends the driver's messages to the log instead of the console, and limits the time of statements and transactions.
 */
export const driverOptions = (
  connection: pg.ClientConfig,
  log: Logger,
  sockets: DatabaseSockets,
  times: StatementTimes,
) => {
  const note = (message: unknown) => log.debug({ reason: /^[\w ]*/.exec(String(message))?.[0] }, 'database driver');
  return {
    logger: note,
    driverOptions: {
      acquireConnectionTimeout: connectTime,
      pool: {
        afterCreate: (connection: pg.ClientBase, done: (error: null, connection: pg.ClientBase) => void) => {
          times.watch(connection);
          done(null, connection);
        },
      },
      connection: {
        ...connection,
        connectionTimeoutMillis: connectTime,
        application_name: 'gatehouse-writes',
        ...keepAlive,
        stream: sockets.make,
      },
      log: { debug: note, warn: note, error: note, deprecate: note },
    },
  };
};
