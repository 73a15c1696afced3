import { Args, Resolver, Root, Subscription } from 'type-graphql';
import { unauthenticated } from '../../errors.js';
import type { Context } from '../../graphql/context.js';
import { cursorOf, type SecurityEventRow } from '../../security-events/event-rows.js';
import { followAccess } from './access-events.js';
import { AccessEventsArguments, AccessEventType } from './access-events.type.js';

@Resolver(() => AccessEventType)
export class AccessEventsResolver {
  @Subscription(() => AccessEventType, {
    description:
      'Tells when what the caller may do may have changed: a role was granted to them, revoked or has ended, a role that ' +
      'they hold was changed or deleted, or the administrator flag changed. Once told, every process answers by the new ' +
      'rights. Without `after` the first event comes at once and tells the place where the stream begins. Requires `profile:read`, which the role `user` contains by default; an API token needs the scope.',
    subscribe: ({ args, context }: { args: AccessEventsArguments; context: Context }) => {
      const { services, caller, mayGoOn } = context;
      if (!caller) throw unauthenticated();
      const callerNow = async () => (await context.renewed()).caller;
      return followAccess({ services, caller, callerNow, after: args.after, mayGoOn });
    },
  })
  accessEvents(@Root() event: SecurityEventRow, @Args(() => AccessEventsArguments) _args: AccessEventsArguments) {
    return { cursor: cursorOf(event), occurredAt: event.occurredAt };
  }
}
