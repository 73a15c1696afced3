import { rm } from 'node:fs/promises';

export default async function teardown() {
  const { administer, adminUrl, template, dataDir, postgres } = globalThis.gatehouseTest ?? {};
  if (adminUrl) await administer(adminUrl, `drop database ${template} with (force)`);
  await postgres?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
}
