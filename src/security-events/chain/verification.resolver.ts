import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { eventBySequence } from '../event-rows.js';
import { VerificationType } from './verification.type.js';
import { verificationStatus } from './verification-status.js';

@Resolver()
export class VerificationResolver {
  @Query(() => VerificationType, {
    nullable: true,
    description:
      'How far the record of security events was verified, and what was found; null before the first verification. New ' +
      'events are verified within a minute, and the whole record once a day. A fault stays until the record is verified ' +
      'by the command `gatehouse events verify`. Requires `security-event:read`.',
  })
  async securityEventVerification(@Ctx() { services }: Context) {
    const status = await verificationStatus(services);
    if (!status) return null;
    const { to, fault, ...rest } = status;
    const lastEvent = to === null ? null : ((await eventBySequence(services.database.sql, to)) ?? null);
    const found = { fault: fault?.kind ?? null, faultAt: fault?.sequence ?? null, isIntact: fault === null };
    return { ...rest, lastEvent, ...found };
  }
}
