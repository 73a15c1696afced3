import { days } from '../src/clock.js';
import type { SecretBox } from '../src/secrets.js';

/** A role made for development, and who gets it. */
export interface SampleRole {
  readonly name: string;
  readonly description: string;
  readonly level: number;
  readonly permits: readonly SamplePermission[];
}

interface SamplePermission {
  readonly resource: string;
  readonly action: string;
  readonly conditions?: Record<string, unknown>;
}

export interface SamplePerson {
  readonly username: string;
  readonly isAdmin?: boolean;
  /** Beside the role `user`, which everybody has. */
  readonly role?: SampleRole;
  /** How long the grant of that role lasts, in milliseconds; absent: until it is revoked. */
  readonly lasting?: number;
}

const news = { category: 'news' };

const editor: SampleRole = {
  name: 'editor',
  description: 'Edits news',
  level: 10,
  permits: [
    { resource: 'post', action: 'read', conditions: news },
    { resource: 'post', action: 'update', conditions: news },
    { resource: 'post', action: 'publish', conditions: news },
    { resource: 'comment', action: 'delete' },
  ],
};

const support: SampleRole = {
  name: 'support',
  description: 'Reads accounts and security events, lifts locks',
  level: 20,
  permits: [
    { resource: 'user', action: 'read' },
    { resource: 'user', action: 'unlock' },
    { resource: 'role', action: 'read' },
    { resource: 'security-event', action: 'read' },
  ],
};

export const administrator = { username: 'admin', isAdmin: true } as const satisfies SamplePerson;

export const samplePeople: readonly SamplePerson[] = [
  administrator,
  { username: 'user' },
  { username: 'editor', role: editor },
  // Less than a week, so that the notices of grants that end (event and mail) are sent at once.
  { username: 'deputy', role: support, lasting: days(6) },
];

export const emailOf = (username: string): string => `${username}@example.com`;

/** Derived from the secret of the data folder: the same at every start, another in every folder, stored nowhere. */
export const passwordOf = (secrets: SecretBox, username: string): string =>
  secrets.derive('development password', username);
