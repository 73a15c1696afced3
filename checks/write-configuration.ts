import { writeConfiguration } from './configuration.js';

await writeConfiguration();
