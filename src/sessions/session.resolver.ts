import { GraphQLDateTime } from 'graphql-scalars';
import { Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { unauthenticated } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { connectionOf } from '../graphql/pagination.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import { followEvents } from '../security-events/follow-events.js';
import { SecurityEventType } from '../security-events/security-event.type.js';
import { deviceName } from '../texts/device-name.js';
import { listSessions } from './list-sessions.js';
import { logout } from './logout.js';
import { revokeSession } from './revoke-session.js';
import { revokeUserSessions } from './revoke-sessions.js';
import type { Session } from './session.entity.js';
import {
  endedPayload,
  LogoutPayload,
  RevokeSessionInput,
  RevokeSessionPayload,
  RevokeUserSessionsInput,
  RevokeUserSessionsPayload,
  SessionConnection,
  SessionEventObject,
  SessionEventsArguments,
  SessionsArguments,
  SessionType,
} from './session.type.js';
import { type SessionEvent, sessionEventOf, sessionEventTypes } from './session-events.js';

@Resolver(() => SessionType)
export class SessionResolver {
  @Query(() => SessionType, {
    nullable: true,
    description:
      'The session that the caller is in; null for API tokens and anonymous callers. UNAUTHENTICATED for a ' +
      'credential that is not valid.',
  })
  viewerSession(@Ctx() { caller, loaders }: Context) {
    return caller?.sessionId ? loaders.sessions.load(caller.sessionId) : null;
  }

  @Query(() => SessionConnection, {
    description:
      'Sessions that have not ended, of all accounts that the caller may read, the one opened last first. Requires ' +
      '`user:read`.',
  })
  async sessions(@Args(() => SessionsArguments) { filter, ...page }: SessionsArguments, @Ctx() context: Context) {
    return connectionOf(await listSessions(context, filter, page));
  }

  @Mutation(() => LogoutPayload, {
    description: 'Ends the session that the caller is in. In a session only.',
  })
  logout(@Ctx() context: Context) {
    const ended = logout(context).then((session) => ({ session: gone(context, session) }));
    return answer(ended);
  }

  @Mutation(() => RevokeSessionPayload, {
    description:
      'Ends a session of the caller, or of another account with `user:update` for it. To end the session that ' +
      'the caller is in is a logout. In a session only.',
  })
  revokeSession(@Input(() => RevokeSessionInput) { sessionId }: RevokeSessionInput, @Ctx() context: Context) {
    const ended = revokeSession(context, sessionId).then((session) => ({ session: gone(context, session) }));
    return answer(ended);
  }

  @Mutation(() => RevokeUserSessionsPayload, {
    description: 'Ends every session of a user. Requires `user:update` for the account. In a session only.',
  })
  revokeUserSessions(
    @Input(() => RevokeUserSessionsInput) { userId }: RevokeUserSessionsInput,
    @Ctx() context: Context,
  ) {
    const ended = revokeUserSessions(context, userId).then((all) => {
      if (context.caller?.sessionId && context.caller.userId === userId.toLowerCase()) context.leave();
      return endedPayload(context, all);
    });
    return answer(ended);
  }

  @Subscription(() => SessionEventObject, {
    description:
      "Tells when a session of the caller's account is opened or ended. Requires `session:read`, which the role " +
      '`user` contains by default; an API token needs the scope.',
    subscribe: ({ args, context }: { args: SessionEventsArguments; context: Context }) => {
      const { services, caller, mayGoOn } = context;
      if (!caller) throw unauthenticated();
      const filter = { subjectId: caller.userId, types: sessionEventTypes };
      return followEvents({ services, caller, filter, after: args.after, mayGoOn });
    },
  })
  sessionEvents(@Root() event: SecurityEventRow, @Args(() => SessionEventsArguments) _args: SessionEventsArguments) {
    return sessionEventOf(event);
  }

  @FieldResolver(() => String, {
    description: 'Name of the device for people, such as "Firefox on Linux", by its user agent.',
  })
  device(@Root() { userAgent }: Session): string {
    return deviceName(userAgent ?? null);
  }

  @FieldResolver(() => GraphQLDateTime, {
    description:
      'When the user last proved who they are in this session: at the sign-in, or later by `reauthenticate`. A refresh ' +
      'does not move it.',
  })
  authenticatedAt(@Root() { reauthenticatedAt, createdAt }: Session): Date {
    return reauthenticatedAt ?? createdAt;
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller is in this session.' })
  isCurrent(@Root() { id }: Session, @Ctx() context: Context): boolean {
    return context.isCurrentSession(id);
  }
}

/** Treats the end of the caller's own session as a logout. */
function gone(context: Context, ended: Session): Session {
  if (ended.id === context.caller?.sessionId) context.leave();
  return ended;
}

@Resolver(() => SessionEventObject)
export class SessionEventResolver {
  @FieldResolver(() => SessionType, { description: 'The session that was opened or has ended.' })
  session(@Root() { sessionId }: SessionEvent, @Ctx() { loaders }: Context) {
    return sessionId && loaders.sessions.load(sessionId);
  }
}

@Resolver(() => SecurityEventType)
export class EventSessionResolver {
  @FieldResolver(() => SessionType, {
    nullable: true,
    description:
      'The session in which it happened, or to which; null when there is none or it is no longer kept. Readable ' +
      'by its user and by callers with `user:read` for the account.',
  })
  session(@Root() { sessionId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return sessionId ? loaders.sessions.load(sessionId) : null;
  }
}
