import type { EventSubscriber, FlushEventArgs } from '@mikro-orm/postgresql';
import type { Clock } from '../clock.js';
import { AccountState } from './account-state.entity.js';
import { User } from './user.entity.js';

const columns = ['email', 'isActive', 'isAdmin'] as const;

/** Writes down how accounts stand whenever that changes, in the transaction of the change: no use-case can forget it. */
export class AccountHistory implements EventSubscriber<User> {
  constructor(private readonly clock: Clock) {}

  onFlush({ em, uow }: FlushEventArgs): void {
    for (const { entity, payload, type } of uow.getChangeSets()) {
      const isMade = type === 'create';
      if (!(entity instanceof User) || !(isMade || columns.some((column) => column in payload))) continue;
      const { id: userId, email, isActive, isAdmin, createdAt } = entity;
      // An account stands as it does from the instant it is there.
      const since = isMade ? createdAt : this.clock.now();
      uow.computeChangeSet(em.create(AccountState, { userId, since, email, isActive, isAdmin }));
    }
  }
}
