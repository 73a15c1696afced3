import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { eventBySequence } from '../event-rows.js';
import { VerificationType } from './verification.type.js';
import { lastVerification } from './verify-chain.js';

@Resolver()
export class VerificationResolver {
  @Query(() => VerificationType, {
    nullable: true,
    description:
      'What the last verification of the record of security events has found; null when there was none. The command ' +
      '`gatehouse events verify` makes one. Requires `security-event:read`.',
  })
  async securityEventVerification(@Ctx() { services }: Context) {
    const last = await lastVerification(services);
    if (!last) return null;
    const { to, verified, uncovered, fault } = last.report;
    const lastEvent = to === null ? null : ((await eventBySequence(services.database.sql, to)) ?? null);
    const found = { fault: fault?.kind ?? null, faultAt: fault?.sequence ?? null, isIntact: fault === null };
    return { verifiedAt: last.verifiedAt, verified, uncovered, lastEvent, ...found };
  }
}
