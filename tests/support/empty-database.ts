import { randomUUID } from 'node:crypto';
import { administer, serverOf, withDatabase } from './postgres.js';

export interface EmptyDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database without tables, owned by a role of its own that has no other rights. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const { adminUrl } = serverOf();
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create role ${name} login password 'plain'`);
  await administer(adminUrl, `create database ${name} owner ${name}`);
  await administer(withDatabase(adminUrl, name), `alter schema public owner to ${name}`);
  const url = new URL(withDatabase(adminUrl, name));
  [url.username, url.password] = [name, 'plain'];
  return {
    url: url.href,
    drop: async () => {
      await administer(adminUrl, `drop database ${name} with (force)`);
      await administer(adminUrl, `drop role ${name}`);
    },
  };
}
