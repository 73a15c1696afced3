import { grantRole } from '../access/grants/grant-role.js';
import { revokeRole } from '../access/grants/revoke-role.js';
import { days, hours } from '../clock.js';
import type { Calendar } from './calendar.js';
import { administrator } from './chapter-founding.js';
import type { Scene } from './scene.js';

const chief = 'kwame.mensah';

interface Grant {
  readonly to: string;
  readonly role: string;
  readonly by: string;
  readonly at: Date;
  /** Absent: without end. */
  readonly until?: Date;
  readonly revoked?: { readonly at: Date; readonly by: string };
}

/** Who was given which role when, by whom, until when. */
export const granting = (calendar: Calendar): readonly Scene[] => grantsOf(calendar).flatMap(scenesOf);

const scenesOf = ({ to, role, by, at, until, revoked }: Grant): Scene[] => [
  {
    at,
    play: (stage) => {
      const grant = { userId: stage.users.get(to), roleId: stage.roles.get(role), expiresAt: until };
      return stage.act(by, (operation) => grantRole(operation, grant));
    },
  },
  ...(revoked ? [revocation(to, role, revoked)] : []),
];

const revocation = (of: string, role: string, { at, by }: NonNullable<Grant['revoked']>): Scene => ({
  at,
  play: async (stage) => revokeRole(await stage.as(by), { userId: stage.users.get(of), roleId: stage.roles.get(role) }),
});

const grantsOf = (calendar: Calendar): readonly Grant[] => [
  ...lasting(calendar),
  ...ended(calendar),
  ...endingSoon(calendar),
  ...taken(calendar),
];

const reporters = [
  ...['samuel.okafor', 'aroha.ngata', 'mateus.silva', 'ingrid.solberg', 'chidi.eze', 'leila.rahimi'],
  ...['noah.vandenberg', 'bruno.costa', 'mele.tuipulotu', 'jakub.horvath', 'oluwaseun.adeyemi'],
  ...['anahit.petrosyan', 'rafael.moreno', 'sinead.byrne', 'minh.tran'],
];

function lasting({ on }: Calendar): Grant[] {
  const all = (role: string, by: string, daysAgo: number, people: readonly string[]): Grant[] =>
    people.map((to, index) => ({ to, role, by, at: on(daysAgo, 11, index) }));
  return [
    { to: chief, role: 'Editor in chief', by: administrator, at: on(28, 8, 30) },
    // The second of them is the grant that is forgotten later: see chapter-departures.ts.
    { to: 'ayesha.khan', role: 'Personnel', by: administrator, at: on(28, 8, 31) },
    { to: 'marta.lindqvist', role: 'Personnel', by: administrator, at: on(28, 8, 32) },
    ...all('Support', administrator, 28, ['priya.raman', 'arjun.mehta']),
    ...all('Finance', administrator, 28, ['hana.novakova', 'jonas.weber']),
    ...all('News editor', chief, 27, ['yuki.tanaka', 'liam.oconnor']),
    ...all('Moderator', chief, 26, ['pedro.alonso', 'grace.wanjiru']),
    ...all('Reporter', chief, 25, reporters),
    { to: 'marta.lindqvist', role: 'Reporter', by: chief, at: on(17, 9, 20) },
    { to: 'henrik.dahl', role: 'Personnel', by: administrator, at: on(17, 10) },
  ];
}

const ended = ({ on }: Calendar): Grant[] => [
  { to: 'elif.demir', role: 'Auditor', by: administrator, at: on(21, 9), until: on(14, 18) },
  { to: 'diego.alvarez', role: 'Finance', by: administrator, at: on(19, 9), until: on(9, 17) },
  { to: 'samuel.okafor', role: 'News editor', by: chief, at: on(13, 10), until: on(6, 20) },
  { to: 'chloe.martin', role: 'Moderator', by: chief, at: on(10, 10), until: on(3, 12) },
];

const endingSoon = ({ on, ahead }: Calendar): Grant[] => [
  { to: 'samuel.okafor', role: 'News editor', by: chief, at: on(2, 9), until: ahead(hours(3)) },
  { to: 'amara.diallo', role: 'Reporter', by: chief, at: on(11, 9, 10), until: ahead(hours(30)) },
  { to: 'elif.demir', role: 'Auditor', by: administrator, at: on(4, 9), until: ahead(days(2)) },
  { to: 'nadia.haddad', role: 'Support', by: administrator, at: on(8, 9), until: ahead(days(5)) },
  { to: 'lukas.brandt', role: 'Reporter', by: chief, at: on(11, 9, 15), until: ahead(days(20)) },
];

const taken = ({ on }: Calendar): Grant[] => [
  { to: 'viktor.petrov', role: 'Reporter', by: chief, at: on(25, 12), revoked: { at: on(9, 16, 30), by: chief } },
  { to: 'fatima.zahra', role: 'Moderator', by: chief, at: on(25, 13), revoked: { at: on(11, 15), by: chief } },
  { to: 'wei.zhang', role: 'Finance', by: administrator, at: on(24, 9), revoked: { at: on(16, 9), by: administrator } },
];
