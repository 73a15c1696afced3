import { Ctx, FieldResolver, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import type { Services } from '../../services.js';
import { eventBySequence } from '../event-rows.js';
import { beginVerification, isVerifying } from './begin-verification.js';
import { VerificationType, VerifySecurityEventsPayload } from './verification.type.js';
import { verificationStatus } from './verification-status.js';

@Resolver(() => VerificationType)
export class VerificationResolver {
  @Query(() => VerificationType, {
    nullable: true,
    description:
      'How far the record of security events was verified, and what was found; null before the first verification. New ' +
      'events are verified within a minute, and the whole record once a day. A fault stays until the record is verified ' +
      'by the command `gatehouse events verify`. Requires `security-event:read`.',
  })
  securityEventVerification(@Ctx() { services }: Context) {
    return found(services);
  }

  @Mutation(() => VerifySecurityEventsPayload, {
    description:
      'Begins to verify the whole record of security events, as is done once a day, in the background. A fault that was ' +
      'found before stays: see `securityEventVerification`. Requires `security-event:read`.',
  })
  verifySecurityEvents(@Ctx() { services }: Context) {
    return answer(beginVerification(services).then(async () => ({ verification: await found(services) })));
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the whole record is being verified, or will be within ten seconds.',
  })
  isUnderWay(@Ctx() { services }: Context): Promise<boolean> {
    return isVerifying(services);
  }
}

async function found(services: Services) {
  const status = await verificationStatus(services);
  if (!status) return null;
  const { to, fault, ...rest } = status;
  const lastEvent = to === null ? null : ((await eventBySequence(services.database.sql, to)) ?? null);
  const faults = { fault: fault?.kind ?? null, faultAt: fault?.sequence ?? null, isIntact: fault === null };
  return { ...rest, lastEvent, ...faults };
}
