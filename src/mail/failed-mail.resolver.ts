import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { mayReadAddresses } from '../queue/addresses.js';
import { FailedJobType } from '../queue/failed-job.type.js';
import type { FailedJob } from '../queue/failed-jobs.js';
import { failedMail } from './failed-mail.js';
import { FailedMailType } from './failed-mail.type.js';

@Resolver(() => FailedJobType)
export class FailedMailResolver {
  @FieldResolver(() => FailedMailType, {
    nullable: true,
    description: 'The mail that was not sent; null for other jobs, and for a mail written under another APP_SECRET.',
  })
  mail(@Root() job: FailedJob, @Ctx() context: Context): FailedMailType | null {
    const mail = failedMail(context.services, job);
    return mail && (mayReadAddresses(context) ? mail : { ...mail, recipient: null });
  }
}
