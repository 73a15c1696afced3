import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { mayReadAddresses } from '../queue/addresses.js';
import { FailedJobType } from '../queue/failed-job.type.js';
import { JobType } from '../queue/job.type.js';
import { type FailedMail, failedMail, type MailJob } from './failed-mail.js';
import { FailedMailType, QueuedMailType } from './failed-mail.type.js';

@Resolver(() => FailedJobType)
export class FailedMailResolver {
  @FieldResolver(() => FailedMailType, {
    nullable: true,
    description: 'The mail that was not sent; null for other jobs, and for a mail written under another APP_SECRET.',
  })
  mail(@Root() job: MailJob, @Ctx() context: Context): FailedMailType | null {
    return readable(context, failedMail(context.services, job));
  }
}

@Resolver(() => JobType)
export class QueuedMailResolver {
  @FieldResolver(() => QueuedMailType, {
    nullable: true,
    description: 'The mail that it sends; null for other jobs, and for a mail written under another APP_SECRET.',
  })
  mail(@Root() job: MailJob, @Ctx() context: Context): QueuedMailType | null {
    return readable(context, failedMail(context.services, job));
  }
}

const readable = (context: Context, mail: FailedMail | null) =>
  mail && (mayReadAddresses(context) ? mail : { ...mail, recipient: null });
