import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import type { Finding } from './finding.js';
import { healthFindings } from './health.js';
import { HealthFindingType, HealthState, SettingsType, SettingType } from './settings.type.js';
import { version } from './version.js';

const stateOf: Readonly<Record<Finding['state'], HealthState>> = {
  ok: HealthState.OK,
  warning: HealthState.WARNING,
  fault: HealthState.FAULT,
};

@Resolver(() => SettingsType)
export class SettingsResolver {
  @Query(() => SettingsType, {
    description:
      'How the service is configured, without secrets, which version runs, and whether all is well. Requires ' +
      '`settings:read`.',
  })
  async settings() {
    return {
      version: await version(),
      nodeVersion: process.versions.node,
      startedAt: new Date(performance.timeOrigin),
      uptime: Math.floor(performance.now() / 1000),
    };
  }

  @FieldResolver(() => String, { description: 'Version of PostgreSQL.' })
  async postgresVersion(@Ctx() { services }: Context): Promise<string> {
    const row = await services.database.sql.row<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return row?.version ?? '';
  }

  @FieldResolver(() => [SettingType], {
    description: 'All environment variables that are read, set or not, in the order of docs/configuration.md.',
  })
  variables(@Ctx() { services }: Context): SettingType[] {
    return services.config.settings.list();
  }

  @FieldResolver(() => [HealthFindingType], {
    description: 'What the service can tell of itself at once of what `gatehouse doctor` looks at; faults first.',
  })
  async health(@Ctx() { services }: Context): Promise<HealthFindingType[]> {
    const found = await healthFindings(services);
    return found.map(({ check, state, told }) => ({ check, state: stateOf[state], message: told }));
  }
}
