import { Ctx, FieldResolver, Int, Query, Resolver } from 'type-graphql';
import type { BoundedCount } from '../database/bounded-count.js';
import type { Context } from '../graphql/context.js';
import { might } from '../policy/policy.js';
import { EstimatedCountType } from './estimated-count.type.js';
import { OverviewType, WorkStandingType } from './security-overview.type.js';
import {
  countAccounts,
  countEndingGrants,
  countLockedAccounts,
  countOpenSessions,
  countWork,
  type WorkStanding,
} from './standing-counts.js';

type Count = (operation: Context) => Promise<BoundedCount>;

/** The numbers are of all accounts, so they are for callers who may read every one. */
const ofEveryone = (context: Context, count: Count): Promise<BoundedCount> | null =>
  context.caller?.rights.extentOf('user:read') === 'all' ? count(context) : null;

const ofWork = (context: Context, isMail: boolean): Promise<WorkStanding> | null =>
  context.caller && might(context.caller, 'job:read') ? countWork(context, isMail) : null;

const readers = 'Null for callers who may not read every user (`user:read` without conditions).';

@Resolver(() => OverviewType)
export class OverviewResolver {
  @Query(() => OverviewType, {
    description: 'How accounts, sessions and work stand now. Requires `security-event:read`.',
  })
  securityOverview(@Ctx() { services }: Context): OverviewType {
    return { at: services.clock.now() };
  }

  @FieldResolver(() => EstimatedCountType, { nullable: true, description: `How many accounts there are. ${readers}` })
  accounts(@Ctx() context: Context) {
    return ofEveryone(context, countAccounts);
  }

  @FieldResolver(() => EstimatedCountType, {
    nullable: true,
    description: `How many accounts are locked by wrong passwords or codes, as \`users(filter: { isLocked: true })\` lists them. ${readers}`,
  })
  lockedAccounts(@Ctx() context: Context) {
    return ofEveryone(context, countLockedAccounts);
  }

  @FieldResolver(() => EstimatedCountType, {
    nullable: true,
    description: `How many sessions have neither ended nor expired. ${readers}`,
  })
  openSessions(@Ctx() context: Context) {
    return ofEveryone(context, countOpenSessions);
  }

  @FieldResolver(() => EstimatedCountType, {
    nullable: true,
    description: `How many grants of roles end within a week, as \`roleGrants\` lists them. ${readers}`,
  })
  endingGrants(@Ctx() context: Context) {
    return ofEveryone(context, countEndingGrants);
  }

  @FieldResolver(() => Int, {
    description: 'Running subscriptions of the process that answers; others have their own.',
  })
  streams(@Ctx() { services }: Context): number {
    return services.eventFeed.size;
  }

  @FieldResolver(() => WorkStandingType, { nullable: true, description: 'Mails. Null without `job:read`.' })
  mails(@Ctx() context: Context) {
    return ofWork(context, true);
  }

  @FieldResolver(() => WorkStandingType, {
    nullable: true,
    description: 'All other work in the background. Null without `job:read`.',
  })
  jobs(@Ctx() context: Context) {
    return ofWork(context, false);
  }
}
