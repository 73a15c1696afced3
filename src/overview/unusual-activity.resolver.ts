import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { eventById } from '../security-events/event-rows.js';
import { SecurityEventType } from '../security-events/security-event.type.js';
import type { Finding } from './findings.js';
import { unusualActivity } from './unusual-activity.js';
import { UnusualActivityType } from './unusual-activity.type.js';

@Resolver(() => UnusualActivityType)
export class UnusualActivityResolver {
  @Query(() => [UnusualActivityType], {
    description:
      'What somebody should look at in the record of security events since an instant, the gravest first; at most ten ' +
      'findings of a kind. Requires `security-event:read`.',
  })
  unusualActivity(
    @Arg('since', () => GraphQLDateTime, { description: 'From when on events count.' }) since: Date,
    @Ctx() context: Context,
  ): Promise<Finding[]> {
    return unusualActivity(context, since);
  }

  @FieldResolver(() => SecurityEventType, {
    nullable: true,
    description: 'The last of its events; null when it is no longer there.',
  })
  lastEvent(@Root() { lastEventId }: Finding, @Ctx() { services }: Context) {
    return lastEventId && eventById(services.database.sql, lastEventId);
  }
}
