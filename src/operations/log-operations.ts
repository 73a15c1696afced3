import { type Logger, operationWriter } from './logging.js';
import { OperationLine } from './operation-line.js';
import type { OperationReports } from './operation-reports.js';

/** Logs a line for each operation: a warning for one that took long or many statements, otherwise `info`. */
export function logOperations(reports: OperationReports, log: Logger): void {
  const write = operationWriter(log);
  reports.on((report) => write(new OperationLine(report)));
}
