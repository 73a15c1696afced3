import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { type Connection, connectionOf } from '../graphql/pagination.js';
import { cursorOf, type SecurityEventRow } from './event-rows.js';
import { followEvents } from './follow-events.js';
import { listEvents } from './list-events.js';
import {
  FollowEventsArguments,
  SecurityEventConnection,
  SecurityEventsArguments,
  SecurityEventType,
} from './security-event.type.js';

@Resolver(() => SecurityEventType)
export class SecurityEventResolver {
  @Query(() => SecurityEventConnection, { description: 'Oldest first; `last` reads the newest.' })
  async securityEvents(
    @Args(() => SecurityEventsArguments) { filter, ...page }: SecurityEventsArguments,
    @Ctx() context: Context,
  ) {
    return connectionOf(await listEvents(context, filter, page));
  }

  @Subscription(() => SecurityEventType, {
    name: 'securityEvents',
    description: 'With `after`: first everything since that cursor, then live, none lost and none twice.',
    subscribe: ({ args, context }: { args: FollowEventsArguments; context: Context }) =>
      followEvents({ services: context.services, filter: args.filter, after: args.after, mayGoOn: context.mayGoOn }),
  })
  followSecurityEvents(
    @Root() event: SecurityEventRow,
    @Args(() => FollowEventsArguments) _args: FollowEventsArguments,
  ) {
    return event;
  }

  @FieldResolver(() => String, { description: 'Resume point: pass as `after`.' })
  cursor(@Root() event: SecurityEventRow): string {
    return cursorOf(event);
  }
}

@Resolver(() => SecurityEventConnection)
export class SecurityEventConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() connection: Connection<SecurityEventRow>): Promise<number> {
    return connection.total();
  }
}
