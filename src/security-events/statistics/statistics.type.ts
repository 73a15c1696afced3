import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { describedValues } from '../../graphql/descriptions.js';
import { SecurityEventType as EventType } from '../event-types.js';
import { type EventSeries, mostBuckets, StatisticsInterval } from './event-statistics.js';

registerEnumType(StatisticsInterval, {
  name: 'StatisticsInterval',
  description: 'How long the intervals are for which events are counted.',
  valuesConfig: describedValues<keyof typeof StatisticsInterval>({
    HOUR: 'An hour of UTC.',
    DAY: 'A day in the time zone that is asked for.',
  }),
});

@ArgsType()
export class StatisticsArguments {
  @Field(() => GraphQLDateTime, { description: 'An instant in the first interval, which is counted as a whole.' })
  from!: Date;

  @Field(() => GraphQLDateTime, {
    description: `Intervals begin before this instant, at most ${mostBuckets}; the hour in which it lies is counted as a whole.`,
  })
  to!: Date;

  @Field(() => StatisticsInterval, { description: 'How long an interval is.' })
  interval!: StatisticsInterval;

  @Field(() => String, {
    defaultValue: 'UTC',
    description:
      'Name of the IANA time zone in whose days is counted, such as `Europe/Berlin`. Where it is not whole hours apart from ' +
      'UTC, an hour of UTC belongs to the day in which it begins.',
  })
  timeZone!: string;

  @Field(() => [EventType], { nullable: true, description: 'Only events of these types; null: of all.' })
  types?: EventType[] | null;
}

@ObjectType('SecurityEventSeries', { simpleResolvers: true, description: 'How often events of one type happened.' })
class SeriesType {
  @Field(() => EventType, { description: 'The type of the events.' })
  type!: EventType;

  @Field(() => Float, {
    description:
      'How often it happened in the whole span. An event that stands for many refusals (`details.count`) counts as many.',
  })
  count!: number;

  @Field(() => Float, { description: 'How many events tell of it: as many as `securityEvents` lists.' })
  events!: number;

  @Field(() => [Float], { description: '`count` for each interval, in the order of `starts`.' })
  counts!: readonly number[];
}

@ObjectType('SecurityStatistics', {
  simpleResolvers: true,
  description: 'Numbers of published security events, by type and interval.',
})
export class StatisticsType {
  @Field(() => [GraphQLDateTime], { description: 'When each interval begins, the earliest first.' })
  starts!: readonly Date[];

  @Field(() => [SeriesType], { description: 'The types of which there are events in the span.' })
  series!: readonly EventSeries[];

  @Field(() => Boolean, {
    description:
      'Whether all events of the span are counted. False while those from before an upgrade are still being counted, see ' +
      '`countedSince`, and while the job that counts is far behind.',
  })
  isComplete!: boolean;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Since when all events are counted; null when all that are kept are.',
  })
  countedSince!: Date | null;
}
