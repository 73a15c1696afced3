import type { Seeded } from './seed.js';

/** What is printed at every start: who can sign in, with which password, and what they may do. */
export function introduction(people: readonly Seeded[], dataDir: string): string {
  const rows = people.map((person) => [person.username, person.password ?? '(changed since)', rolesOf(person)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return `\nPeople to sign in as:\n${lines.join('\n')}\nMail and data are in ${dataDir}; delete it to begin anew.\n\n`;
}

function rolesOf({ isAdmin, grants }: Seeded): string {
  const roles = grants.map(({ role, until }) => (until ? `${role} until ${until.toISOString()}` : role));
  return [isAdmin ? 'administrator' : 'user', ...roles].join(', ');
}
