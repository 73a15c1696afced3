import { Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { connectionOf } from '../graphql/pagination.js';
import { deviceName } from '../texts/device-name.js';
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
  @Query(() => SecurityEventConnection, {
    description:
      'Security events of all accounts, the oldest first; `last` reads the newest. Requires `security-event:read`.',
  })
  async securityEvents(
    @Args(() => SecurityEventsArguments) { filter, ...page }: SecurityEventsArguments,
    @Ctx() context: Context,
  ) {
    return connectionOf(await listEvents(context, filter, page));
  }

  @Subscription(() => SecurityEventType, {
    name: 'securityEvents',
    description:
      'Sends each security event once, in order, as it happens; with `after` first those since then. Requires ' +
      '`security-event:read`.',
    subscribe: ({ args: { filter, after }, context }: { args: FollowEventsArguments; context: Context }) => {
      const { services, caller, mayGoOn } = context;
      return followEvents({ services, caller, filter, after, mayGoOn });
    },
  })
  followSecurityEvents(
    @Root() event: SecurityEventRow,
    @Args(() => FollowEventsArguments) _args: FollowEventsArguments,
  ) {
    return event;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of the device for people, such as "Firefox on Linux", by `userAgent`; null without one.',
  })
  device(@Root() { userAgent }: SecurityEventRow): string | null {
    return userAgent === null ? null : deviceName(userAgent);
  }

  @FieldResolver(() => String, { description: 'Marks the place of the event: pass it as `after` to go on behind it.' })
  cursor(@Root() event: SecurityEventRow): string {
    return cursorOf(event);
  }
}
