/** Somebody whom visitors of the demo are invited to sign in as. */
export interface Visitor {
  readonly username: string;
  /** One sentence. */
  readonly tryThis: string;
}

/** The most interesting ones first. */
export const visitors: readonly Visitor[] = [
  {
    username: 'ines.duarte',
    tryThis:
      'Administrator: ask accessDecision why marta.lindqvist may read and change accounts although she has left Personnel, ask it for two weeks ago as well, then revoke the grant that was forgotten.',
  },
  {
    username: 'marta.lindqvist',
    tryThis:
      'Writes about sport since she left Personnel, but nobody took her old role away: list the users, and change one.',
  },
  {
    username: 'kwame.mensah',
    tryThis:
      'Editor in chief: give somebody the role Reporter until tomorrow, and see that Finance, which holds what he does not, is refused.',
  },
  {
    username: 'yuki.tanaka',
    tryThis:
      'News editor: publish the draft about the quay wall, and see that she may not publish the one about the spring concerts.',
  },
  {
    username: 'priya.raman',
    tryThis:
      'Support: follow the security events, find who tries passwords from 198.51.100.23, and lift the lock of oluwaseun.adeyemi.',
  },
  {
    username: 'samuel.okafor',
    tryThis:
      'Reporter whose second grant, News editor, ends three hours after the first start of the demo: ask can for post:publish now and accessDecision for tomorrow.',
  },
  {
    username: 'hana.novakova',
    tryThis: 'Finance: ask can for invoice:approve with the status open and an amount of 4,000, then of 9,000.',
  },
  { username: 'tomasz.zielinski', tryThis: 'Administrator with a second factor: signing in takes a code as well.' },
  {
    username: 'oluwaseun.adeyemi',
    tryThis: 'Locked by the wrong passwords of a stranger: even the right one is refused until Support lifts the lock.',
  },
  {
    username: 'viktor.petrov',
    tryThis: 'Has left and is deactivated: the right password is refused, and it says why.',
  },
];
