import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
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
  mail(@Root() job: FailedJob, @Ctx() { services }: Context): FailedMailType | null {
    return failedMail(services, job);
  }
}
