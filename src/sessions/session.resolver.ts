import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { unauthenticated } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import { followEvents } from '../security-events/follow-events.js';
import { SecurityEventType } from '../security-events/security-event.type.js';
import { deviceName } from './device-name.js';
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
  SessionEventObject,
  SessionEventsArguments,
  SessionType,
} from './session.type.js';
import { type SessionEvent, sessionEventOf, sessionEventTypes } from './session-events.js';

@Resolver(() => SessionType)
export class SessionResolver {
  @Query(() => SessionType, {
    nullable: true,
    description: "The session behind the caller's token; null for API tokens and anonymous callers.",
  })
  viewerSession(@Ctx() { caller, loaders }: Context) {
    return caller?.sessionId ? loaders.sessions.load(caller.sessionId) : null;
  }

  @Mutation(() => LogoutPayload, { description: "Ends the caller's session." })
  logout(@Ctx() context: Context) {
    const ended = logout(context).then((session) => ({ session: gone(context, session) }));
    return answer(ended);
  }

  @Mutation(() => RevokeSessionPayload, {
    description:
      'Ends a session of the caller, or of an account that the caller may update. Of the current one it is a logout.',
  })
  revokeSession(@Arg('input', () => RevokeSessionInput) { sessionId }: RevokeSessionInput, @Ctx() context: Context) {
    const ended = revokeSession(context, sessionId).then((session) => ({ session: gone(context, session) }));
    return answer(ended);
  }

  @Mutation(() => RevokeUserSessionsPayload, { description: 'Ends every session of a user.' })
  revokeUserSessions(
    @Arg('input', () => RevokeUserSessionsInput) { userId }: RevokeUserSessionsInput,
    @Ctx() context: Context,
  ) {
    const ended = revokeUserSessions(context, userId).then((all) => {
      if (context.caller?.sessionId && context.caller.userId === userId.toLowerCase()) context.leave();
      return endedPayload(context, all);
    });
    return answer(ended);
  }

  @Subscription(() => SessionEventObject, {
    description: "The caller's own sessions.",
    subscribe: ({ args, context }: { args: SessionEventsArguments; context: Context }) => {
      if (!context.caller) throw unauthenticated();
      const filter = { subjectId: context.caller.userId, types: sessionEventTypes };
      return followEvents({ services: context.services, filter, after: args.after, mayGoOn: context.mayGoOn });
    },
  })
  sessionEvents(@Root() event: SecurityEventRow, @Args(() => SessionEventsArguments) _args: SessionEventsArguments) {
    return sessionEventOf(event);
  }

  @FieldResolver(() => String, { description: 'For people to read: "Firefox on Linux".' })
  device(@Root() { userAgent }: Session): string {
    return deviceName(userAgent ?? null);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is the one the caller uses.' })
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
  @FieldResolver(() => SessionType)
  session(@Root() { sessionId }: SessionEvent, @Ctx() { loaders }: Context) {
    return sessionId && loaders.sessions.load(sessionId);
  }
}

@Resolver(() => SecurityEventType)
export class EventSessionResolver {
  @FieldResolver(() => SessionType, { nullable: true, description: 'The session it happened in, or to.' })
  session(@Root() { sessionId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return sessionId ? loaders.sessions.load(sessionId) : null;
  }
}
