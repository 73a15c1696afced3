import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { badInput } from '../../errors.js';
import type { Context } from '../../graphql/context.js';
import { timeZoneNamed } from '../../texts/time-zone.js';
import { type EventStatistics, eventStatistics } from './event-statistics.js';
import { StatisticsArguments, StatisticsType } from './statistics.type.js';

@Resolver()
export class StatisticsResolver {
  @Query(() => StatisticsType, {
    description:
      'Counts security events by type and by hour or day. The numbers are exact for what is published, and cheap however ' +
      'many events there are. BAD_USER_INPUT for an unknown time zone, for a span that is empty, and for one of more than ' +
      '400 intervals. Requires `security-event:read`.',
  })
  securityStatistics(
    @Args(() => StatisticsArguments) { timeZone: name, ...query }: StatisticsArguments,
    @Ctx() { services }: Context,
  ): Promise<EventStatistics> {
    const timeZone = timeZoneNamed(name);
    if (!timeZone) throw badInput('`timeZone` is not a name of the IANA time zone database.');
    return eventStatistics(services, { ...query, timeZone });
  }
}
