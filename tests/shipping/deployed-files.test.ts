import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config.js';
import { variables } from '../../src/environment/environment.js';
import { fileVariables } from '../../src/environment/variables-from-files.js';

const read = (path: string) => readFileSync(path, 'utf8');
const dockerfile = read('deploy/image/Dockerfile');
const install = read('deploy/image/install.sh');
const trial = read('deploy/image/try.sh');
const unit = read('deploy/systemd/gatehouse.service');
const compose = parse(read('deploy/compose.yml'));
const manifests = readdirSync('deploy/kubernetes').flatMap((name) =>
  parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => document.toJS()),
);
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const pods = [...ofKind('Deployment'), ...ofKind('Job')].map(({ spec }) => spec.template.spec);

const ours = new Set([...variables, ...fileVariables]);
/** Read by Node. */
const ofNode = ['NODE_OPTIONS'];
/** `NAME=value` in a text. */
const assigned = (text: string) => [...text.matchAll(/(?:^|[\s"])([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name);

describe('variables', () => {
  test.each([
    ['Dockerfile', assigned(/^ENV (?:.*\\\n)*.*$/m.exec(dockerfile)?.[0] ?? '')],
    ['compose', Object.keys(compose.services.gatehouse.environment)],
    [
      'unit',
      assigned(
        unit
          .split('\n')
          .filter((line) => line.startsWith('Environment='))
          .join('\n'),
      ).filter((name) => name !== 'Environment'),
    ],
    ['Kubernetes', ofKind('ConfigMap').flatMap(({ data }) => Object.keys(data))],
  ])('of %s are known', (_where, names) => {
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !ours.has(name) && !ofNode.includes(name))).toEqual([]);
  });

  test('make a configuration that starts', () => {
    const secrets = {
      APP_SECRET: 'a test secret that has at least 32 bytes',
      DATABASE_URL: 'postgres://gatehouse:gatehouse@db/gatehouse',
    };
    const image = { NODE_ENV: 'production', HOST: '0.0.0.0', DATA_DIR: '/var/lib/gatehouse' };
    const [{ data }] = ofKind('ConfigMap') as [{ data: Record<string, string> }];
    expect(loadConfig({ ...image, ...secrets, ...data }).port).toBe(4000);
    const { APP_SECRET_FILE, ...composed } = compose.services.gatehouse.environment;
    expect(APP_SECRET_FILE).toBe(`/run/secrets/${compose.services.gatehouse.secrets[0]}`);
    expect(loadConfig({ ...image, ...composed, APP_SECRET: secrets.APP_SECRET }).mail.smtpUrl).toBe(
      'smtp://mailpit:1025',
    );
  });
});

describe('the image', () => {
  test('is made by the steps that were tried', () => {
    expect(dockerfile).toContain('sh /install.sh /packed/gatehouse-*.tgz');
    expect(trial).toContain('sh /tmp/install.sh /tmp/gatehouse-*.tgz');
    expect(dockerfile).toMatch(/^CMD \["gatehouse", "serve"\]$/m);
    expect(trial).toMatch(/^ {4}gatehouse serve'$/m);
  });

  test('runs as the same user everywhere, who is not root', () => {
    const [, uid = ''] = /useradd .*--uid (\d+)/.exec(install) ?? [];
    expect(Number(uid)).toBeGreaterThan(0);
    expect(dockerfile).toMatch(/^USER gatehouse$/m);
    expect(trial).toContain(`--userspec=${uid}:${uid}`);
    for (const { securityContext } of pods)
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(uid), fsGroup: Number(uid) });
  });

  test('can write only to its volume', () => {
    const [, folder = ''] = /^VOLUME (\S+)$/m.exec(dockerfile) ?? [];
    expect(dockerfile).toContain(`DATA_DIR=${folder}\n`);
    expect(compose.services.gatehouse).toMatchObject({ read_only: true, volumes: [`data:${folder}`] });
    for (const { containers } of pods) {
      expect(containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
      expect(containers[0].volumeMounts).toEqual([{ name: 'data', mountPath: folder }]);
    }
  });
});

test('Kubernetes asks what the service answers, at its port, and gives it time to stop', () => {
  const [deployment] = ofKind('Deployment');
  const { containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
  const { livenessProbe, readinessProbe, ports } = containers[0];
  expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(['/health/live', '/health/ready']);
  expect(ports[0]).toEqual({ name: 'http', containerPort: loadConfig({}).port });
  expect(terminationGracePeriodSeconds).toBeGreaterThan(5 + 10);
  for (const { spec } of [...ofKind('Service'), ...ofKind('PodDisruptionBudget')])
    expect(Object.values(spec.selector.matchLabels ?? spec.selector)).toEqual(['gatehouse']);
});
